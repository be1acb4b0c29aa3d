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
}
