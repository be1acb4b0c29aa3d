import OrderCore

extension Bench {
    /// What a business that was told the same in the same order does not share with one that was told it one by one.
    func differences(from reference: Bench) -> [String] {
        var found: [String] = []
        for (number, state) in reference.set.orders {
            guard let here = set.orders[number], var folded = books.folded[number] else {
                found.append("\(number) is missing")
                continue
            }
            folded.order = here.order
            found += folded.differences(from: state).map { "\(number): \($0)" }
            if state.parked.map(\.message.identity) != here.parked.map(\.message.identity) {
                found.append("\(number): other facts are parked")
            }
        }
        if set.orders.count != reference.set.orders.count { found.append("other orders are there") }
        let orphans = reference.set.orphans.mapValues { $0.map(\.message.identity) }
        if set.orphans.mapValues({ $0.map(\.message.identity) }) != orphans {
            found.append("other facts have no order")
        }
        for (key, sum) in reference.books.stock where books.stock[key] != sum {
            found.append("\(key.subject) differs")
        }
        if movements != reference.movements { found.append("the stock journals differ") }
        if journal.map(\.why) != reference.journal.map(\.why) { found.append("the journals differ") }
        for key in Set(timers.keys).union(reference.timers.keys) where timers[key] != reference.timers[key] {
            found.append("the timer \(key.kind.rawValue) \(key.orderNumber) \(key.reference) differs")
        }
        // Those of what came again after a crash are not in the reference.
        for (identity, outcome) in reference.outcomes where outcomes[identity] != outcome {
            found.append("the outcome of \(identity.text) differs")
        }
        if set.businessKeys != reference.set.businessKeys { found.append("other business keys are taken") }
        if conflicts != reference.conflicts { found.append("the conflicts differ") }
        if told != reference.told { found.append("the events differ") }
        return found
    }

    /// Every event but those of stock, which are told once a batch.
    private var told: [Event] {
        events.filter { event in
            switch event.payload {
            case .stockChanged, .stockLow: false
            default: true
            }
        }
    }

    /// What two businesses that were told the same in another order do not share.
    func outcomeDifferences(from other: Bench) -> [String] {
        var found: [String] = []
        for (number, state) in other.set.orders {
            guard let here = set.orders[number] else { return ["\(number) is missing"] }
            found += here.outcomeDifferences(from: state).map { "\(number): \($0)" }
            if here.facts(waiting: set.businessKeys) != state.facts(waiting: other.set.businessKeys) {
                found.append("\(number): other facts wait")
            }
        }
        if set.orders.count != other.set.orders.count { found.append("other orders are there") }
        for (key, sum) in other.books.stock where books.stock[key] != sum { found.append("\(key.subject) differs") }
        if Set(checkpoints) != Set(other.checkpoints) { found.append("other checkpoints") }
        return found
    }

    /// Orders of a whole calm history that have not come to their end.
    var leftOpen: [String] {
        self.set.orders.values.filter { !$0.order.status.isFinal }.map {
            "\($0.order.number) is \($0.order.status), \($0.openHolds.map(\.reason))"
        }
    }
}

extension OrderState {
    /// Which of two full payments is sent back, and with which parcel money was captured, is free: the sums are not.
    fileprivate func outcomeDifferences(from other: OrderState) -> [String] {
        var found: [String] = []
        if order.status != other.order.status { found.append("\(order.status) or \(other.order.status)") }
        if order.money != other.order.money { found.append("other money") }
        if order.due != other.order.due { found.append("\(order.due) or \(other.order.due) due") }
        if order.reversed != other.order.reversed { found.append("other settlement") }
        if order.paymentState != other.order.paymentState { found.append("other payment state") }
        if lines.all != other.lines.all { found.append("other lines") }
        if unasked != other.unasked { found.append("other facts") }
        if openHolds.map(\.reason) != other.openHolds.map(\.reason) { found.append("other holds") }
        if journeys != other.journeys { found.append("other parcels") }
        return found
    }

    private var unasked: Set<PaymentFact.Key> { Set(facts.all.filter { $0.requestID == nil }.map(\.key)) }

    private var journeys: [Parcel.Key: Parcel.State] {
        Dictionary(uniqueKeysWithValues: parcels.all.map { ($0.key, $0.state) })
    }

    /// What waits, as facts: which message brings it is chance.
    fileprivate func facts(waiting taken: [String: ContentHash]) -> Set<String> {
        Set(parked.compactMap(\.message.businessKey).filter { taken[$0] == nil })
    }
}
