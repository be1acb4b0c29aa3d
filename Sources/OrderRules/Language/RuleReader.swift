internal import OrderCore

/// A rule, with the places where it was written.
struct PlacedRule {
    var rule: Rule
    var node: RuleNode
    /// Of its name.
    var name: RuleNode
}

/// Reads `rules:`.
struct RuleReader {
    let context: RuleContext

    func read(_ node: RuleNode) -> PlacedRule? {
        guard let members = node.members(RuleKey.keys) else { return nil }
        let phase = member("phase", members, of: node).flatMap { $0.choice("phase", of: RulePhase.self) }
        let nameNode = member("name", members, of: node)
        let name = nameNode.flatMap { $0.text() }
        var rule = Rule(name ?? "", phase ?? .validate)
        rule.title = members["title"].flatMap { $0.text() }
        rule.priority = members["priority"].flatMap { $0.integer() } ?? rule.priority
        rule.isEnabled = members["enabled"].flatMap { $0.flag() } ?? true
        rule.stops = members["stop"].flatMap { $0.flag() } ?? false
        readPeriod(&rule, members)
        rule.sellers = ["channels", "partners"].flatMap { members[$0].map(sellers) ?? [] }
        if let condition = members["when"] {
            rule.condition = ConditionReader(phase: phase, context: context).read(condition) ?? .all([])
        }
        if let actions = member("then", members, of: node) {
            let title = rule.title ?? rule.name
            rule.actions = ActionReader(phase: phase, title: title, context: context).read(actions)
            if phase == .output { OutputCheck(rule: rule, node: actions).check() }
        }
        guard let nameNode, name != nil, phase != nil else { return nil }
        return PlacedRule(rule: rule, node: node, name: nameNode)
    }

    private func member(_ key: String, _ members: [String: RuleNode], of node: RuleNode) -> RuleNode? {
        if members[key] == nil { node.error("the rule has no `\(key)`") }
        return members[key]
    }

    private func readPeriod(_ rule: inout Rule, _ members: [String: RuleNode]) {
        rule.validFrom = members["from"].flatMap { $0.moment() }
        rule.validUntil = members["until"].flatMap { $0.moment() }
        guard let from = rule.validFrom, let until = rule.validUntil, from >= until else { return }
        members["until"]?.error("`until` is not after `from`: the rule never holds")
    }

    private func sellers(_ node: RuleNode) -> [String] {
        let list = node.listOrOne()
        if list.isEmpty { node.error("an empty list: leave it out for all") }
        return list.compactMap { node in
            let code = node.text()
            if let code { context.checkSeller(code, node) }
            return code
        }
    }
}
