/// A SKU in a warehouse.
public struct StockKey: Hashable, Sendable, Comparable {
    /// Case-sensitive.
    public var sku: String
    /// The warehouse's code.
    public var warehouse: String

    /// Makes a key.
    public init(sku: String, warehouse: String) {
        self.sku = sku
        self.warehouse = warehouse
    }

    /// The order in which stock is locked: by SKU, then warehouse, byte by byte as PostgreSQL's collation `C` does.
    public static func < (left: StockKey, right: StockKey) -> Bool {
        left.sku == right.sku
            ? left.warehouse.utf8.lexicographicallyPrecedes(right.warehouse.utf8)
            : left.sku.utf8.lexicographicallyPrecedes(right.sku.utf8)
    }

    /// The subject of its events.
    public var subject: String { "\(sku)@\(warehouse)" }

    /// Reads a subject back; a SKU may have an `@`, a warehouse has none.
    public init?(subject: String) {
        guard let at = subject.lastIndex(of: "@") else { return nil }
        self.init(sku: String(subject[..<at]), warehouse: String(subject[subject.index(after: at)...]))
    }
}

/// How much there is of a SKU in a warehouse. `reserved ≤ onHand + missing` always holds.
public struct StockLevel: Hashable, Sendable {
    /// What and where.
    public let key: StockKey
    /// Units there, as the warehouse reports.
    public var onHand: Int64
    /// Units promised to orders.
    public var reserved: Int64
    /// Units never promised.
    public var safety: Int64
    /// Units promised that the warehouse no longer has.
    public var missing: Int64
    /// Below this, staff are told.
    public var lowThreshold: Int64
    /// When it was last counted, by the warehouse's clock.
    public var countedAt: Timestamp?
    /// How many events each receiver was told about it.
    public var eventCounts: [String: Int64] = [:]

    /// Makes a level.
    public init(
        key: StockKey, onHand: Int64 = 0, reserved: Int64 = 0, safety: Int64 = 0, missing: Int64 = 0,
        lowThreshold: Int64 = 0, countedAt: Timestamp? = nil
    ) {
        self.key = key
        self.onHand = onHand
        self.reserved = reserved
        self.safety = safety
        self.missing = missing
        self.lowThreshold = lowThreshold
        self.countedAt = countedAt
    }

    /// Units that can be promised; negative where more is promised than there is.
    public var available: Int64 { onHand - reserved - safety }
}

/// Why stock changed: a row of the stock journal.
public struct StockMovement: Hashable, Sendable {
    /// What happened.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case reserve
        case release
        case move
        case deduct
        case receive
        case adjust
        case count
        case restock
        /// Promised units that a count took away were taken from their order.
        case takeAway = "take_away"
    }

    /// What and where.
    public let key: StockKey
    /// What happened.
    public let kind: Kind
    /// Change of `onHand`.
    public let onHand: Int64
    /// Change of `reserved`.
    public let reserved: Int64
    /// Change of `missing`.
    public let missing: Int64
    /// The order it was for.
    public let orderNumber: String?
    /// The order's line.
    public let line: Int64?
    /// The document of a warehouse, a fulfilment, a shipment.
    public let reference: String?
}
