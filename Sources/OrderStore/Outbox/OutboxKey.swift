public import OrderCore

/// What one receiver hears about one subject: numbered without a gap, and published in that order.
public struct OutboxStream: Hashable, Sendable {
    /// What it is about.
    public let subject: String
    /// Who hears.
    public let receiver: String
    /// Worked out once: on its way to the confirm a row is looked up by its stream a dozen times.
    private let hash: Int

    /// Makes a stream's name.
    public init(subject: String, receiver: String) {
        self.subject = subject
        self.receiver = receiver
        var hasher = Hasher()
        hasher.combine(subject)
        hasher.combine(receiver)
        hash = hasher.finalize()
    }

    /// The same receiver and subject.
    public static func == (left: OutboxStream, right: OutboxStream) -> Bool {
        left.hash == right.hash && left.subject == right.subject && left.receiver == right.receiver
    }

    /// By what was worked out.
    public func hash(into hasher: inout Hasher) { hasher.combine(hash) }

    /// Alerts have no number and stand outside the rule of order.
    public var isOrdered: Bool { !subject.isEmpty }
}

/// What an outbox row is known by.
public struct OutboxKey: Hashable, Sendable, Comparable {
    /// Whose row it is in line of.
    public var stream: OutboxStream
    /// Its place in the stream: an `EventNumber` as it is kept; 0 of an alert.
    public var number: Int64
    /// The event.
    public var eventID: Int64

    /// Makes a key.
    public init(stream: OutboxStream, number: Int64, eventID: Int64) {
        self.stream = stream
        self.number = number
        self.eventID = eventID
    }

    /// By subject, receiver and number: the order of locking.
    public static func < (left: OutboxKey, right: OutboxKey) -> Bool {
        let subjects = left.stream.subject.byteOrder(right.stream.subject)
        if subjects != 0 { return subjects < 0 }
        let receivers = left.stream.receiver.byteOrder(right.stream.receiver)
        if receivers != 0 { return receivers < 0 }
        return (left.number, left.eventID) < (right.number, right.eventID)
    }
}

/// One event for one receiver, and the day of the log that the event stands in.
public struct OutboxRow: Hashable, Sendable {
    /// What it is known by.
    public var key: OutboxKey
    /// Days since 1970-01-01.
    public var eventDay: Int32

    /// Makes a row.
    public init(key: OutboxKey, eventDay: Int32) {
        self.key = key
        self.eventDay = eventDay
    }
}

/// An event that was stored before, for one receiver: all that is needed to publish it again.
public struct StoredEvent: Hashable, Sendable {
    /// The row.
    public var row: OutboxRow
    /// The type, with its version.
    public var type: String
    /// The order it is told of.
    public var orderNumber: String?
    /// The journal version that it stems from.
    public var version: Int64
    /// The message that caused it.
    public var cause: MessageIdentity
    /// When it was stored.
    public var createdAt: Timestamp
    /// Carried through.
    public var correlationID: String?
    /// Carried through.
    public var traceparent: String?
    /// Carried through.
    public var tracestate: String?
    /// Its data as written on the wire.
    public var data: [UInt8]
    /// Set aside until then.
    public var retryAt: Timestamp?
    /// How often the broker could not route it.
    public var returns: Int64 = 0
}
