/// Finds another place for what a warehouse has refused, was short of, or lost.
extension Decider {
    /// A warehouse has refused part of an order that a rule sources: another is asked soon, so often. What was made to
    /// order has no other place: people decide.
    mutating func sourceElsewhereSoon(_ fulfilment: String, _ state: inout OrderState) {
        guard set.reference.rules.has(.source), !state.isMadeRefused else { return }
        // By a due row: what a warehouse says brings neither the stock of others nor the products that rules ask for.
        setTimer(.sourceAgain, state, reference: fulfilment, after: 0)
    }

    /// Asks another warehouse for what was refused, unless people have seen to it.
    mutating func sourceElsewhere(_ fulfilment: String, _ state: inout OrderState) -> Outcome {
        if state.fulfilments[fulfilment]?.isHandOverInDoubt == true { return askBack(fulfilment, &state) }
        guard state.openHolds.contains(where: { $0.reason.isSourcing && $0.path == fulfilment }) else {
            return .done(note: "seen to meanwhile")
        }
        let (rule, action) = sourceAction(state)
        guard rule != nil else { return .done(note: "no rule sources it") }
        let refusers = state.refusers.count
        guard refusers <= action.mostAgain else {
            why.append("\(refusers) warehouses have refused: not sourced again by itself")
            return .done
        }
        let problem = sourceAgain(&state)
        why.append(problem.map { "not sourced again: \($0)" } ?? "sourced again by itself")
        settle(&state)
        return .done
    }

    /// A warehouse has left several requests to take its part unanswered: it is asked to give it back, where a rule says so
    /// and others have the stock. It may be at work on it all the same, so nobody else is asked before it has agreed.
    private mutating func askBack(_ id: String, _ state: inout OrderState) -> Outcome {
        let (rule, action) = sourceAction(state)
        guard let part = state.fulfilments[id] else { return .done }
        guard let rule, let most = action.unanswered, part.unanswered >= most, !state.order.isCancelling,
            state.refusers.count < action.mostAgain
        else {
            requestAgain(part, &state)
            return .done
        }
        let isMade = state.lines(of: id).contains { state.lines[$0.key.line]?.type == .madeToOrder && $0.open > 0 }
        var (trial, copy) = (self, state)
        trial.detach(part, &copy, as: .release)
        guard !isMade, trial.source(&copy, excluding: part.warehouse).reasons.isEmpty else {
            why.append("not asked back: no other warehouse has the stock")
            requestAgain(part, &state)
            return .done
        }
        let text =
            "\(part.warehouse) has not answered \(part.unanswered) requests to take it: it is asked to give it back"
        note(rule, text, subject(state))
        hold(&state, .warehouseRejected, path: id, text)
        askToStop(id, reason: "no_answer", &state)
        return .done
    }

    /// Finds another warehouse for what was rejected, lost or short, never one that refused before.
    ///
    /// - Parameter action: where from; as rules or priorities say where nobody says it.
    mutating func sourceAgain(_ state: inout OrderState, by action: SourceAction? = nil) -> String? {
        guard state.order.isValidated, !state.order.isCancelling, !state.order.status.isFinal else { return nil }
        if let problem = obstacle(toSourcing: state, by: action) { return problem }
        let parts = state.fulfilments.all.count
        giveUpRejected(&state)
        guard source(&state, by: action).reasons.isEmpty else { return "no other warehouse has the stock" }
        guard state.fulfilments.all.count > parts else { return state.unproduced }
        closeHolds(&state, .fixed, "sourced again") { $0.reason.isSourcing }
        if state.order.status.isWithWarehouse { requestPlanned(&state) }
        return nil
    }

    /// Takes rejected parts off their warehouses. What was made to order is where it was produced, and asked of that
    /// warehouse again; also of a part that was asked back for the sake of its other lines.
    private mutating func giveUpRejected(_ state: inout OrderState) {
        for fulfilment in state.fulfilments.all where fulfilment.state == .rejected {
            let open = state.lines(of: fulfilment.id).filter { $0.open > 0 }
            guard !open.isEmpty else { continue }
            let made = open.filter { state.lines[$0.key.line]?.type == .madeToOrder }
            detach(fulfilment, &state, as: .move)
            plan(
                made.map { LineQuantity(line: $0.key.line, quantity: $0.open) }, in: fulfilment.warehouse, joins: false,
                &state)
        }
        for fulfilment in state.fulfilments.all where fulfilment.cancel == .agreed && state.isRecalled(fulfilment.id) {
            let planned = state.planned
            let made = state.lines(of: fulfilment.id).compactMap { part -> LineQuantity? in
                guard let line = state.lines[part.key.line], line.type == .madeToOrder else { return nil }
                let loose = line.open - planned[line.number, default: 0]
                return LineQuantity(line: line.number, quantity: min(part.cancelled, loose))
            }
            plan(made, in: fulfilment.warehouse, joins: false, &state)
        }
    }

    /// Why what is rejected, lost or short can't all come from elsewhere, tried on a copy: the reservation is kept until it
    /// can.
    private func obstacle(toSourcing state: OrderState, by action: SourceAction?) -> String? {
        var (trial, copy) = (self, state)
        trial.giveUpRejected(&copy)
        guard trial.source(&copy, by: action).reasons.isEmpty else { return "no other warehouse has the stock" }
        return copy.unproduced
    }

    /// Takes what is open off a fulfilment without taking it off the order.
    mutating func detach(_ fulfilment: Fulfilment, _ state: inout OrderState, as kind: StockMovement.Kind) {
        for line in state.lines(of: fulfilment.id) {
            unreserve(&state, line.key, in: fulfilment.warehouse, upTo: line.reserved, as: kind)
            state.fulfilmentLines.update(line.key) { $0.cancelled += $0.open }
        }
    }
}

extension OrderState {
    /// What was produced and is missing has no other place to come from.
    fileprivate var unproduced: String? {
        let planned = planned
        let isLost = lines.all.contains {
            $0.type == .madeToOrder && $0.open > planned[$0.number, default: 0]
                && $0.produced >= $0.quantity - $0.cancelled
        }
        return isLost ? "what was made to order can't be sourced again: cancel what is left" : nil
    }

    /// Warehouses that rejected part of the order, were short of it, or did not answer.
    var refusers: Set<String> { Set(refusals.map(\.warehouse)) }

    /// A warehouse won't ship what was made to order.
    fileprivate var isMadeRefused: Bool {
        refusals.contains { refused in
            lines(of: refused.id).contains { $0.open > 0 && lines[$0.key.line]?.type == .madeToOrder }
        }
    }

    /// Parts that a warehouse rejected, was short of, or gave back without having answered.
    fileprivate var refusals: [Fulfilment] {
        let short = Set(holds.all.filter { $0.reason == .shortShipped }.compactMap(\.path))
        let unanswered = Set(holds.all.filter { $0.reason == .warehouseRejected }.compactMap(\.path))
        return fulfilments.all.filter {
            $0.state == .rejected || short.contains($0.id) || $0.cancel == .agreed && unanswered.contains($0.id)
        }
    }
}
