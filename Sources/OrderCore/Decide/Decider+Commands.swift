extension Decider {
    /// `order.command`: applied or refused, and why. Every command carries who and why.
    mutating func apply(_ command: StaffCommand, _ message: Message, _ state: inout OrderState) -> Outcome {
        if let expected = command.expectedVersion, expected != state.order.version {
            return .refused("decided on version \(expected), the order is at \(state.order.version): look again")
        }
        guard !command.reason.isEmpty else { return .refused("a command needs a reason") }
        guard message.sender.may(command.action) else { return .refused("\(command.by) has no role that may do this") }
        let outcome = carryOut(command, &state)
        if case .done = outcome { why.append("by \(command.by): \(command.reason)") }
        return outcome
    }

    private mutating func carryOut(_ command: StaffCommand, _ state: inout OrderState) -> Outcome {
        switch command.action {
        case .release(let reason): return close(&state, reason, .released, command.reason)
        case .override(let reason): return close(&state, reason, .overridden, command.reason)
        case .retry: return retry(&state)
        case .editReceiver(let receiver): return edit(&state, receiver)
        case .cancel: return cancel(&state, reason: "staff")
        case .refund(let amount): return refund(&state, asked: amount)
        case .hold(let detail):
            guard !state.order.status.isFinal else { return .refused("the order is \(state.order.status.rawValue)") }
            hold(&state, .manual, detail)
            return .done
        case .note(let text):
            why.append("note: \(text)")
            return .done
        case .liftQuarantine: return liftQuarantine(of: &state)
        }
    }

    private mutating func close(
        _ state: inout OrderState, _ reason: HoldReason?, _ closing: HoldClosing, _ why: String
    ) -> Outcome {
        let matching = state.openHolds.filter { reason == nil || $0.reason == reason }
        guard !matching.isEmpty else { return .refused("no such hold is open") }
        let closable = matching.filter { closing == .released ? $0.reason != .cancelling : $0.reason.isOverridable }
        guard !closable.isEmpty else {
            return .refused("\(matching[0].reason.rawValue) can't be closed by a person; mend the cause or cancel")
        }
        if closable.contains(where: { $0.reason.isSourcing }), let problem = sourceAgain(&state) {
            return .refused(problem)
        }
        let numbers = closable.map(\.number)
        closeHolds(&state, closing, why) { numbers.contains($0.number) }
        if !state.hasOpenValidationHold || closing == .overridden { revalidate(&state) }
        settle(&state)
        return .done
    }

    /// Validates and sources again, and asks again for what got no answer.
    private mutating func retry(_ state: inout OrderState) -> Outcome {
        guard !state.order.status.isFinal || state.requests.all.contains(where: { $0.state != .settled }) else {
            return .refused("the order is \(state.order.status.rawValue), and nothing waits for an answer")
        }
        revalidate(&state)
        let problem = sourceAgain(&state)
        let unanswered = state.requests.all.filter { $0.state == .failed || $0.state == .inDoubt }
        for request in unanswered {
            fix(
                &state, request.kind == .capture ? .captureFailed : .refundFailed, path: request.requestID,
                "asked again")
            askAgain(&state, request.requestID)
        }
        for fulfilment in state.fulfilments.all where fulfilment.isHandOverInDoubt && fulfilment.unanswered > 1 {
            handOverAgain(fulfilment, &state)
        }
        if let problem, unanswered.isEmpty, why.isEmpty { return .refused(problem) }
        settle(&state)
        return .done(note: problem)
    }

    /// Finds another warehouse for what was rejected, lost or short, never one that refused before.
    mutating func sourceAgain(_ state: inout OrderState) -> String? {
        guard state.order.isValidated, !state.order.isCancelling, !state.order.status.isFinal else { return nil }
        let excluded = state.refusers
        if let problem = obstacle(toSourcing: state, excluding: excluded) { return problem }
        let parts = state.fulfilments.all.count
        giveUpRejected(&state)
        guard source(&state, excluding: excluded).isEmpty else { return "no other warehouse has the stock" }
        guard state.fulfilments.all.count > parts else { return state.unproduced }
        closeHolds(&state, .fixed, "sourced again") { $0.reason.isSourcing }
        if state.order.status.isWithWarehouse { requestPlanned(&state) }
        return nil
    }

    /// Takes rejected parts off their warehouses. What was made to order stays where it is, also of a part that was asked
    /// back for the sake of its other lines.
    private mutating func giveUpRejected(_ state: inout OrderState) {
        for fulfilment in state.fulfilments.all where fulfilment.state == .rejected {
            let open = state.lines(of: fulfilment.id).filter { $0.open > 0 }
            guard !open.isEmpty else { continue }
            let made = open.filter { state.lines[$0.key.line]?.type == .madeToOrder }
            detach(fulfilment, &state, as: .move)
            plan(made.map { LineQuantity(line: $0.key.line, quantity: $0.open) }, in: fulfilment.warehouse, &state)
        }
        for fulfilment in state.fulfilments.all where fulfilment.cancel == .agreed && state.isRecalled(fulfilment.id) {
            let planned = state.planned
            let made = state.lines(of: fulfilment.id).compactMap { part -> LineQuantity? in
                guard let line = state.lines[part.key.line], line.type == .madeToOrder else { return nil }
                let loose = line.open - planned[line.number, default: 0]
                return LineQuantity(line: line.number, quantity: min(part.cancelled, loose))
            }
            plan(made, in: fulfilment.warehouse, &state)
        }
    }

    /// What was produced is where it was produced: that warehouse is asked again.
    private func plan(_ made: [LineQuantity], in warehouse: String, _ state: inout OrderState) {
        let open = made.filter { $0.quantity > 0 }
        guard !open.isEmpty else { return }
        let id = state.planFulfilment(in: warehouse)
        for part in open {
            guard let line = state.lines[part.line] else { continue }
            state.fulfilmentLines.insert(
                FulfilmentLine(key: FulfilmentLine.Key(id, part.line), sku: line.sku, quantity: part.quantity))
        }
    }

    /// Why what is rejected, lost or short can't all come from elsewhere, tried on a copy: the reservation is kept until it
    /// can.
    private func obstacle(toSourcing state: OrderState, excluding excluded: Set<String>) -> String? {
        var (trial, copy) = (self, state)
        trial.giveUpRejected(&copy)
        guard trial.source(&copy, excluding: excluded).isEmpty else { return "no other warehouse has the stock" }
        return copy.unproduced
    }

    /// Takes what is open off a fulfilment without taking it off the order.
    mutating func detach(_ fulfilment: Fulfilment, _ state: inout OrderState, as kind: StockMovement.Kind) {
        for line in state.lines(of: fulfilment.id) {
            unreserve(&state, line.key, in: fulfilment.warehouse, upTo: line.reserved, as: kind)
            state.fulfilmentLines.update(line.key) { $0.cancelled += $0.open }
        }
    }

    private mutating func edit(_ state: inout OrderState, _ receiver: Receiver) -> Outcome {
        guard state.order.status.isBeforeRelease, !state.fulfilmentsShipped else {
            return .refused("the order was handed over; ask the warehouse")
        }
        let missing = receiver.missingFields
        guard missing.isEmpty || state.lines.all.allSatisfy({ $0.type == .virtual }) else {
            return .refused("the receiver has no \(missing.joined(separator: ", "))")
        }
        state.contact.update(state.order.number) { $0.receiver = receiver }
        why.append("receiver edited")
        revalidate(&state)
        settle(&state)
        return .done
    }

    private mutating func refund(_ state: inout OrderState, asked amount: Int64?) -> Outcome {
        let received = state.order.money.received
        let wanted = amount ?? received
        guard wanted > 0, wanted <= received else {
            return .refused("\(wanted) asked for, \(received) can be sent back")
        }
        refund(&state, wanted, reason: "staff")
        settle(&state)
        return .done
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

    /// Warehouses that rejected part of the order or were short of it.
    fileprivate var refusers: Set<String> {
        let short = Set(holds.all.filter { $0.reason == .shortShipped }.compactMap(\.path))
        return Set(fulfilments.all.filter { $0.state == .rejected || short.contains($0.id) }.map(\.warehouse))
    }
}

extension Sender {
    /// Whether one of the speaker's roles covers the action.
    public func may(_ action: StaffCommand.Action) -> Bool {
        guard case .staff(let roles) = self else { return self == .system }
        let needed: Set<StaffRole> =
            switch action {
            case .override: [.administrator, .reviewer, .operations]
            case .refund: [.administrator, .finance, .customerService]
            case .release, .retry, .hold: [.administrator, .reviewer, .operations, .customerService, .warehouse]
            case .editReceiver, .cancel: [.administrator, .customerService, .operations]
            case .liftQuarantine: [.administrator, .operations]
            case .note: Set(StaffRole.allCases).subtracting([.viewer])
            }
        return !needed.isDisjoint(with: roles)
    }
}
