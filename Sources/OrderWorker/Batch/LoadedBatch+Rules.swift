internal import OrderCore
internal import OrderStore

extension BatchPlan {
    /// Asks for what rules may give: the work of warehouses; gifts with their stock and product, and whether a buyer has them.
    mutating func ask(_ rules: RuleBook) {
        askForProducts(rules)
        if rules.limitsWork { request.workRules = rules.set }
        guard !rules.gifts.isEmpty, !request.skus.isEmpty || !request.stockOfLines.isEmpty else { return }
        request.skus.formUnion(rules.gifts.map(\.gift.sku))
        let once = rules.gifts.filter(\.gift.isOncePerBuyer)
        for planned in messages {
            guard case .orderPlaced(let placed) = planned.message.payload else { continue }
            let seller = OrderNumber.seller(of: placed.orderNumber)
            request.businessKeys.formUnion(once.compactMap { GiftAction.key($0.rule, seller, placed.buyer) })
        }
    }
}

extension LoadedBatch {
    /// Gives the batch its rules: all its messages see the same. What they ask of buyers' earlier orders is read, where they
    /// ask for any.
    mutating func ask(_ rules: RuleBook, _ messages: [PlannedMessage], _ store: Store) throws(StoreError) {
        workingSet.reference.rules = rules
        try readProducts(rules, messages, store)
        let split = workingSet.stock.keys.filter { rules.share(of: $0) != nil }
        if !split.isEmpty { workingSet.reservedBy = try store.reservedBySeller(Set(split.map(\.sku))) }
        guard !rules.histories.isEmpty else { return }
        var orders: [BuyerOrder] = []
        for state in workingSet.orders.values where state.order.status.isBeforeRelease {
            if let order = BuyerOrder(state.order, state.contact.all.first, state.lines.all) { orders.append(order) }
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
