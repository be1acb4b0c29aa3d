internal import OrderCore

/// Reads `when:` and what is within it. A mapping is all of its members; a list is of mappings.
struct ConditionReader {
    /// What the fields are of.
    enum Scope {
        case order, line
    }

    /// Of the rule; nil where it could not be read.
    let phase: RulePhase?
    let context: RuleContext

    func read(_ node: RuleNode, _ scope: Scope = .order, depth: Int = 0) -> RuleCondition? {
        let parts = parts(node, scope, depth)
        return parts.isEmpty ? nil : .every(parts)
    }

    private func parts(_ node: RuleNode, _ scope: Scope, _ depth: Int) -> [RuleCondition] {
        guard depth <= RuleBounds.nesting else {
            node.error("more than \(RuleBounds.nesting) conditions within each other")
            return []
        }
        if let list = node.list {
            if list.isEmpty { node.error("an empty list of conditions") }
            return list.compactMap { read($0, scope, depth: depth + 1) }
        }
        guard let members = node.members() else { return [] }
        if members.isEmpty { node.error("expected at least one condition") }
        return members.compactMap { part($0.name, $0.value, scope, depth + 1) }
    }

    private func part(_ name: String, _ node: RuleNode, _ scope: Scope, _ depth: Int) -> RuleCondition? {
        if let combination = CombinationKey(rawValue: name) {
            let parts = parts(node, scope, depth)
            guard !parts.isEmpty else { return nil }
            switch combination {
            case .all: return .every(parts)
            case .any: return .either(parts)
            // Of a list: none of them; of a mapping: not all of it together.
            case .not: return .not(node.list == nil ? .every(parts) : .either(parts))
            }
        }
        return scope == .line ? line(name, node) : order(name, node, depth)
    }

    private func order(_ name: String, _ node: RuleNode, _ depth: Int) -> RuleCondition? {
        if let quantifier = RuleCondition.LineQuantifier(rawValue: name) {
            return read(node, .line, depth: depth).map { .lines(quantifier, $0) }
        }
        if let history = HistoryKey(rawValue: name) { return self.history(history, node) }
        if name == SumKey.name { return sum(node, depth) }
        guard let field = OrderField(rawValue: name) else {
            if LineField(rawValue: name) != nil {
                node.keyError("`\(name)` is a field of lines: it stands within anyLine, allLines, noLine or sum")
            } else {
                node.keyError(Spelling.unknown("field", name, among: Self.orderKeys))
            }
            return nil
        }
        if let problem = problem(name, in: field.phases) { node.keyError(problem) }
        check(field, node)
        if field == .timeOfDay || field == .weekday { context.useClock(node) }
        return TestReader(name: name, kind: field.kind, context: context) { .order(field, $0) }.read(node)
    }

    private func line(_ name: String, _ node: RuleNode) -> RuleCondition? {
        guard let field = LineField(rawValue: name) else {
            if Self.orderKeys.contains(name) {
                node.keyError("`\(name)` is of the order: it stands outside of what is asked of lines")
            } else {
                node.keyError(Spelling.unknown("field", name, among: Self.lineKeys))
            }
            return nil
        }
        if let problem = problem(name, in: field.phases) { node.keyError(problem) }
        return TestReader(name: name, kind: field.kind, context: context) { .line(field, $0) }.read(node)
    }

    /// A field that the phase does not know would never pass a test.
    private func problem(_ name: String, in phases: [RulePhase]) -> String? {
        guard let phase, !phases.contains(phase) else { return nil }
        let known = phases.map(\.rawValue).joined(separator: ", ")
        return "`\(name)` is not known in phase \(phase.rawValue): it is in \(known)"
    }

    /// `sum: {of: quantity, where: {sku: [A, B]}, atLeast: 3}`
    private func sum(_ node: RuleNode, _ depth: Int) -> RuleCondition? {
        guard let members = node.members(SumKey.keys + RuleOperator.comparisons.map(\.rawValue)) else { return nil }
        guard let of = members["of"] else {
            node.keyError("a sum says `of` which field")
            return nil
        }
        let summable = LineField.summable.map(\.rawValue)
        guard let name = of.text() else { return nil }
        guard let field = LineField(rawValue: name), summable.contains(name) else {
            of.error(
                LineField(rawValue: name) == nil
                    ? Spelling.unknown("field", name, among: summable)
                    : "`\(name)` can't be summed; what can: \(summable.joined(separator: ", "))")
            return nil
        }
        if let problem = problem(name, in: field.phases) { of.error(problem) }
        let part = members["where"].map { read($0, .line, depth: depth) } ?? .all([])
        let tests = TestReader(name: "sum", kind: field.kind, context: context) {
            .sum(field, of: part ?? .all([]), $0)
        }
        return tests.read(Self.operators(members), node)
    }

    /// `buyer.orders: {days: 30, atMost: 0}`
    private func history(_ key: HistoryKey, _ node: RuleNode) -> RuleCondition? {
        let operators = RuleOperator.comparisons.map(\.rawValue)
        guard let members = node.members(DurationKey.keys + operators) else { return nil }
        guard DurationKey.keys.contains(where: { members[$0] != nil }) else {
            node.keyError("says within how many `days`, `hours` or `minutes`")
            return nil
        }
        guard let seconds = node.duration(of: members, atLeast: 1) else { return nil }
        let history = BuyerHistory(hasSameGoods: key == .sameOrder, seconds: seconds)
        let tests = TestReader(name: key.rawValue, kind: .number, context: context) { .history(history, $0) }
        return tests.read(Self.operators(members), node)
    }

    private static func operators(_ members: [String: RuleNode]) -> [(RuleOperator, RuleNode)] {
        RuleOperator.allCases.compactMap { used in members[used.rawValue].map { (used, $0) } }
    }

    /// Words that stand in no enumeration of a field, and that can be wrong all the same.
    private func check(_ field: OrderField, _ node: RuleNode) {
        for value in node.values {
            guard let text = value.word else { continue }
            switch field {
            case .event where !EventPayload.names.contains(text):
                value.error(Spelling.unknown("event", text, among: EventPayload.names))
            case .event where !EventPayload.ruledNames.contains(text):
                value.warning("no rule is asked of `\(text)`: alerts and `stock.changed` go their own way")
            case .currency where Currency(code: text) == nil:
                value.error("`\(text)` is no currency of ISO 4217, as CNY")
            case .warehouse: context.checkWarehouse(text, value)
            case .channel, .partner: context.checkSeller(text, value)
            default: break
            }
        }
    }

    /// What may stand in a condition of the order.
    static let orderKeys =
        OrderField.allCases.map(\.rawValue) + RuleCondition.LineQuantifier.allCases.map(\.rawValue) + HistoryKey.keys
        + [SumKey.name] + CombinationKey.keys

    /// What may stand in a condition of a line.
    static let lineKeys = LineField.allCases.map(\.rawValue) + CombinationKey.keys
}

extension LineField {
    /// Those that are counted or measured.
    static let summable = allCases.filter { $0.kind == .number || $0.kind == .amount }
}

extension RuleNode {
    /// The values that a field is compared with, however they are written.
    fileprivate var values: [RuleNode] {
        if let list { return list }
        guard isMapping else { return [self] }
        let exact: Set<String> = ["is", "not", "in", "notIn"]
        return (members() ?? []).filter { exact.contains($0.name) }.flatMap { $0.value.listOrOne() }
    }
}
