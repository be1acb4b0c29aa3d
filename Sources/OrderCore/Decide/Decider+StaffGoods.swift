/// What staff want done with the goods of an order.
extension Decider {
    /// Another carrier, for what is not handed over yet.
    mutating func changeCarrier(_ state: inout OrderState, to carrier: String, of id: String?) -> Outcome {
        let parts = state.fulfilments.all.filter { $0.state == .planned && (id == nil || $0.id == id) }
        guard !parts.isEmpty else {
            return .refused("nothing of it waits to be handed over: ask the warehouse")
        }
        for part in parts {
            state.fulfilments.update(part.id) { $0.carrier = carrier }
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

    /// Ends some units of an order before it is handed over; their share goes back.
    mutating func cancel(_ state: inout OrderState, lines: [LineQuantity]) -> Outcome {
        let wanted = lines.sums
        for (number, quantity) in wanted.sorted(by: { $0.key < $1.key }) {
            guard let line = state.lines[number] else { return .refused("the order has no line \(number)") }
            guard quantity > 0, quantity <= line.open else {
                return .refused("\(quantity) of line \(number) are to be cancelled, \(line.open) are open")
            }
        }
        guard !wanted.isEmpty else { return .refused("no lines are named") }
        guard state.order.status.isBeforeRelease, !state.fulfilments.all.contains(where: { $0.state.isWithWarehouse })
        else {
            return .refused("the order was handed over: cancel all of it, and the warehouses are asked")
        }
        if state.lines.all.allSatisfy({ $0.gift != nil || wanted[$0.number, default: 0] == $0.open }) {
            return cancel(&state, reason: "staff")
        }
        for (number, quantity) in wanted.sorted(by: { $0.key < $1.key }) { takeOff(number, quantity, &state) }
        recount(&state)
        takeBackGifts(&state)
        why.append(
            "cancelled: "
                + wanted.sorted { $0.key < $1.key }.map { "\($0.value) of line \($0.key)" }.joined(separator: ", "))
        settle(&state)
        return .done
    }

    /// Takes units off an order and off the parts that carry them, the newest first.
    mutating func takeOff(_ number: Int64, _ units: Int64, _ state: inout OrderState) {
        state.lines.update(number) { $0.cancelled += units }
        let carried = state.fulfilmentLines.all.reduce(0) { $0 + ($1.key.line == number ? $1.open : 0) }
        // What no part carries goes first.
        var left = carried - (state.lines[number]?.open ?? 0)
        for part in state.fulfilments.all.reversed() where !part.state.isWithWarehouse && left > 0 {
            let key = FulfilmentLine.Key(part.id, number)
            guard let line = state.fulfilmentLines[key], line.open > 0 else { continue }
            let taken = min(line.open, left)
            unreserve(&state, key, in: part.warehouse, upTo: taken)
            state.fulfilmentLines.update(key) { $0.cancelled += taken }
            left -= taken
            finishShipped(part.id, &state)
            if part.state == .rejected, state.lines(of: part.id).allSatisfy({ $0.open == 0 }) {
                fix(&state, .warehouseRejected, path: part.id, "what was refused is cancelled")
            }
        }
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
