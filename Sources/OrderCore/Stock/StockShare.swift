/// What of a stock that is split by channel can be promised to the orders of one.
public struct StockPart: Hashable, Sendable {
    /// The code of the channel or partner; nil: all without a part of their own, together.
    public var seller: String?
    /// Units.
    public var available: Int64

    /// Makes a part.
    public init(seller: String?, available: Int64) {
        self.seller = seller
        self.available = available
    }
}

/// How the stock of some SKUs is split by channel (库存分配): each channel has its part of what can be sold in a warehouse, what
/// is left is common to all others.
public struct StockShare: Hashable, Sendable {
    /// A channel's part.
    public enum Part: Hashable, Sendable {
        /// Of what is there beyond the safety stock, rounded down.
        case percent(Int64)
        /// So many units, as long as there are so many.
        case units(Int64)
    }

    /// What is split; empty: every SKU.
    public var skus: Set<String> = []
    /// Where; empty: in every warehouse, each for itself.
    public var warehouses: Set<String> = []
    /// By the code of a channel or partner.
    public var parts: [String: Part]

    /// Splits every SKU in every warehouse.
    public init(parts: [String: Part]) {
        self.parts = parts
    }

    /// Whether it speaks of a stock.
    func covers(_ key: StockKey) -> Bool {
        (skus.isEmpty || skus.contains(key.sku)) && (warehouses.isEmpty || warehouses.contains(key.warehouse))
    }

    /// Whose part a seller's orders have: its own; the empty one, which is common, where it has none.
    func part(of seller: String) -> String { parts[seller] == nil ? "" : seller }

    /// Units of a stock that a seller's orders may have reserved; for one without a part, those of all such sellers together.
    ///
    /// Parts in percent sum to no more than there is. Where units do, each is cut to what those before it, by code, leave.
    public func allowance(of seller: String, in level: StockLevel) -> Int64 {
        let sellable = max(0, level.onHand - level.safety)
        var left = sellable
        var mine: Int64 = 0
        for (code, part) in parts.sorted(by: { $0.key < $1.key }) {
            let wanted =
                switch part {
                case .percent(let percent): sellable / 100 * percent + sellable % 100 * percent / 100
                case .units(let units): units
                }
            let given = min(wanted, left)
            left -= given
            if code == seller { mine = given }
        }
        return parts[seller] == nil ? left : mine
    }

    /// Units that count against a seller's allowance.
    public func reserved(of seller: String, in counts: [String: Int64]) -> Int64 {
        if parts[seller] != nil { return counts[seller] ?? 0 }
        return counts.reduce(0) { parts[$1.key] == nil ? $0 + $1.value : $0 }
    }
}
