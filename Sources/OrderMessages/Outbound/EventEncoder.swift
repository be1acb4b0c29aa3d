public import OrderCore

/// Writes events: the data once an event, the envelope once a receiver. The same input gives the same bytes.
public struct EventEncoder: Sendable {
    /// How CloudEvents are carried over AMQP.
    public enum Mode: String, Sendable, CaseIterable {
        /// The body is the envelope with the data inside.
        case structured
        /// The body is the data, the envelope stands in headers.
        case binary
    }

    private let source: String
    private let mode: Mode

    /// Makes an encoder for events of this instance.
    public init(instance: String, mode: Mode = .structured) {
        source = "orderflow/\(instance)"
        self.mode = mode
    }

    /// The event's data as JSON: what the outbox stores.
    public static func data(of event: Event) -> [UInt8] {
        var json = JSONWriter(capacity: 1_024)
        json.object { json in
            if event.payload.namesOrder {
                json.write("orderNumber", event.orderNumber)
                json.write("version", event.version)
            }
            json.write(event.payload)
        }
        return json.bytes
    }

    /// The message for one receiver around the stored data.
    public func message(_ envelope: EventEnvelope, data: [UInt8]) -> OutgoingMessage {
        let id = envelope.id
        let type = envelope.name + ".v1"
        return OutgoingMessage(
            routingKey: "\(envelope.receiver).\(envelope.name)",
            contentType: mode == .structured ? "application/cloudevents+json" : "application/json", messageID: id,
            appID: "orderflow", type: type, timestamp: envelope.time.microseconds / 1_000_000,
            headers: mode == .binary ? headers(envelope, id: id, type: type) : [:],
            body: mode == .structured ? body(envelope, id: id, type: type, data: data) : data)
    }

    private func body(_ envelope: EventEnvelope, id: String, type: String, data: [UInt8]) -> [UInt8] {
        var json = JSONWriter(capacity: data.count + 640)
        json.object { json in
            json.write("specversion", "1.0")
            json.write("id", id)
            json.write("source", source)
            json.write("type", type)
            if !envelope.subject.isEmpty { json.write("subject", envelope.subject) }
            json.write("time", envelope.time)
            json.write("datacontenttype", "application/json")
            json.write("sequence", envelope.sequence)
            json.write("epoch", envelope.epoch)
            json.write("causationid", envelope.cause.id)
            json.write("correlationid", envelope.context.correlationID)
            json.write("traceparent", envelope.context.traceParent)
            json.write("tracestate", envelope.context.traceState)
            json.write("data", json: data)
        }
        return json.bytes
    }

    private func headers(_ envelope: EventEnvelope, id: String, type: String) -> [String: String] {
        var headers = [
            "cloudEvents_specversion": "1.0", "cloudEvents_id": id, "cloudEvents_source": source,
            "cloudEvents_type": type, "cloudEvents_time": RFC3339.text(envelope.time),
            "cloudEvents_epoch": String(envelope.epoch), "cloudEvents_causationid": envelope.cause.id,
        ]
        headers["cloudEvents_subject"] = envelope.subject.isEmpty ? nil : envelope.subject
        headers["cloudEvents_sequence"] = envelope.sequence
        headers["cloudEvents_correlationid"] = envelope.context.correlationID
        headers["cloudEvents_traceparent"] = envelope.context.traceParent
        headers["cloudEvents_tracestate"] = envelope.context.traceState
        return headers
    }
}

extension EventPayload {
    /// Whether the data say the order and its version: not where receivers must not learn of it or none is meant.
    fileprivate var namesOrder: Bool {
        switch self {
        case .stockChanged, .stockLow, .messageDead, .deliveryUnroutable: false
        default: true
        }
    }
}
