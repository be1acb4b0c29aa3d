import OrderCore

/// Who waits for stock has his turn: what is kept for him goes to nobody who comes later.
extension Bench {
    /// What a store reads of those who wait: what is kept for them, by turn.
    var queue: BackorderQueue {
        var queue = BackorderQueue()
        for state in set.orders.values {
            guard let place = state.order.backorder, place.keepsTurn else { continue }
            let turn = BackorderTurn(place, of: state.order)
            for (key, units) in place.units { queue.keep(units, of: key, for: turn) }
        }
        return queue
    }

    /// Nothing is reserved of what was kept for others before the message; of stock that is split, for others of the part.
    func turnLaws(
        _ movements: some Collection<StockMovement>, _ set: WorkingSet, _ known: Order?, _ queue: BackorderQueue
    ) -> [String] {
        movements.filter { $0.kind == .reserve }.compactMap { movement in
            guard queue.kept(movement.key) > 0, let level = set.stock[movement.key], let number = movement.orderNumber,
                var order = known ?? set.orders[number]?.order
            else { return nil }
            if known == nil { order.backorder = nil }
            let share = set.reference.rules.share(of: movement.key)
            let kept = queue.kept(movement.key, from: order, in: share)
            var left = level.available
            if let share {
                let reserved = share.reserved(of: order.seller, in: set.reservedBy[movement.key] ?? [:])
                left = min(left, share.allowance(of: order.seller, in: level) - reserved)
            }
            guard kept > 0, left < kept else { return nil }
            return "\(movement.key.subject): what was kept for others went to \(number)"
        }
    }

    /// Who waits has a place, and nobody else; he waits for no more than he lacks.
    func placeLaws(_ state: OrderState) -> [String] {
        let holds = Set(state.openHolds.map(\.reason))
        let isWaiting =
            !state.order.isValidated && state.order.status.isBeforeRelease
            && !holds.isDisjoint(with: [.outOfStock, .noWarehouse])
        guard let place = state.order.backorder else { return isWaiting ? ["waits without a place"] : [] }
        guard isWaiting else { return ["has a place and does not wait"] }
        var open: [String: Int64] = [:]
        for line in state.lines.all where line.type == .physical { open[line.sku, default: 0] += line.open }
        for part in state.fulfilmentLines.all { open[part.sku, default: 0] -= part.open }
        return place.units.filter { $0.value <= 0 || $0.value > open[$0.key.sku] ?? 0 }.map {
            "waits for \($0.value) of \($0.key.subject), and lacks \(open[$0.key.sku] ?? 0)"
        }
    }
}
