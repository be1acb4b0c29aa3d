extension Decider {
    /// `order.command`: applied or refused, and why. Every command carries who and why.
    mutating func apply(_ command: StaffCommand, _ message: Message, _ state: inout OrderState) -> Outcome {
        if let refusal = doubt(about: command, message, state) { return refusal }
        let outcome = carryOut(command, &state)
        if case .done = outcome { why.append("by \(command.by): \(command.reason)") }
        return outcome
    }

    /// Why a command is not to be obeyed, whatever it wants.
    func doubt(about command: StaffCommand, _ message: Message, _ state: OrderState) -> Outcome? {
        if let expected = command.expectedVersion, expected != state.order.version {
            return .refused("decided on version \(expected), the order is at \(state.order.version): look again")
        }
        guard !command.reason.isEmpty else { return .refused("a command needs a reason") }
        guard message.sender.may(command.action) else { return .refused("\(command.by) has no role that may do this") }
        return nil
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
        case .changeCarrier(let carrier, let id): return changeCarrier(&state, to: carrier, of: id)
        case .source(let warehouse): return source(&state, from: warehouse)
        case .cancelLines(let lines): return cancel(&state, lines: lines)
        case .split(let lines, let id): return split(&state, lines, from: id)
        case .editLines(let edits): return edit(&state, edits)
        case .merge: return .refused("it names no other order")
        case .unmerge: return unmerge(&state)
        case .retryOutput:
            why.append("output tried again")
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
        closeHoldsOfRules(&state)
        let problem = sourceAgain(&state)
        let unanswered = state.requests.all.filter { $0.state == .failed || $0.state == .inDoubt }
        for request in unanswered {
            fix(
                &state, request.kind == .capture ? .captureFailed : .refundFailed, path: request.requestID,
                "asked again")
            askAgain(&state, request.requestID)
        }
        for fulfilment in state.fulfilments.all where fulfilment.isHandOverInDoubt && fulfilment.unanswered > 1 {
            if fulfilment.isLead {
                // With what other orders have in it.
                setTimer(.handOverInDoubt, state, reference: fulfilment.subject, after: 0)
            } else {
                handOverAgain(fulfilment, &state)
            }
        }
        if let problem, unanswered.isEmpty, why.isEmpty { return .refused(problem) }
        settle(&state)
        return .done(note: problem)
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

extension Sender {
    /// Whether one of the speaker's roles covers the action.
    public func may(_ action: StaffCommand.Action) -> Bool {
        guard case .staff(let roles) = self else { return self == .system }
        let needed: Set<StaffRole> =
            switch action {
            case .override: [.administrator, .reviewer, .operations]
            case .refund: [.administrator, .finance, .customerService]
            case .release, .retry, .retryOutput, .hold:
                [.administrator, .reviewer, .operations, .customerService, .warehouse]
            case .source, .changeCarrier, .split: [.administrator, .operations, .warehouse]
            case .merge, .unmerge: [.administrator, .customerService, .operations, .warehouse]
            case .editReceiver, .editLines, .cancel, .cancelLines: [.administrator, .customerService, .operations]
            case .liftQuarantine: [.administrator, .operations]
            case .note: Set(StaffRole.allCases).subtracting([.viewer])
            }
        return !needed.isDisjoint(with: roles)
    }
}
