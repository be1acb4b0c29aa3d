internal import OrderCore
internal import OrderStore

extension LoadedBatch {
    /// Gives the batch its rules: all its messages see the same. What they ask of buyers' earlier orders is read, where they
    /// ask for any.
    mutating func ask(_ rules: RuleBook, _ messages: [PlannedMessage], _ store: Store) throws(StoreError) {
        workingSet.reference.rules = rules
        guard !rules.histories.isEmpty else { return }
        var orders: [BuyerOrder] = []
        for (number, state) in workingSet.orders where state.order.status.isBeforeRelease {
            guard let buyer = state.contact.all.first?.buyer else { continue }
            orders.append(
                BuyerOrder(
                    number: number, buyer: buyer, placedAt: state.order.placedAt,
                    goods: BuyerHistory.goods(of: state.lines.all)))
        }
        for planned in messages {
            guard case .orderPlaced(let placed) = planned.message.payload, let buyer = placed.buyer,
                workingSet.orders[placed.orderNumber] == nil
            else { continue }
            orders.append(
                BuyerOrder(
                    number: placed.orderNumber, buyer: buyer, placedAt: placed.placedAt,
                    goods: BuyerHistory.goods(of: placed.lines)))
        }
        workingSet.histories = try store.histories(of: orders, rules.histories)
    }
}
