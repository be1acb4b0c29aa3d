internal import OrderCore
internal import OrderStore

/// The products of orders' lines, for rules that look at them.
extension BatchPlan {
    /// Asks for the products of orders that a message may hand over: with the first flight they cost no round trip.
    mutating func askForProducts(_ rules: RuleBook) {
        guard rules.productNeeds.contains(.beforeRelease) else { return }
        for planned in messages {
            if case .payment(let report) = planned.message.payload {
                request.productsOfLines.insert(report.orderNumber)
            }
        }
    }
}

extension LoadedBatch {
    /// Reads what rules may look at and was not read yet.
    mutating func readProducts(
        _ rules: RuleBook, _ messages: [PlannedMessage], _ store: Store
    ) throws(StoreError) {
        let needs = rules.productNeeds
        guard !needs.isEmpty else { return }
        let wanted = needs.contains(.onDemand) ? onDemand(messages) : []
        var skus: Set<String> = []
        for (number, state) in workingSet.orders {
            let isNeeded =
                needs.contains(.always)
                || needs.contains(.beforeRelease) && state.order.status.isBeforeRelease
                || needs.contains(.beforeRelease) && state.fulfilments.all.contains(where: \.wishesToLeave)
                || needs.contains(.whilePlanned) && state.fulfilments.all.contains { $0.state == .planned }
                || needs.contains(.whileGiven) && state.lines.all.contains { $0.gift != nil && $0.open > 0 }
                || wanted.contains(number)
            if isNeeded { skus.formUnion(state.lines.all.map(\.sku)) }
        }
        for product in try store.products(skus.subtracting(workingSet.reference.products.keys)) {
            workingSet.reference.products[product.sku] = product
        }
    }

    /// Orders about which people or timers say something, and those for which facts wait.
    private func onDemand(_ messages: [PlannedMessage]) -> Set<String> {
        var numbers = Set(parked.compactMap(\.orderNumber))
        numbers.formUnion(fired.compactMap(\.timer.orderNumber))
        for planned in messages {
            switch planned.message.payload {
            case .fulfilment, .tracking, .payment, .productionDone: continue
            default: numbers.formUnion(planned.message.payload.orderNumbers)
            }
        }
        return numbers
    }
}
