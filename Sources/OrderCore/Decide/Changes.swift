/// What a batch has decided, beside the changed rows in its working set: all of it is written in one transaction.
public struct Changes: Sendable {
    /// What is told, in order.
    public var events: [Event] = []
    /// A row for each message that changed an order.
    public var journal: [JournalEntry] = []
    /// A row for each change of stock.
    public var movements: [StockMovement] = []
    /// What becomes of timers: set or moved, or dropped where there is none.
    private var timers: [TimerKey: Timer?] = [:]
    /// Facts to park, with what they wait for.
    public var parked: [Parked] = []
    /// Facts that were parked before and are settled now.
    public var unparked: [MessageIdentity] = []
    /// What rules have decided, by which of them.
    public var decisions: [RuleDecision] = []
    /// For people to see.
    public var conflicts: [Conflict] = []
    /// Facts that have taken effect.
    public var businessKeys: [BusinessKey] = []
    /// What was given once to a buyer, and is his no more: of the order with this content alone.
    public var givenBack: [BusinessKey] = []
    /// Checkpoints to append.
    public var checkpoints: [(orderNumber: String, checkpoint: TrackingCheckpoint)] = []
    /// Newer revisions of reference data.
    public var reference: [ReferenceUpdate] = []
    /// Stock of which another number is available now: to be told soon, unless it is to be already.
    public var stockToTell: [StockKey] = []
    /// SKUs of which less is kept for orders that wait: others may be served.
    public var givenUp: Set<String> = []
    /// Of stock that is split by channel, the parts that have more room than at the start of the batch, with that room: those
    /// who wait for them may be served.
    public var roomier: [StockKey: [String: Int64]] = [:]
    /// What came of looking at orders that wait for stock.
    public var looks: [String: Look] = [:]
    /// SKUs that are given out further: a pass before has called as many as it may.
    public var givesOn: Set<String> = []
    /// Stock that has less than is promised: its newest orders are to lose their reservation.
    public var takeAways: [StockKey] = []
    /// Orders that are in quarantine no more.
    public var lifted: [String] = []
    /// What has become of each message.
    public var outcomes: [(identity: MessageIdentity, outcome: Outcome)] = []

    /// Makes changes of nothing.
    public init() {}

    /// Timers to set; one with the same kind, order and reference is moved.
    public var timersSet: [Timer] { timers.values.compactMap { $0 } }

    /// Timers to drop, where they are set.
    public var timersDropped: [TimerKey] { timers.compactMap { $0.value == nil ? $0.key : nil } }

    /// Sets a timer, or moves it.
    public mutating func set(_ timer: Timer) {
        timers[timer.key] = .some(timer)
    }

    /// Drops a timer.
    mutating func drop(_ key: TimerKey) {
        timers[key] = .some(nil)
    }
}

extension Timer {
    /// What it is known by.
    public var key: TimerKey { TimerKey(kind: kind, orderNumber: orderNumber ?? "", reference: reference) }
}

/// What came of looking at an order that waits for stock.
public enum Look: Hashable, Sendable {
    /// It could use nothing of what there was for it: it is called again when there is more.
    case inVain([StockKey: Int64])
    /// It waits no more, or got some of what it waits for: the rest may be had another way, whatever was seen before.
    case ended
}

/// What a timer is known by.
public struct TimerKey: Hashable, Sendable {
    /// What is due.
    public var kind: Timer.Kind
    /// The order; empty where none.
    public var orderNumber: String
    /// What of it.
    public var reference: String

    /// Makes a key.
    public init(kind: Timer.Kind, orderNumber: String, reference: String = "") {
        self.kind = kind
        self.orderNumber = orderNumber
        self.reference = reference
    }
}

/// A business fact that has taken effect.
public struct BusinessKey: Hashable, Sendable {
    /// The key of the contract.
    public var key: String
    /// What it said.
    public var contentHash: ContentHash
    /// Which message brought it.
    public var message: MessageIdentity

    /// Makes a business key.
    public init(key: String, contentHash: ContentHash, message: MessageIdentity) {
        self.key = key
        self.contentHash = contentHash
        self.message = message
    }
}

/// What has become of a message.
public enum Outcome: Hashable, Sendable {
    /// It had its effect, or none was needed; the note says why none was.
    case done(note: String?)
    /// It waits.
    case parked(waitsFor: String)
    /// Not allowed now; told to who asked.
    case refused(String)
    /// The same identity with another content, or what cannot be.
    case conflict(String)
    /// Wrong for good.
    case dead(String)

    /// It had its effect.
    public static let done = Outcome.done(note: nil)
}

/// One change of an order, in full: fold the entries of an order and you have the order.
public struct JournalEntry: Sendable {
    /// The order.
    public var orderNumber: String
    /// Counts the entries of the order from 1.
    public var version: Int64
    /// When it was decided, by the database's clock.
    public var at: Timestamp
    /// Who: a person, a source, `timer`.
    public var by: String
    /// The message that caused it.
    public var cause: MessageIdentity
    /// The status before; none for the first entry.
    public var from: OrderStatus?
    /// The status after.
    public var to: OrderStatus
    /// What was decided, as sentences.
    public var why: String
    /// Every row that changed, as it stands after.
    public var rows: [ChangedRow]
}

/// A row of an order as it stands after a change.
public enum ChangedRow: Sendable {
    case order(Order)
    case contact(OrderContact)
    case line(OrderLine)
    case fact(PaymentFact)
    case request(MoneyRequest)
    case hold(Hold)
    case fulfilment(Fulfilment)
    case fulfilmentLine(FulfilmentLine)
    case parcel(Parcel)
}
