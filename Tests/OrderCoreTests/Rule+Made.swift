import OrderCore

extension Rule {
    /// A rule of one condition.
    static func made(
        _ name: String, _ phase: RulePhase, _ condition: RuleCondition, _ actions: RuleAction...
    ) -> Rule {
        var rule = Rule(name, phase)
        rule.condition = condition
        rule.actions = actions
        return rule
    }

    /// Lines that differ in any of these travel apart.
    static func splitting(by criteria: Set<SplitAction.Criterion>) -> Rule {
        var split = SplitAction()
        split.criteria = criteria
        return made("parcels", .split, .all([]), .split(split))
    }
}
