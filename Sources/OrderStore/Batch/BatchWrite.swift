public import OrderCore

/// All that a batch writes, in one transaction.
public struct BatchWrite: Sendable {
    /// The working set as decided: its marks say which rows are new or changed.
    public var workingSet: WorkingSet
    /// What was decided. Its events are written as encoded in `events`, its parked facts as they came in `parked`.
    public var changes: Changes
    /// The lane that will publish the events: its number from `takeLaneNumber`.
    public var owner: Int64
    /// The events, encoded.
    public var events: [EventRecord] = []
    /// Messages for the log.
    public var messages: [MessageRecord] = []
    /// Facts to park, or that stay parked with another reason: in the order of their arrival.
    public var parked: [ParkedRecord] = []
    /// Messages that are replayed, as they read now: the inbox may know them by their bytes only.
    public var replayed: [LoadRequest.Arrival] = []
    /// Messages that are wrong for good.
    public var dead: [DeadRecord] = []
    /// Outbox rows that the broker has confirmed.
    public var confirmed: [OutboxKey] = []
    /// Streams in which rows of this lane wait for rows of others: their heads are looked up again.
    public var waiting: Set<OutboxStream> = []
    /// Events to be sent again to a receiver.
    public var resent: [OutboxRow] = []
    /// Crash marks of what has now had its outcome.
    public var clearedMarks: [String] = []
    /// Orders whose facts were not read (`LoadRequest.leavesFacts`): the sweep is to look at them.
    public var leftFactsOf: Set<String> = []
    /// Orders that read back impossible, with the fault.
    public var quarantined: [String: String] = [:]

    /// Makes a write of what was decided.
    public init(workingSet: WorkingSet, changes: Changes, owner: Int64) {
        self.workingSet = workingSet
        self.changes = changes
        self.owner = owner
    }
}

/// What a write has brought about.
public struct WriteResult: Sendable {
    /// The ids of the written events, in their order.
    public var eventIDs: [Int64] = []
    /// The day of the log that the events stand in: days since 1970-01-01.
    public var eventDay: Int32 = 0
    /// The lowest unconfirmed number of each stream that the batch wrote to or waits for, of whatever lane: a row goes out
    /// when its number is the head.
    public var heads: [OutboxStream: Int64] = [:]
}

/// An event as it is stored and published.
public struct EventRecord: Sendable {
    /// What happened, with its receivers and numbers.
    public var event: Event
    /// Its data as written on the wire.
    public var data: [UInt8]
    /// Carried through from the message that caused it.
    public var correlationID: String?
    /// W3C trace context, carried through.
    public var traceparent: String?
    /// W3C trace context, carried through.
    public var tracestate: String?

    /// Makes a record.
    public init(event: Event, data: [UInt8]) {
        self.event = event
        self.data = data
    }
}

/// A message for the log.
public struct MessageRecord: Sendable {
    /// Who it is.
    public var identity: MessageIdentity
    /// The order it names.
    public var orderNumber: String?
    /// The message as it came; without one the row tells only what became of it, or of its part.
    public var message: RawMessage?

    /// Makes a record.
    public init(identity: MessageIdentity, orderNumber: String?, message: RawMessage?) {
        self.identity = identity
        self.orderNumber = orderNumber
        self.message = message
    }
}

/// A message that is wrong for good.
public struct DeadRecord: Sendable {
    /// Who it is, where that could be read.
    public var identity: MessageIdentity?
    /// The order it names, where that could be read.
    public var orderNumber: String?
    /// The message; of an oversized one the first part of the body.
    public var message: RawMessage
    /// The length of the whole body.
    public var bodyLength: Int64
    /// Hash of the whole body: one without identity is known by it and its queue.
    public var bodyHash: ContentHash
    /// What is wrong, for people.
    public var reason: String
    /// What is wrong, alike for all that are wrong alike.
    public var fingerprint: String
    /// How often it came in this batch.
    public var deliveries: Int64 = 1
    /// The message is dead with all its parts, not this part alone.
    public var isWhole = true

    /// Makes a record.
    public init(
        identity: MessageIdentity?, message: RawMessage, bodyHash: ContentHash, reason: String, fingerprint: String
    ) {
        self.identity = identity
        self.message = message
        self.bodyLength = Int64(message.body.count)
        self.bodyHash = bodyHash
        self.reason = reason
        self.fingerprint = fingerprint
    }
}
