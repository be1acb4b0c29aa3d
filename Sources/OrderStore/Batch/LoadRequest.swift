public import OrderCore

/// What a batch needs from the database before it can decide.
public struct LoadRequest: Sendable {
    /// Messages as they were delivered, to be taken into the inbox; those that are there already come back as seen.
    public var arrivals: [Arrival] = []
    /// Orders to lock and load with all their parts.
    public var orders: Set<String> = []
    /// Orders that `order.placed` names: expected not to be there, so their parts are read only if they are.
    public var placed: Set<String> = []
    /// SKUs whose stock is to be locked in all warehouses, and whose products are to be read.
    public var skus: Set<String> = []
    /// Stock rows to lock.
    public var stock: Set<StockKey> = []
    /// Of these orders, the stock that their fulfilments have reserved is to be locked.
    public var stockOfFulfilments: Set<String> = []
    /// Of these orders, the stock of their lines is to be locked in all warehouses, and the products read: they may be
    /// validated and sourced again.
    public var stockOfLines: Set<String> = []
    /// Of these orders, the products of their lines are read: parts of them may be split.
    public var productsOfLines: Set<String> = []
    /// The buyers whose orders are placed one after the other, since rules compare them when they are placed.
    public var buyers: Set<String> = []
    /// Of the orders that are still to be reviewed, the stock of their lines is to be locked in all warehouses: rules look
    /// at it.
    public var reviewsStock = false
    /// The rules, where they limit what warehouses work on in a day: the days of what may be sourced are locked.
    public var workRules: RuleSet?
    /// Business keys to look up.
    public var businessKeys: Set<String> = []
    /// Due rows that were claimed: those that still stand are deleted, and fire.
    public var claimed: [ClaimedTimer] = []
    /// Parked facts that were claimed: locked, and read where they are still there.
    public var facts: [MessageIdentity] = []
    /// Other facts that wait for these orders are not read: what may kill the process wakes nobody else.
    public var leavesFacts = false

    /// Asks for nothing yet.
    public init() {}

    /// A message as delivered.
    public struct Arrival: Hashable, Sendable {
        /// Who it is.
        public var identity: MessageIdentity
        /// Hash of its decoded content.
        public var contentHash: ContentHash

        /// Makes an arrival.
        public init(identity: MessageIdentity, contentHash: ContentHash) {
            self.identity = identity
            self.contentHash = contentHash
        }
    }
}

/// A due row that a lane has claimed for a while.
public struct ClaimedTimer: Hashable, Sendable {
    /// What is due.
    public var timer: Timer
    /// How often it was claimed, this time included.
    public var tries: Int64

    /// Makes a claimed timer.
    public init(timer: Timer, tries: Int64) {
        self.timer = timer
        self.tries = tries
    }
}
