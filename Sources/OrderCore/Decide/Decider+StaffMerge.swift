/// What staff want to go out together, or apart.
extension Decider {
    /// A person puts orders together before they are handed over.
    mutating func tie(_ command: StaffCommand, to others: [String], _ message: Message) -> Outcome {
        let numbers = [command.orderNumber] + others.filter { $0 != command.orderNumber }
        guard Set(numbers).count == numbers.count else { return .refused("an order is named twice") }
        guard numbers.count > 1 else { return .refused("no other order is named") }
        guard numbers.count <= Self.mostMerged else { return .refused("\(Self.mostMerged) orders are the most") }
        var states: [OrderState] = []
        for number in numbers {
            guard let state = set.orders[number] else { return .refused("there is no order \(number)") }
            if let problem = obstacle(toMerging: state) { return .refused("\(number) \(problem)") }
            states.append(state)
        }
        if let problem = doubt(about: command, message, states[0]) { return problem }
        guard Set(states.map(MergeKey.shared)).count == 1 else {
            return .refused("they differ in shop, payment term, currency or receiver")
        }
        let there = states.map { Set($0.singleParts.map(\.warehouse)) }
        let common = there.dropFirst().reduce(there[0]) { $0.intersection($1) }
        guard !common.isEmpty else { return .refused("no warehouse ships one part of each") }
        guard common.contains(where: { share(parts(of: states, in: $0)).count == 1 }) else {
            return .refused("split rules don't let one parcel hold all of it")
        }
        let key = MergeKey.tie(cause, set.reference.hashKey)
        for number in numbers {
            _ = withOrder(number) { decider, state in
                decider.leaveGroup(&state, as: .tied(key: key))
                decider.why.append("to go with \(numbers.filter { $0 != number }.joined(separator: ", "))")
                decider.why.append("by \(command.by): \(command.reason)")
                decider.settle(&state)
                return .done
            }
        }
        return .done
    }

    private func parts(of states: [OrderState], in warehouse: String) -> [Passenger] {
        states.flatMap { state in
            state.singleParts.filter { $0.warehouse == warehouse }.map {
                Passenger(order: state.order.number, part: $0.id)
            }
        }
    }

    private func obstacle(toMerging state: OrderState) -> String? {
        if set.quarantined[state.order.number] != nil { return "is in quarantine" }
        guard state.order.status == .awaitingRelease, !state.fulfilmentsShipped,
            state.fulfilments.all.allSatisfy({ !$0.state.isWithWarehouse })
        else { return "is \(state.order.status.rawValue): what waits to be handed over can be put together" }
        guard isPaymentSatisfied(state) else { return "is not paid" }
        return state.order.merging.isTied ? "is put together with others already: take it out first" : nil
    }

    /// A person takes an order out of those that it goes with: before hand-over at once, then its warehouse is asked.
    mutating func unmerge(_ state: inout OrderState) -> Outcome {
        if state.order.merging.key != nil {
            leaveGroup(&state, as: .apart)
            settle(&state)
            return .done
        }
        let travelling = state.fulfilments.all.filter {
            $0.travelsIn != nil && $0.state.isWithWarehouse && $0.cancel != .agreed
        }
        guard !travelling.isEmpty else { return .refused("it goes with no other order") }
        guard travelling.allSatisfy({ $0.cancel != .requested }) else {
            return .refused("its warehouse is asked already")
        }
        guard !state.wasCancelled else { return .refused(Self.wouldEnd) }
        for part in travelling { askToLeave(part.id, &state) }
        settle(&state)
        return .done(note: "asked of \(travelling.map(\.warehouse).joined(separator: ", "))")
    }

    /// Why an order that was to be cancelled is not taken out of its parcel.
    static var wouldEnd: String {
        "its buyer wanted to cancel it: taken out now, it would be cancelled; cancel it instead"
    }
}
