/// What a buyer ordered before, as far as rules ask for it.
extension Decider {
    /// What was read of the buyer's other orders, and those that came earlier in this batch; nothing where nobody has read
    /// them.
    func history(of state: OrderState, _ asked: Set<BuyerHistory>) -> [BuyerHistory: Int64] {
        let isNew = state.mark == .inserted
        guard var counts = set.histories[state.order.number] ?? (isNew ? BuyerHistory.none(of: asked) : nil) else {
            return [:]
        }
        guard let buyer = state.contact.all.first?.buyer else { return counts }
        let goods = BuyerHistory.goods(of: state.lines.all)
        for other in set.orders.values where other.mark == .inserted && other.order.number != state.order.number {
            guard other.contact.all.first?.buyer == buyer, other.order.seller == state.order.seller,
                other.order.status != .rejected
            else { continue }
            for history in asked where history.counts(other, for: state.order) {
                guard !history.hasSameGoods || BuyerHistory.goods(of: other.lines.all) == goods else { continue }
                counts[history, default: 0] += 1
            }
        }
        return counts
    }
}

extension BuyerHistory {
    /// No orders, of each that is asked for.
    public static func none(of asked: Set<BuyerHistory>) -> [BuyerHistory: Int64] {
        Dictionary(uniqueKeysWithValues: asked.map { ($0, 0) })
    }

    /// Whether another order of the buyer is near enough: earlier, or of the same goods and let go already.
    fileprivate func counts(_ other: OrderState, for order: Order) -> Bool {
        let age = order.placedAt.microseconds - other.order.placedAt.microseconds
        let isEarlier = age > 0 || age == 0 && other.order.number.utf8.lexicographicallyPrecedes(order.number.utf8)
        guard isEarlier || hasSameGoods && other.isLetGo else { return false }
        return age.magnitude <= seconds.timesHeld(1_000_000).magnitude
    }
}

extension OrderState {
    /// It was reviewed, and nothing keeps it.
    fileprivate var isLetGo: Bool { order.isScreened && openHolds.isEmpty }
}
