internal import AMQP
internal import FoundationEssentials
internal import OrderCore
internal import OrderStore
internal import OrderWorker

/// Where staff messages go out, and their outcomes come in: one connection to each server.
final class StaffDesk {
    let queries: Queries
    private let connection: AMQPConnection
    private let publisher: ConfirmedPublisher
    private let source: String
    private var unconfirmed = 0

    init(_ configuration: Configuration) throws {
        queries = Queries(connection: try configuration.connectDatabase())
        connection = try configuration.connectBroker(.publishing)
        publisher = ConfirmedPublisher(connection)
        source = "orderflow/\(configuration[SettingKeys.instance])/cli"
        publisher.onSettled { [unowned self] _, outcome in
            if outcome != .confirmed { self.unconfirmed += 1 }
        }
    }

    func close() { connection.close() }

    /// Publishes messages and waits for the broker's word on all of them; gives their identities.
    func publish(_ messages: [StaffMessage]) throws -> [MessageIdentity] {
        unconfirmed = 0
        var identities: [MessageIdentity] = []
        for message in messages {
            let identity = MessageIdentity(source: source, id: UUID().uuidString.lowercased())
            let properties = MessageProperties(
                contentType: "application/cloudevents+json", messageID: identity.id, appID: identity.source,
                type: message.type, userID: connection.url.user)
            _ = try publisher.publish(
                exchange: OrderflowTopology.inbound, routingKey: "staff.command", properties: properties,
                body: Array(message.body(identity).utf8))
            identities.append(identity)
        }
        try publisher.finish()
        guard unconfirmed == 0 else {
            throw Failure(
                .unavailable,
                "the broker did not take \(unconfirmed) of \(messages.count): `orderflow doctor` tells why")
        }
        return identities
    }

    /// Looks into the inbox until the outcome is there; nil when the time is over.
    func outcome(of identity: MessageIdentity, until deadline: ContinuousClock.Instant) throws -> SeenMessage? {
        while true {
            if let seen = try queries.outcome(of: identity) { return seen }
            guard ContinuousClock.now < deadline else { return nil }
            Pause.milliseconds(25)
        }
    }
}

extension StaffMessage {
    fileprivate func body(_ identity: MessageIdentity) -> String {
        JSONText.object([
            ("specversion", JSONText.string("1.0")), ("type", JSONText.string(type)),
            ("source", JSONText.string(identity.source)), ("id", JSONText.string(identity.id)),
            ("data", JSONText.object(data)),
        ])
    }
}
