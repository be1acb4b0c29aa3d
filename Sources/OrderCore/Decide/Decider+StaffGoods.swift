/// What staff want done with the goods of an order.
extension Decider {
    /// Another carrier, for what is not handed over yet.
    mutating func changeCarrier(_ state: inout OrderState, to carrier: String, of id: String?) -> Outcome {
        let parts = state.fulfilments.all.filter { $0.state == .planned && (id == nil || $0.id == id) }
        guard !parts.isEmpty else {
            return .refused("nothing of it waits to be handed over: ask the warehouse")
        }
        let known = set.reference.rules.set.carriers
        guard known.isEmpty || known[carrier] != nil else {
            let names = known.keys.sorted().joined(separator: ", ")
            return .refused("the rules know no carrier \(carrier); there are: \(names)")
        }
        guard goes(carrier, to: state) else { return .refused("\(carrier) has no route to the receiver") }
        for part in parts {
            state.fulfilments.update(part.id) {
                $0.carrier = carrier
                $0.isCarrierByStaff = true
            }
            why.append("\(part.id) goes with \(carrier)")
            fix(&state, .noCarrier, path: part.id, "a person has chosen the carrier")
        }
        settle(&state)
        return .done
    }

    /// All that is not handed over, or was refused, from this warehouse.
    mutating func source(_ state: inout OrderState, from warehouse: String) -> Outcome {
        guard set.reference.warehouses[warehouse]?.isActive == true else {
            return .refused("no active warehouse has the code \(warehouse)")
        }
        guard !state.refusers.contains(warehouse) else {
            return .refused("\(warehouse) has refused part of the order, or was short of it")
        }
        guard state.order.isValidated, !state.order.isCancelling else {
            return .refused("nothing of it is sourced yet: mend or release its holds first")
        }
        let action = SourceAction(only: warehouse)
        if state.openHolds.contains(where: { $0.reason.isSourcing }) {
            if let problem = sourceAgain(&state, by: action) { return .refused(problem) }
        } else if let refusal = move(&state, to: action) {
            return .refused(refusal)
        }
        settle(&state)
        return .done
    }

    /// Moves what is planned; tried on a copy, so that nothing is given up for nothing.
    private mutating func move(_ state: inout OrderState, to action: SourceAction) -> String? {
        let planned = state.fulfilments.all.filter { $0.state == .planned }
        guard state.order.status.isBeforeRelease, !planned.isEmpty else {
            return "all of it is handed over: a warehouse that refuses its part gives it back"
        }
        let isMade = planned.contains { part in
            state.lines(of: part.id).contains { $0.open > 0 && state.lines[$0.key.line]?.type == .madeToOrder }
        }
        guard !isMade else { return "what was made to order is where it was made" }
        var (trial, copy) = (self, state)
        for part in planned {
            trial.detach(part, &copy, as: .move)
            trial.finishShipped(part.id, &copy)
        }
        guard trial.source(&copy, by: action).reasons.isEmpty else {
            return "\(action.steps[0].warehouses[0]) has not all of it, or does not ship there"
        }
        trial.why.append("moved to \(action.steps[0].warehouses[0])")
        (self, state) = (trial, copy)
        return nil
    }
}

extension SourceAction {
    /// From one warehouse, all of it.
    fileprivate init(only warehouse: String) {
        var step = Step()
        step.warehouses = [warehouse]
        self.init(steps: [step])
    }
}
