public import OrderCore

/// What the database knows about a batch, as it stands under the batch's locks.
public struct LoadedBatch: Sendable {
    /// The database's clock at the start of the transaction.
    public var now: Timestamp
    /// Orders, stock, reference data and business keys. Parked facts come raw, in `parked`: decode them and put them into
    /// `orders[…].parked` and `orphans`.
    public var workingSet = WorkingSet()
    /// The arrivals that were taken before, with what became of them.
    public var seen: [MessageIdentity: SeenMessage] = [:]
    /// Facts that wait for the orders named, in the order of their arrival.
    public var parked: [ParkedRecord] = []
    /// The claimed facts that are still parked.
    public var claimedFacts: Set<MessageIdentity> = []
    /// The claimed timers that fire: each fires in one batch only.
    public var fired: [ClaimedTimer] = []
    /// Orders that read back impossible, by number, with the fault: they are not in the working set.
    public var unreadable: [String: String] = [:]
    /// Those of them that are not in quarantine yet.
    public var newlyUnreadable: [String: String] = [:]

    /// Makes a batch of nothing.
    public init(now: Timestamp) {
        self.now = now
    }

    /// Gives the working set away: nobody else has it then, and it is changed in its place instead of being copied.
    public mutating func takeWorkingSet() -> WorkingSet {
        let taken = workingSet
        workingSet = WorkingSet()
        return taken
    }
}

/// What became of a message that was taken before.
public struct SeenMessage: Hashable, Sendable {
    /// How it ended.
    public enum Outcome: String, Hashable, Sendable, CaseIterable {
        case done
        case parked
        case refused
        case conflict
        case dead
    }

    /// How it ended.
    public var outcome: Outcome
    /// Why.
    public var reason: String?
    /// What it said then: another hash now is a conflict.
    public var contentHash: ContentHash
}

/// A message as it came, so that it can be decoded again.
public struct RawMessage: Hashable, Sendable {
    /// The queue it came from.
    public var queue: String
    /// Its type, where it has one.
    public var type: String
    /// Properties and headers, flat.
    public var headers: [String: String]
    /// The body.
    public var body: [UInt8]

    /// Makes a raw message.
    public init(queue: String, type: String, headers: [String: String], body: [UInt8]) {
        self.queue = queue
        self.type = type
        self.headers = headers
        self.body = body
    }
}

/// A fact that waits, with the message that brought it.
public struct ParkedRecord: Hashable, Sendable {
    /// Who it is.
    public var identity: MessageIdentity
    /// The order it is for; unknown where the message names a parcel alone.
    public var orderNumber: String?
    /// The warehouse of the parcel it names.
    public var warehouse: String?
    /// The parcel it names, where it names no order.
    public var shipment: String?
    /// What it waits for, for people.
    public var waitsFor: String
    /// The message.
    public var message: RawMessage
    /// When it came.
    public var receivedAt: Timestamp
    /// Waiting for longer is an exception.
    public var deadline: Timestamp
    /// The sweep alone looks at it, not before.
    public var retryAt: Timestamp?
    /// How often it was looked at without success.
    public var tries: Int64 = 0
    /// Claims that ended without an outcome, the one in hand included.
    public var claims: Int64 = 0
    /// The message waits with all its parts, not this part alone.
    public var isWhole = false

    /// Makes a parked fact.
    public init(
        identity: MessageIdentity, orderNumber: String?, waitsFor: String, message: RawMessage, receivedAt: Timestamp,
        deadline: Timestamp
    ) {
        self.identity = identity
        self.orderNumber = orderNumber
        self.waitsFor = waitsFor
        self.message = message
        self.receivedAt = receivedAt
        self.deadline = deadline
    }
}
