/// Stock that is split by channel.
extension Decider {
    /// Units of a stock that a seller may still be promised of its share; nil where the stock is not split.
    func room(_ key: StockKey, for seller: String) -> Int64? {
        guard let share = set.reference.rules.share(of: key), let level = set.stock[key] else { return nil }
        let reserved = share.reserved(of: seller, in: set.reservedBy[key] ?? [:])
        return share.allowance(of: seller, in: level) - reserved
    }

    /// Counts what a seller's orders have reserved of a stock that is split.
    mutating func countShare(_ key: StockKey, _ units: Int64, for order: String?) {
        guard units != 0, let order, set.reference.rules.share(of: key) != nil else { return }
        set.reservedBy[key, default: [:]][OrderNumber.seller(of: order), default: 0] += units
    }
}
