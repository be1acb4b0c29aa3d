/// What rules of validation and review say of another receiver.
extension Decider {
    /// What is with a warehouse can't be held: rules that would hold it keep it from being sent elsewhere.
    func refuseToSend(
        _ state: OrderState, _ before: OrderState, _ edited: Set<OrderField>, _ parts: [Fulfilment]
    ) -> String? {
        guard let part = parts.first else { return nil }
        let found = objections(.validate, to: state, before, edited) + objections(.review, to: state, before, edited)
        return found.first.map { rule, reason in
            "\(part.warehouse) has it, and the rule \(rule.name) does not let it go there (\(reason.detail)): cancel it"
        }
    }

    /// Holds an order that rules would not let go to the receiver that it has now, with what is reserved for it.
    mutating func askRulesAgain(_ state: inout OrderState, _ before: OrderState, _ edited: Set<OrderField>) {
        guard state.order.status.isBeforeRelease else { return }
        var found = objections(.validate, to: state, before, edited)
        // Before its review it is asked about the receiver that it has then.
        if state.order.isScreened { found += objections(.review, to: state, before, edited) }
        for (rule, reason) in found
        where !state.openHolds.contains(where: { $0.reason == reason.code && $0.path == reason.path }) {
            note(rule, "held for another receiver", subject(state))
            hold(&state, reason.code, path: reason.path, reason.detail)
        }
        closeHoldsOfRules(&state)
    }

    /// Rules of a phase that would not let an order go: those that look at what is another, also where a person has let it
    /// go before, and those that did not match before.
    private func objections(
        _ phase: RulePhase, to state: OrderState, _ before: OrderState, _ edited: Set<OrderField>
    ) -> [(rule: Rule, reason: Reason)] {
        guard !edited.isEmpty, set.reference.rules.has(phase) else { return [] }
        let known = Set(rules(phase, before).map(\.name))
        let found = rules(phase, state).filter { !known.contains($0.name) || $0.condition.looks(at: edited) }
        return found.flatMap { rule in
            rule.actions.compactMap { action in
                switch action {
                case .reject(let detail): (rule, Reason(.ruleViolated, path: rule.path, detail))
                case .hold(let reason, let detail): (rule, Reason(reason, path: rule.path, detail))
                default: nil
                }
            }
        }
    }

    /// An order that was held with what it has reserved: what rules of validation don't say any more is mended.
    mutating func closeHoldsOfRules(_ state: inout OrderState) {
        let isHeld = state.openHolds.contains { $0.isOfRule && $0.reason.isValidation }
        guard state.order.isValidated, state.order.status.isBeforeRelease, isHeld else { return }
        let paths = Set(rules(.validate, state).map(\.path))
        closeHolds(&state, .fixed, "no longer so") { hold in
            hold.isOfRule && hold.reason.isValidation && !paths.contains(hold.path ?? "")
        }
    }
}
