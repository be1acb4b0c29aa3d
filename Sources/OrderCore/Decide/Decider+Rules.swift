extension Decider {
    /// What rules are asked about: the order as it stands now.
    func subject(_ state: OrderState) -> RuleSubject {
        RuleSubject(
            state.order, lines: state.lines.all, contact: state.contact.all.first, products: set.reference.products,
            now: now)
    }

    /// The rules of a phase that match an order, in their order.
    func rules(_ phase: RulePhase, _ state: OrderState) -> [Rule] {
        guard set.reference.rules.has(phase) else { return [] }
        return set.reference.rules.matches(phase, subject(state))
    }
}
