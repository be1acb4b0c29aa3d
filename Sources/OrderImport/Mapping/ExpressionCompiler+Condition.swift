extension ExpressionCompiler {
    private static let tests = ["is", "in", "exists", "less", "atMost", "greater", "atLeast"]

    /// A list holds if all of it holds.
    func condition(_ node: MappingNode) throws(ImportError) -> Condition {
        if let list = node.list { return .all(try conditions(list)) }
        let fields = try MappingFields(node, known: ["all", "any", "not", "value"] + Self.tests)
        var parts: [Condition] = []
        if let all = fields["all"] { parts.append(.all(try conditions(try all.requiredList()))) }
        if let any = fields["any"] { parts.append(.any(try conditions(try any.requiredList()))) }
        if let not = fields["not"] { parts.append(.not(try condition(not))) }
        let used = Self.tests.compactMap { name in fields[name].map { (name, $0) } }
        if let value = fields["value"] {
            guard !used.isEmpty else {
                throw node.error("the condition has a value but no test: \(Self.tests.joined(separator: ", "))")
            }
            let value = try expression(value)
            for (name, operand) in used { parts.append(try test(name, value, operand)) }
        } else if let (name, operand) = used.first {
            throw operand.error("\"\(name)\" needs a \"value\" beside it")
        }
        guard !parts.isEmpty else { throw node.error("the condition is empty: expected all, any, not or value") }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private func conditions(_ nodes: [MappingNode]) throws(ImportError) -> [Condition] {
        var conditions: [Condition] = []
        for node in nodes { conditions.append(try condition(node)) }
        return conditions
    }

    private func test(_ name: String, _ value: Expression, _ operand: MappingNode) throws(ImportError) -> Condition {
        switch name {
        case "is": return .oneOf(value, [try expression(operand)])
        case "in": return .oneOf(value, try expressions(try operand.requiredList()))
        case "exists": return .exists(value, try operand.flag())
        default:
            let comparison = Condition.Comparison(rawValue: name) ?? .less
            return .compares(value, comparison, try expression(operand))
        }
    }
}
