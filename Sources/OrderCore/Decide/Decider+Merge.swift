/// Puts orders into one parcel (合单): they wait for each other, and what fits together is handed over together.
extension Decider {
    /// So many orders travel in one parcel at most.
    public static var mostMerged: Int { 50 }

    /// Whether an order that is ready waits for others to go with; what wakes it is set.
    mutating func waitsForOthers(_ state: inout OrderState) -> Bool {
        switch state.order.merging {
        case .apart: return false
        case .tied(let key):
            setTimer(.merge, state, reference: key, after: 0)
            return true
        case .waiting(let key, let until):
            if until <= now { setTimer(.merge, state, reference: key, after: 0) }
            return true
        case .undecided:
            guard set.reference.rules.has(.merge), let key = MergeKey.of(state, set.reference.hashKey) else {
                return false
            }
            let matches = state.singleParts.compactMap { mergeRule(of: $0, state) }
            guard let (rule, window) = matches.max(by: { $0.window < $1.window }), window > 0 else { return false }
            state.order.merging = .waiting(key: key, until: now.adding(seconds: window))
            setTimer(.merge, state, reference: key, after: window)
            note(rule, "waits for other orders of the buyer", subject(state))
            return true
        }
    }

    private func mergeRule(of part: Fulfilment, _ state: OrderState) -> (rule: Rule, window: Int64)? {
        var subject = subject(state)
        subject.part = state.part(part.id)
        for rule in set.reference.rules.matches(.merge, subject) {
            for case .merge(let window) in rule.actions { return (rule, window) }
        }
        return nil
    }

    /// An order goes with others no more, or with others than before: those that a person has put it together with need
    /// not wait for it.
    mutating func leaveGroup(_ state: inout OrderState, as merging: Merging) {
        defer { if state.order.merging != merging { state.order.merging = merging } }
        guard let key = state.order.merging.key else { return }
        if state.order.merging.isTied {
            why.append("goes with the other orders no more")
            setTimer(.merge, state, reference: key, after: 0)
        } else {
            dropTimer(.merge, state, reference: key)
        }
    }

    /// A wait is over, or an order has left those that it was put together with: what is ready goes out.
    mutating func gather(_ timer: Timer) -> Outcome {
        let named = Set((timer.orderNumber.map { [$0] } ?? []) + timer.others)
        let group = named.filter { set.quarantined[$0] == nil }.compactMap { set.orders[$0]?.order }
            .filter { $0.merging.key == timer.reference }
            .sorted { ($0.placedAt.microseconds, $0.number) < ($1.placedAt.microseconds, $1.number) }
        guard let first = group.first else { return .done(note: "gone meanwhile") }
        var ready: [Order] = []
        for order in group {
            _ = withOrder(order.number) { decider, state in
                if decider.mayGo(&state) { ready.append(state.order) }
                return .done
            }
        }
        if first.merging.isTied {
            if let late = group.first(where: { order in !ready.contains { $0.number == order.number } }) {
                return .done(note: "they wait for \(late.number)")
            }
            return release(ready, first: Set(ready.map(\.number)))
        }
        let over = ready.filter { if case .waiting(_, let until) = $0.merging { until <= now } else { false } }
        return over.isEmpty ? .done(note: "not ready, or not yet") : release(ready, first: Set(over.map(\.number)))
    }

    private mutating func mayGo(_ state: inout OrderState) -> Bool {
        guard state.order.status == .awaitingRelease, !state.fulfilmentsShipped, !state.isNothingLeft else {
            return false
        }
        return isReady(&state)
    }

    /// Releases orders whose time has come, with those that may travel with them.
    private mutating func release(_ ready: [Order], first: Set<String>) -> Outcome {
        var places: [Place: [Passenger]] = [:]
        for order in ready {
            guard let state = set.orders[order.number] else { continue }
            for part in state.singleParts where order.merging.isTied || mergeRule(of: part, state) != nil {
                let place = Place(warehouse: part.warehouse, carrier: part.carrier)
                places[place, default: []].append(Passenger(order: order.number, part: part.id))
            }
        }
        // Those whose time has come find their places first.
        let shared = places.values.flatMap { passengers in
            share(passengers.filter { first.contains($0.order) } + passengers.filter { !first.contains($0.order) })
        }
        let going = first.union(
            shared.filter { $0.contains { first.contains($0.order) } }.flatMap { $0.map(\.order) })
        let age = Dictionary(uniqueKeysWithValues: ready.enumerated().map { ($1.number, $0) })
        var parcels: [String: [Passenger]] = [:]
        for passengers in shared {
            // The oldest leads.
            let together = passengers.filter { going.contains($0.order) }.sorted {
                age[$0.order, default: 0] < age[$1.order, default: 0]
            }
            guard together.count > 1 else { continue }
            for passenger in together { parcels[passenger.part] = together }
        }
        for order in ready where going.contains(order.number) {
            _ = withOrder(order.number) { decider, state in
                decider.board(&state, parcels)
                decider.release(&state, with: parcels)
                decider.settle(&state)
                return .done
            }
        }
        return .done
    }

    /// Notes in which parcels the parts of an order travel, and with whom.
    private mutating func board(_ state: inout OrderState, _ parcels: [String: [Passenger]]) {
        for part in state.singleParts {
            guard let together = parcels[part.id], let lead = set.leadID(of: together, else: part) else { continue }
            state.fulfilments.update(part.id) { $0.travelsIn = lead }
            let others = together.map(\.order).filter { $0 != state.order.number }
            why.append("\(part.id) travels in \(lead) with \(others.joined(separator: ", "))")
        }
    }

    /// What travels in the parcel that a part leads, beside that part.
    func passengers(of lead: Fulfilment) -> [(order: OrderState, part: Fulfilment)] {
        set.orders.values.compactMap { order in
            order.fulfilments.all.first { $0.travelsIn == lead.travelsIn && $0.id != lead.id }.map { (order, $0) }
        }.sorted { $0.part.id < $1.part.id }
    }
}

/// What parts of several orders have to have in common to be one parcel.
private struct Place: Hashable {
    var warehouse: String
    var carrier: String?
}

/// An order's part in a parcel.
struct Passenger: Hashable {
    var order: String
    var part: String
}

extension WorkingSet {
    /// The parcel that the first of these parts leads; `own` is in hand.
    fileprivate func leadID(of together: [Passenger], else own: Fulfilment) -> String? {
        guard let lead = together.first else { return nil }
        if lead.part == own.id { return own.mergedID }
        return orders[lead.order]?.fulfilments[lead.part]?.mergedID
    }
}

extension OrderState {
    /// Planned parts that are the only one of their warehouse: what a rule has split may not travel together.
    var singleParts: [Fulfilment] {
        let planned = fulfilments.all.filter { $0.state == .planned }
        return planned.filter { part in !planned.contains { $0.warehouse == part.warehouse && $0.id != part.id } }
    }
}
