internal import OrderCore
internal import OrderStore

extension BatchPlan {
    /// Asks for what rules may look at and give: the work of warehouses; stock that a review looks at; buyers whose orders are
    /// compared; gifts with their stock and product, and whether a buyer has them.
    mutating func ask(_ rules: RuleBook) {
        askForProducts(rules)
        if rules.limitsWork { request.workRules = rules.set }
        request.reviewsStock = rules.reviewsStock
        askForBuyers(rules)
        guard !rules.gifts.isEmpty, !request.skus.isEmpty || !request.stockOfLines.isEmpty else { return }
        request.skus.formUnion(rules.gifts.map(\.gift.sku))
        let once = rules.gifts.filter(\.gift.isOncePerBuyer)
        for planned in messages {
            guard case .orderPlaced(let placed) = planned.message.payload else { continue }
            let seller = OrderNumber.seller(of: placed.orderNumber)
            request.businessKeys.formUnion(once.compactMap { GiftAction.key($0.rule, seller, placed.buyer) })
        }
    }

    /// An order that needs no payment, or whose payment came before it, is reviewed as soon as it is placed: of two in two
    /// batches that know nothing of each other neither would be a double.
    private mutating func askForBuyers(_ rules: RuleBook) {
        guard rules.histories.contains(where: \.hasSameGoods) else { return }
        for planned in messages {
            guard case .orderPlaced(let placed) = planned.message.payload, let buyer = placed.buyer else { continue }
            request.buyers.insert("\(OrderNumber.seller(of: placed.orderNumber)) \(buyer)")
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
        try readGiven(rules, store)
        try readHistories(rules, messages, store)
    }

    /// Reads what the buyers of orders have that may be given to them yet: an order that was held is given its gifts when it
    /// is let go.
    private mutating func readGiven(_ rules: RuleBook, _ store: Store) throws(StoreError) {
        let once = Set(rules.gifts.filter(\.gift.isOncePerBuyer).map(\.rule))
        guard !once.isEmpty else { return }
        var keys: Set<String> = []
        for state in workingSet.orders.values where state.order.status.isBeforeRelease {
            let missing = once.subtracting(state.lines.all.compactMap(\.gift))
            let buyer = state.contact.all.first?.buyer
            keys.formUnion(missing.compactMap { GiftAction.key($0, state.order.seller, buyer) })
        }
        workingSet.businessKeys.merge(try store.businessKeys(keys)) { $1 }
    }

    private mutating func readHistories(
        _ rules: RuleBook, _ messages: [PlannedMessage], _ store: Store
    ) throws(StoreError) {
        guard !rules.histories.isEmpty else { return }
        var orders: [BuyerOrder] = []
        for (number, state) in workingSet.orders where rules.looksBackLater || state.order.status.isBeforeRelease {
            if let order = BuyerOrder(state.order, state.contact.all.first, state.lines.all) { orders.append(order) }
            workingSet.histories[number] = BuyerHistory.none(of: rules.histories)
        }
        for planned in messages {
            guard case .orderPlaced(let placed) = planned.message.payload, let buyer = placed.buyer else { continue }
            let known = workingSet.orders[placed.orderNumber]
            // One that was rejected may be placed again, as another.
            guard known == nil || known?.order.status == .rejected else { continue }
            if known != nil { orders.removeAll { $0.number == placed.orderNumber } }
            orders.append(
                BuyerOrder(
                    number: placed.orderNumber, buyer: buyer, placedAt: placed.placedAt,
                    goods: BuyerHistory.goods(of: placed.lines)))
        }
        workingSet.histories.merge(try store.histories(of: orders, rules.histories)) { $1 }
    }
}
