internal import OrderCore

/// A rule, with the places where it was written.
struct PlacedRule {
    var rule: Rule
    var node: RuleNode
    /// Of its name.
    var name: RuleNode

    /// The same with the entries of lists in the place of their names, so that conditions can be compared. Lists that are not
    /// there or empty, which is told elsewhere, keep their names.
    func spelledOut(_ context: RuleContext) -> PlacedRule {
        var other = self
        other.rule.condition = rule.condition.spelledOut { name in
            let entries = context.lists[name]?.list.entries ?? []
            return entries.isEmpty ? .isInList(name) : .isIn(entries)
        }
        return other
    }
}

extension RuleCondition {
    fileprivate func spelledOut(_ test: (String) -> RuleTest) -> RuleCondition {
        switch self {
        case .all(let parts): .all(parts.map { $0.spelledOut(test) })
        case .any(let parts): .any(parts.map { $0.spelledOut(test) })
        case .not(let part): .not(part.spelledOut(test))
        case .lines(let quantifier, let part): .lines(quantifier, part.spelledOut(test))
        case .sum(let field, let part, let bounds): .sum(field, of: part.spelledOut(test), bounds)
        case .order(let field, .isInList(let name)): .order(field, test(name))
        case .line(let field, .isInList(let name)): .line(field, test(name))
        case .order, .line, .history: self
        }
    }
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
        guard let until = rule.validUntil else { return }
        if let from = rule.validFrom, from >= until {
            members["until"]?.error("`until` is not after `from`: the rule never holds")
        } else if let now = context.now, until <= now {
            members["until"]?.warning("`until` is over: the rule is asked no more")
        }
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
