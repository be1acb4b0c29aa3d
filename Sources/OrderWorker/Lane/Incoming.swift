internal import AMQP
internal import OrderCore
internal import OrderMessages

/// A delivery, decoded while the batch before it is with the database; a suspect only when it runs, alone.
final class Incoming {
    /// As it came.
    let delivery: Delivery
    /// The queue that it was meant for; not the dead-letter queue that brought it.
    let queue: String
    /// What it turned out to be.
    private(set) lazy var decoded = reader.read(RawMessage(delivery, queue: queue))
    private let reader: MessageReader

    init(_ delivery: Delivery, _ reader: MessageReader) {
        self.delivery = delivery
        let isDead = delivery.queue.hasSuffix(".dead")
        queue = isDead ? String(delivery.queue.dropLast(5)) : delivery.queue
        self.reader = reader
        if !isSuspect { _ = decoded }
    }

    /// The broker gave it up: too often delivered, or refused by us as too large.
    var isDeadLettered: Bool { delivery.queue.hasSuffix(".dead") }

    /// Bytes that count against the bounds.
    var size: Int { delivery.body.count + 512 }

    /// Seen so often that it may be what kills the process: it runs alone.
    var isSuspect: Bool { (delivery.deliveryCount ?? 0) >= Isolation.suspectDeliveries }
}

// A marker that the worker puts into the payments queue itself: when it is back, all that stood before it was taken.
extension Incoming {
    static let markerQueue = "payments.callbacks"
    static let markerType = "orderflow.marker"

    /// The number of the marker, where it is one.
    var marker: Int64? {
        let properties = delivery.properties
        guard delivery.queue == Self.markerQueue, properties.type == Self.markerType,
            let id = properties.messageID, id.hasPrefix("marker ")
        else { return nil }
        return Int64(id.dropFirst(7))
    }
}

/// When something is taken to be what kills or hangs the process.
enum Isolation {
    /// Deliveries that ended without an outcome before a message runs alone.
    static let suspectDeliveries: Int64 = 2
    /// The try of a due row or a parked fact that it runs alone from.
    static let suspectTries: Int64 = 3
    /// Crash marks without an outcome before it is dead.
    static let crashMarks: Int64 = 5
}

extension RawMessage {
    /// A delivery as the decoder takes it.
    init(_ delivery: Delivery, queue: String) {
        let properties = delivery.properties
        var headers: [String: String] = [:]
        for (name, value) in properties.headers {
            switch value {
            case .string(let text): headers[name] = text
            case .int(let number): headers[name] = String(number)
            case .bool(let flag): headers[name] = String(flag)
            default: break
            }
        }
        self.init(
            queue: queue, body: delivery.body, contentType: properties.contentType, messageID: properties.messageID,
            appID: properties.appID, type: properties.type, timestamp: properties.timestamp.map { Int64(clamping: $0) },
            userID: properties.userID, headers: headers)
    }
}
