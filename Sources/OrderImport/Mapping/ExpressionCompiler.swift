internal import OrderCore

/// Reads expressions: a text is a template, keys are an object, and a key with `$` is an operation.
struct ExpressionCompiler {
    /// What holds where an expression does not say.
    struct Defaults {
        var zone: TimeZoneRules?
        var timePattern = TimePattern.iso
        var currency: String?
        var decimals = DecimalStyle()
    }

    var scope: NameScope
    let defaults: Defaults

    /// The same with a row inside.
    func inside(_ table: Int, isGroup: Bool = false) -> ExpressionCompiler {
        ExpressionCompiler(scope: scope.inside(table, isGroup: isGroup), defaults: defaults)
    }

    func expression(_ node: MappingNode) throws(ImportError) -> Expression {
        if node.isNull { return .constant(.absent) }
        if let list = node.list { return .list(try expressions(list)) }
        guard node.isMapping else {
            if let flag = node.plainFlag { return .constant(.flag(flag)) }
            if let integer = node.plainInteger { return .constant(.integer(integer)) }
            return try TemplateText.compile(try node.text(), at: node, in: scope)
        }
        let members = try node.members()
        if let operation = members.first(where: { $0.name.hasPrefix("$") }) {
            guard let kind = Operation(rawValue: String(operation.name.dropFirst())) else {
                let known = Operation.allCases.map { "$" + $0.rawValue }
                throw operation.value.error("no such operation: \(Suggestion.text(for: operation.name, among: known))")
            }
            let fields = try MappingFields(node, known: [operation.name] + kind.arguments)
            return try self.operation(kind, operation.value, fields)
        }
        var object: [(name: String, value: Expression)] = []
        for member in members { object.append((member.name, try expression(member.value))) }
        return .object(object)
    }

    func expressions(_ nodes: [MappingNode]) throws(ImportError) -> [Expression] {
        var expressions: [Expression] = []
        for node in nodes { expressions.append(try expression(node)) }
        return expressions
    }

    /// Rows with the condition that stands beside them.
    func rows(
        _ node: MappingNode, where condition: MappingNode?
    ) throws(ImportError) -> (reference: RowsReference, inside: ExpressionCompiler) {
        let (source, table) = try scope.rows(try node.text(), at: node)
        let inner = inside(table)
        let condition = try condition.map { (node) throws(ImportError) in try inner.condition(node) }
        return (RowsReference(source: source, condition: condition), inner)
    }

    private enum Operation: String, CaseIterable {
        case minor, integer, time, lower, upper, trim, replace, lookup
        case `if`, first, min, max, add, subtract, multiply, divide, sum, count, each

        var arguments: [String] {
            switch self {
            case .minor: ["currency"]
            case .time: ["format", "zone"]
            case .replace: ["what", "by"]
            case .lookup: ["in", "else"]
            case .if: ["then", "else"]
            case .first, .min, .max, .sum: ["over", "where"]
            case .count: ["where"]
            case .each: ["as", "where"]
            case .integer, .lower, .upper, .trim, .add, .subtract, .multiply, .divide: []
            }
        }
    }

    private func operation(
        _ operation: Operation, _ operand: MappingNode, _ fields: MappingFields
    ) throws(ImportError) -> Expression {
        switch operation {
        case .minor: return .minor(try expression(operand), currency: try currency(fields), defaults.decimals)
        case .integer: return .integer(try expression(operand), defaults.decimals)
        case .time: return try time(operand, fields)
        case .lower: return .edit(.lower, try expression(operand))
        case .upper: return .edit(.upper, try expression(operand))
        case .trim: return .edit(.trim, try expression(operand))
        case .replace:
            let what = try fields.required("what", "the text to replace").text()
            return .edit(.replace(what, by: try fields["by"]?.text() ?? ""), try expression(operand))
        case .lookup: return try lookup(operand, fields)
        case .if:
            let yes = try expression(try fields.required("then", "the value if the condition holds"))
            let no = try fields["else"].map { (node) throws(ImportError) in try expression(node) }
            return .choice(try condition(operand), yes, no ?? .constant(.absent))
        case .add: return try arithmetic(.add, operand)
        case .subtract: return try arithmetic(.subtract, operand)
        case .multiply: return try arithmetic(.multiply, operand)
        case .divide: return try arithmetic(.divide, operand)
        case .sum:
            _ = try fields.required("over", "the rows to add up")
            return try aggregate(.sum, operand, fields)
        case .first:
            return fields["over"] == nil
                ? .first(try expressions(try operand.requiredList())) : try aggregate(.first, operand, fields)
        case .min: return try extreme(.min, operand, fields)
        case .max: return try extreme(.max, operand, fields)
        case .count:
            let (rows, _) = try rows(operand, where: fields["where"])
            return .aggregate(.count, .constant(.absent), rows)
        case .each:
            let (rows, inner) = try rows(operand, where: fields["where"])
            return .each(rows, try inner.expression(try fields.required("as", "the value for each row")))
        }
    }

    private func arithmetic(_ kind: Expression.Arithmetic, _ operand: MappingNode) throws(ImportError) -> Expression {
        let operands = try operand.requiredList()
        guard operands.count >= 2 else { throw operand.error("expected at least two operands") }
        return .arithmetic(kind, try expressions(operands))
    }

    private func extreme(
        _ kind: Expression.Extreme, _ operand: MappingNode, _ fields: MappingFields
    ) throws(ImportError) -> Expression {
        fields["over"] == nil
            ? .extreme(kind, try expressions(try operand.requiredList()))
            : try aggregate(.extreme(kind), operand, fields)
    }

    private func aggregate(
        _ kind: Expression.Aggregate, _ operand: MappingNode, _ fields: MappingFields
    ) throws(ImportError) -> Expression {
        let (rows, inner) = try rows(try fields.required("over", "the rows to go through"), where: fields["where"])
        return .aggregate(kind, try inner.expression(operand), rows)
    }

    private func currency(_ fields: MappingFields) throws(ImportError) -> Expression {
        guard let node = fields["currency"] else {
            guard let currency = defaults.currency else {
                throw fields.node.error("$minor needs a \"currency\", here or at the top of the mapping")
            }
            return .constant(.text(currency))
        }
        let currency = try expression(node)
        if case .constant(let value) = currency, Currency(code: value.text ?? "") == nil {
            throw node.error("expected a currency of ISO 4217, got \(value.kind)")
        }
        return currency
    }

    private func lookup(_ operand: MappingNode, _ fields: MappingFields) throws(ImportError) -> Expression {
        var table: [String: Expression] = [:]
        for entry in try fields.required("in", "what each text stands for").members() {
            table[entry.name] = try expression(entry.value)
        }
        let otherwise = try fields["else"].map { (node) throws(ImportError) in try expression(node) }
        return .lookup(try expression(operand), table, otherwise: otherwise)
    }
}
