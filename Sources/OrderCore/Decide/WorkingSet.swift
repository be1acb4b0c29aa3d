/// What a batch works on: everything its messages name, loaded under locks, and the reference data.
public struct WorkingSet: Sendable {
    /// The orders that the batch names and that exist, by number.
    public var orders: [String: OrderState] = [:]
    /// Facts that wait for orders that the batch names and that do not exist, by number.
    public var orphans: [String: [Parked]] = [:]
    /// Orders that are in quarantine or read back impossible, by number, with the fault. Those that can be read, after a
    /// repair, are in `orders` too.
    public var quarantined: [String: String] = [:]
    /// The stock that the batch may touch.
    public var stock = StockSet()
    /// The work of warehouses that the batch may promise or give back.
    public var work = WorkSet()
    /// What is kept of it for orders that wait.
    public var queue = BackorderQueue()
    /// What each seller's orders have reserved of stock that is split by channel.
    public var reservedBy: [StockKey: [String: Int64]] = [:]
    /// Read, never locked.
    public var reference = ReferenceData()
    /// How many orders the buyers of the batch's orders placed before, by order: as far as rules ask for it. Of an order that
    /// is not there nobody has counted.
    public var histories: [String: [BuyerHistory: Int64]] = [:]
    /// The business keys of the batch that have taken effect before, with the content that did.
    public var businessKeys: [String: ContentHash] = [:]

    /// Makes an empty set.
    public init() {}
}

/// The stock rows of a batch, by SKU and warehouse.
public struct StockSet: Sendable {
    private var levels: [StockKey: StockLevel] = [:]
    private var before: [StockKey: StockLevel] = [:]
    private var warehouses: [String: [String]] = [:]
    private var new: Set<StockKey> = []
    /// The SKUs of which the rows of all warehouses are in the set; nil: of all SKUs.
    public var complete: Set<String>?

    /// Makes an empty set.
    public init() {}

    /// Adds a row as it was loaded.
    public mutating func load(_ level: StockLevel) {
        levels[level.key] = level
        warehouses[level.key.sku, default: []].append(level.key.warehouse)
    }

    /// The level of a SKU in a warehouse.
    public subscript(key: StockKey) -> StockLevel? { levels[key] }

    /// The stock that is in the set.
    public var keys: some Collection<StockKey> { levels.keys }

    /// The warehouses that have a row for this SKU.
    public func warehouses(of sku: String) -> [String] { warehouses[sku] ?? [] }

    /// Changes a level, made on first use where there was none.
    mutating func update(_ key: StockKey, _ change: (inout StockLevel) -> Void) {
        if levels[key] == nil {
            load(StockLevel(key: key))
            new.insert(key)
        }
        guard var level = levels[key] else { return }
        if before[key] == nil { before[key] = level }
        change(&level)
        levels[key] = level
    }

    /// The rows that are not as they were loaded, in key order: before and after, and whether they are to be inserted.
    public var changed: [(before: StockLevel, after: StockLevel, isNew: Bool)] {
        before.keys.sorted().compactMap { key in
            guard let before = before[key], let after = levels[key] else { return nil }
            let isNew = new.contains(key)
            return before != after || isNew ? (before, after, isNew) : nil
        }
    }
}

/// Products, warehouses, channels and partners as last told by their owners.
public struct ReferenceData: Sendable {
    /// By SKU: those that the batch names.
    public var products: [String: Product] = [:]
    /// By code.
    public var warehouses: [String: Warehouse] = [:]
    /// Channels and partners.
    public var sellers: [SellerKey: Seller] = [:]
    /// What personal data are hashed with.
    public var hashKey = HashKey(high: 0, low: 0)
    /// The rules of operations: all messages of a batch see one version.
    public var rules = RuleBook(RuleSet(label: "none"))

    /// Makes reference data that knows nothing.
    public init() {}

    /// How the orders of this seller flow. Those of an unknown seller are held: it may become known any moment.
    public func policy(of seller: String, kind: OrderKind) -> StorePolicy {
        sellers[SellerKey(kind, seller)]?.policy ?? StorePolicy(of: .external)
    }
}
