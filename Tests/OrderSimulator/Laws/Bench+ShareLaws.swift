import OrderCore

/// Stock that is split by channel: no channel sells more than its share, however its orders come.
extension Bench {
    /// What a store reads of stock that is split, under its locks.
    var reservedBySeller: [StockKey: [String: Int64]] { counts(in: set) }

    private func counts(in set: WorkingSet) -> [StockKey: [String: Int64]] {
        guard !set.reference.rules.set.shares.isEmpty else { return [:] }
        var counts: [StockKey: [String: Int64]] = [:]
        for state in set.orders.values {
            for part in state.fulfilmentLines.all where part.reserved > 0 {
                guard let warehouse = state.fulfilments[part.key.fulfilment]?.warehouse else { continue }
                let key = StockKey(sku: part.sku, warehouse: warehouse)
                counts[key, default: [:]][state.order.seller, default: 0] += part.reserved
            }
        }
        return counts
    }

    /// After a message that reserved: the seller has no more than its share, and all shares are no more than there is.
    func shareLaws(_ movements: some Collection<StockMovement>, _ set: WorkingSet) -> [String] {
        let reserved = movements.filter { $0.kind == .reserve }
        guard !reserved.isEmpty, !set.reference.rules.set.shares.isEmpty else { return [] }
        let counts = counts(in: set)
        return reserved.flatMap { movement -> [String] in
            guard let share = set.reference.rules.share(of: movement.key), let level = set.stock[movement.key],
                let order = movement.orderNumber
            else { return [] }
            var found: [String] = []
            let seller = OrderNumber.seller(of: order)
            let stands = counts[movement.key] ?? [:]
            if set.reservedBy[movement.key, default: [:]].filter({ $0.value != 0 }) != stands {
                found.append("\(movement.key.subject): the counts of shares are not what orders have reserved")
            }
            if share.reserved(of: seller, in: stands) > share.allowance(of: seller, in: level) {
                found.append("\(movement.key.subject): \(seller) has more than its share")
            }
            let all = (share.parts.keys + [""]).reduce(0) { $0 + share.allowance(of: $1, in: level) }
            if all > max(0, level.onHand - level.safety) {
                found.append("\(movement.key.subject): the shares are more than there is")
            }
            return found
        }
    }
}
