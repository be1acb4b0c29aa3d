/// Stock that is split by channel.
extension Decider {
    /// Units of a stock that a seller may still be promised of its share; nil where the stock is not split.
    func room(_ key: StockKey, for seller: String) -> Int64? {
        guard let share = set.reference.rules.share(of: key), let level = set.stock[key] else { return nil }
        let reserved = share.reserved(of: seller, in: set.reservedBy[key] ?? [:])
        return share.allowance(of: seller, in: level) - reserved
    }

    /// What each channel can be promised of a stock that is split, by code; those without a part last.
    func parts(of key: StockKey) -> [StockPart] {
        guard let share = set.reference.rules.share(of: key), let level = set.stock[key] else { return [] }
        let units = promisable(key)
        let reserved = set.reservedBy[key] ?? [:]
        let sellers = share.parts.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return (sellers as [String?] + [nil]).map { seller in
            // No seller has an empty code.
            let room = share.allowance(of: seller ?? "", in: level) - share.reserved(of: seller ?? "", in: reserved)
            return StockPart(seller: seller, available: min(units, room))
        }
    }

    /// Counts what a seller's orders have reserved of a stock that is split.
    mutating func countShare(_ key: StockKey, _ units: Int64, for order: String?) {
        guard units != 0, let order, set.reference.rules.share(of: key) != nil else { return }
        set.reservedBy[key, default: [:]][OrderNumber.seller(of: order), default: 0] += units
    }
}
