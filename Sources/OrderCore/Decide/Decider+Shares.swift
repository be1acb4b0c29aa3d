/// Stock that is split by channel.
extension Decider {
    /// Units that a seller's part still has of a stock, be they kept for those who wait or not.
    private func room(_ level: StockLevel, for seller: String, _ share: StockShare) -> Int64 {
        let reserved = share.reserved(of: seller, in: set.reservedBy[level.key] ?? [:])
        return min(level.available, share.allowance(of: seller, in: level) - reserved)
    }

    /// Units of a stock that is split which an order may be promised.
    func promisable(_ level: StockLevel, to state: OrderState, _ share: StockShare) -> Int64 {
        room(level, for: state.order.seller, share) - set.queue.kept(level.key, from: state.order, in: share)
    }

    /// Units of a stock that is split which newcomers may be promised: what is left of all parts.
    func promisable(_ level: StockLevel, _ share: StockShare) -> Int64 {
        min(level.available, parts(of: level, share).reduce(0) { $0 + $1.available })
    }

    /// What newcomers of each channel can be promised of a stock, by code, those without a part last; empty where it is not
    /// split.
    func parts(of key: StockKey) -> [StockPart] {
        guard let share = set.reference.rules.share(of: key), let level = set.stock[key] else { return [] }
        return parts(of: level, share)
    }

    private func parts(of level: StockLevel, _ share: StockShare) -> [StockPart] {
        let sellers = share.parts.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return (sellers as [String?] + [nil]).map { code in
            // No seller has an empty code.
            let seller = code ?? ""
            let left = room(level, for: seller, share) - set.queue.kept(level.key, from: seller, in: share)
            return StockPart(seller: code, available: max(0, left))
        }
    }

    /// Whose part of each stock a seller's order waits for, where it is split.
    func parts(of units: [StockKey: Int64], for seller: String) -> [StockKey: String] {
        guard !set.reference.rules.set.shares.isEmpty else { return [:] }
        return units.reduce(into: [:]) { parts, stock in
            parts[stock.key] = set.reference.rules.share(of: stock.key)?.part(of: seller)
        }
    }

    /// Counts what a seller's orders have reserved of a stock that is split.
    mutating func countShare(_ key: StockKey, _ units: Int64, for order: String?) {
        guard units != 0, let order, set.reference.rules.share(of: key) != nil else { return }
        set.reservedBy[key, default: [:]][OrderNumber.seller(of: order), default: 0] += units
    }

    /// Before a stock changes: what room its parts have at the start of the batch.
    mutating func rememberRoom(of key: StockKey) {
        guard roomBefore[key] == nil, let share = set.reference.rules.share(of: key) else { return }
        roomBefore[key] = set.stock[key].map { rooms(of: $0, share) } ?? [:]
    }

    /// At the end of a batch: a part that has got room is given out, also where the stock as a whole is what it was. So it is
    /// when its goods are shipped.
    mutating func noteRoom() {
        for (key, before) in roomBefore {
            let share = set.reference.rules.share(of: key)
            guard let share, let level = set.stock[key] else { continue }
            let roomier = rooms(of: level, share).filter { $0.value > max(0, before[$0.key, default: 0]) }
            if !roomier.isEmpty { changes.roomier[key] = roomier }
        }
    }

    private func rooms(of level: StockLevel, _ share: StockShare) -> [String: Int64] {
        (share.parts.keys + [""]).reduce(into: [:]) { $0[$1] = room(level, for: $1, share) }
    }
}
