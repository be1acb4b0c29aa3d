internal import OrderCore

/// Reads what a field must pass: a value, a list of values, or operators, all of which must hold.
struct TestReader {
    /// As it is called in texts.
    let name: String
    let kind: RuleFieldKind
    let context: RuleContext
    /// Makes the condition of a test.
    let condition: (RuleTest) -> RuleCondition

    func read(_ node: RuleNode) -> RuleCondition? {
        if node.list != nil { return fits(.in, node) ? apply(.in, node) : nil }
        guard node.isMapping else { return fits(.is, node) ? apply(.is, node) : nil }
        var operators: [(RuleOperator, RuleNode)] = []
        let members = node.members() ?? []
        for (name, value) in members {
            guard let known = RuleOperator(rawValue: name) else {
                let fitting = RuleOperator.fitting(kind).map(\.rawValue)
                value.keyError(Spelling.unknown("operator", name, among: fitting))
                continue
            }
            if fits(known, value) { operators.append((known, value)) }
        }
        guard operators.count == members.count else { return nil }
        return read(operators, node)
    }

    /// Several operators; bounds become one range.
    func read(_ operators: [(RuleOperator, RuleNode)], _ node: RuleNode) -> RuleCondition? {
        guard !operators.isEmpty else {
            node.error("expected an operator, one of \(Self.names(RuleOperator.fitting(kind)))")
            return nil
        }
        var range = Range()
        var parts = operators.compactMap { apply($0.0, $0.1, &range) }
        if range.isSet {
            guard range.lower <= range.upper else {
                node.error("nothing is within these bounds")
                return nil
            }
            parts.append(condition(.within(range.lower...range.upper)))
        }
        return .every(parts)
    }

    private struct Range {
        var lower = Int64.min
        var upper = Int64.max
        var isSet = false

        mutating func bound(_ lower: Int64 = .min, _ upper: Int64 = .max) {
            (self.lower, self.upper) = (max(self.lower, lower), min(self.upper, upper))
            isSet = true
        }
    }

    private func fits(_ used: RuleOperator, _ node: RuleNode) -> Bool {
        let fitting = RuleOperator.fitting(kind)
        if fitting.contains(used) { return true }
        node.keyError(
            "`\(name)` is \(kind.words): it can't be tested with `\(used.rawValue)`, but with \(Self.names(fitting))")
        return false
    }

    private func apply(_ used: RuleOperator, _ node: RuleNode) -> RuleCondition? {
        var range = Range()
        return apply(used, node, &range)
    }

    private func apply(_ used: RuleOperator, _ node: RuleNode, _ range: inout Range) -> RuleCondition? {
        switch used {
        case .is: return oneOf([node])
        case .not: return oneOf([node]).map { .not($0) }
        case .in: return node.elements().flatMap { values in filled(values, node).flatMap(oneOf) }
        case .notIn: return node.elements().flatMap { values in filled(values, node).flatMap(oneOf) }.map { .not($0) }
        case .inList: return list(node)
        case .notInList: return list(node).map { .not($0) }
        case .atLeast: if let bound = number(node) { range.bound(bound) }
        case .above: if let bound = number(node) { range.bound(bound + 1) }
        case .atMost: if let bound = number(node) { range.bound(.min, bound) }
        case .below: if let bound = number(node) { range.bound(.min, bound - 1) }
        case .between: return between(node, &range)
        case .contains: return node.text().map { condition(.contains($0)) }
        case .matches: return node.text().map { condition(.matches($0)) }
        case .exists: return node.flag().map { condition(.exists($0)) }
        }
        return nil
    }

    private func filled(_ values: [RuleNode], _ node: RuleNode) -> [RuleNode]? {
        if values.isEmpty { node.error("an empty list: nothing is in it") }
        return values.isEmpty ? nil : values
    }

    /// It is one of these values.
    private func oneOf(_ nodes: [RuleNode]) -> RuleCondition? {
        guard kind.isNumeric else {
            let texts = nodes.compactMap(text)
            return texts.isEmpty ? nil : condition(.isIn(Set(texts)))
        }
        let numbers = nodes.compactMap(number)
        return numbers.isEmpty ? nil : .either(numbers.map { condition(.within($0...$0)) })
    }

    private func list(_ node: RuleNode) -> RuleCondition? {
        guard let list = node.text() else { return nil }
        guard context.use(list) else {
            node.error(Spelling.unknown("list", list, among: context.lists.keys.sorted()))
            return nil
        }
        return condition(.isInList(list))
    }

    private func between(_ node: RuleNode, _ range: inout Range) -> RuleCondition? {
        guard let elements = node.list, elements.count == 2 else {
            node.error("expected a list of two bounds, got \(node.kind)")
            return nil
        }
        guard let lower = number(elements[0]), let upper = number(elements[1]) else { return nil }
        if kind == .timeOfDay {
            guard lower != upper else {
                node.error("from \(RuleText.timeOfDay(lower)) to before \(RuleText.timeOfDay(upper)) there is no time")
                return nil
            }
            return condition(.during(from: lower, until: upper))
        }
        guard lower <= upper else {
            node.error("the bounds are swapped: [\(upper), \(lower)] is meant?")
            return nil
        }
        range.bound(lower, upper)
        return nil
    }

    private func number(_ node: RuleNode) -> Int64? {
        switch kind {
        case .timeOfDay: node.timeOfDay()
        case .flag: node.flag().map { $0 ? 1 : 0 }
        case .amount: node.integer(RuleBounds.numbers, "an amount in minor units, a whole number")
        default: node.integer()
        }
    }

    private func text(_ node: RuleNode) -> String? {
        guard let text = node.text() else { return nil }
        guard case .word(let words) = kind, !words.contains(text) else { return text }
        node.error(Spelling.unknown("value of `\(name)`:", text, among: words))
        return nil
    }

    private static func names(_ operators: [RuleOperator]) -> String {
        operators.map { "`\($0.rawValue)`" }.joined(separator: ", ")
    }
}

extension RuleFieldKind {
    /// What it is, for people.
    fileprivate var words: String {
        switch self {
        case .text: "a text"
        case .word: "one of a few words"
        case .number: "a number"
        case .amount: "an amount"
        case .timeOfDay: "a time of day"
        case .flag: "true or false"
        }
    }
}

extension RuleCondition {
    /// All of these; one alone stands for itself.
    static func every(_ parts: [RuleCondition]) -> RuleCondition { parts.count == 1 ? parts[0] : .all(parts) }

    /// At least one of these; one alone stands for itself.
    static func either(_ parts: [RuleCondition]) -> RuleCondition { parts.count == 1 ? parts[0] : .any(parts) }
}
