public import AMQP

/// A message as a system outside publishes it.
public struct OutsideMessage: Sendable, Equatable {
    /// How CloudEvents are put into AMQP: senders differ, and all three forms are to be read.
    public enum Form: Sendable {
        /// The body is the envelope.
        case structured
        /// The envelope stands in headers.
        case binary
        /// A bare body; the envelope is what the AMQP properties say.
        case plain
    }

    /// The key it is published under.
    public var routingKey: String
    /// The properties it is published with.
    public var properties: MessageProperties
    /// The body.
    public var body: [UInt8]

    /// The queue of the wire contract that the key leads to.
    public var queue: String { Self.queues[routingKey] ?? routingKey }

    /// A message of any content.
    public init(routingKey: String, properties: MessageProperties, body: [UInt8]) {
        self.routingKey = routingKey
        self.properties = properties
        self.body = body
    }

    private static let queues = [
        "order.internal": "orders.internal", "order.external": "orders.external",
        "payment.callback": "payments.callbacks", "warehouse.callback": "warehouse.callbacks",
        "order.command": "orders.commands", "staff.command": "staff.commands",
        "reference.update": "reference.updates",
    ]
}

/// A system outside that sends: its name, and how it writes.
public struct Sender: Sendable {
    /// The CloudEvents source.
    public var source: String
    /// How it writes.
    public var form: OutsideMessage.Form
    /// The broker user it names, where it must be vouched for.
    public var user: String?

    /// A sender.
    public init(_ source: String, _ form: OutsideMessage.Form, user: String? = nil) {
        self.source = source
        self.form = form
        self.user = user
    }

    /// A message of this sender. `type` is without its version.
    public func message(
        _ type: String, id: String, to routingKey: String, at time: Moment, _ data: JSON
    ) -> OutsideMessage {
        let type = type + ".v1"
        var properties = MessageProperties(contentType: "application/json", messageID: id, userID: user)
        switch form {
        case .structured:
            properties.contentType = "application/cloudevents+json"
            let envelope: JSON = [
                "specversion": "1.0", "id": .text(id), "source": .text(source), "type": .text(type),
                "time": .text(time.text), "datacontenttype": "application/json", "data": data,
            ]
            return OutsideMessage(routingKey: routingKey, properties: properties, body: envelope.bytes)
        case .binary:
            properties.headers = [
                "cloudEvents_specversion": "1.0", "cloudEvents_id": .string(id),
                "cloudEvents_source": .string(source), "cloudEvents_type": .string(type),
                "cloudEvents_time": .string(time.text),
            ]
        case .plain:
            properties.appID = source
            properties.type = type
            properties.timestamp = UInt64(clamping: time.seconds)
        }
        return OutsideMessage(routingKey: routingKey, properties: properties, body: data.bytes)
    }
}
