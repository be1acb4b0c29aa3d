internal import OrderCore

/// Members of an object as values of the domain. Absent and null give `nil`; anything unexpected throws.
extension JSONDocument {
    /// A text; an empty one counts as absent.
    func text(_ name: StaticString, in object: Node, _ rule: TextRule) throws(FieldProblem) -> String? {
        guard let node = try member(name, in: object) else { return nil }
        return try text(at: node, rule)
    }

    /// A text that must be there.
    func requiredText(_ name: StaticString, in object: Node, _ rule: TextRule) throws(FieldProblem) -> String {
        guard let text = try text(name, in: object, rule) else { throw missing(name, in: object, "a text") }
        return text
    }

    /// The text of a value; `nil` where it is empty.
    func text(at node: Node, _ rule: TextRule) throws(FieldProblem) -> String? {
        guard tokens[node].kind == .string else {
            throw mismatch(at: node, expected: "a text", isPersonal: rule.isPersonal)
        }
        guard let text = string(node) else { throw mismatch(at: node, expected: "a text") }
        let breach =
            tokens[node].isEscaped ? rule.breach(text) : withBytes(of: node) { (bytes) in rule.breach(bytes) }
        if let breach { throw problem(at: node, breach) }
        return text.isEmpty ? nil : text
    }

    /// An integer.
    func integer(
        _ name: StaticString, in object: Node, _ range: ClosedRange<Int64>
    ) throws(FieldProblem) -> Int64? {
        guard let node = try member(name, in: object) else { return nil }
        return try integer(at: node, range)
    }

    /// An integer that must be there.
    func requiredInteger(
        _ name: StaticString, in object: Node, _ range: ClosedRange<Int64>
    ) throws(FieldProblem) -> Int64 {
        guard let value = try integer(name, in: object, range) else {
            throw missing(name, in: object, range.expectation)
        }
        return value
    }

    /// The integer of a value. `1.0` and `1e3` are none: whoever writes them may round elsewhere.
    func integer(at node: Node, _ range: ClosedRange<Int64>) throws(FieldProblem) -> Int64 {
        guard tokens[node].kind == .integer else { throw mismatch(at: node, expected: range.expectation) }
        var digits = slice(node)
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative { digits = digits.dropFirst() }
        var value: Int64 = 0
        for digit in digits {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflow2) = product.subtractingReportingOverflow(Int64(digit &- UInt8(ascii: "0")))
            if overflow || overflow2 { throw mismatch(at: node, expected: range.bounds) }
            value = sum
        }
        if !isNegative {
            if value == .min { throw mismatch(at: node, expected: range.bounds) }
            value = -value
        }
        guard range.contains(value) else { throw mismatch(at: node, expected: range.bounds) }
        return value
    }

    /// `true` or `false`.
    func flag(_ name: StaticString, in object: Node) throws(FieldProblem) -> Bool? {
        guard let node = try member(name, in: object) else { return nil }
        switch tokens[node].kind {
        case .yes: return true
        case .no: return false
        default: throw mismatch(at: node, expected: "true or false")
        }
    }

    /// One of an enumeration's words.
    func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: StaticString, in object: Node, _: Choice.Type
    ) throws(FieldProblem) -> Choice? where Choice.RawValue == String {
        guard let node = try member(name, in: object) else { return nil }
        guard tokens[node].kind == .string, let text = string(node), let choice = Choice(rawValue: text) else {
            let words = Choice.allCases.map(\.rawValue)
            throw mismatch(at: node, expected: "one of \(words.joined(separator: ", "))")
        }
        return choice
    }

    /// A currency of ISO 4217.
    func currency(_ name: StaticString, in object: Node) throws(FieldProblem) -> Currency {
        guard let node = try member(name, in: object) else {
            throw missing(name, in: object, "a currency code of ISO 4217")
        }
        guard tokens[node].kind == .string, let code = string(node), let currency = Currency(code: code) else {
            throw mismatch(at: node, expected: "a currency code of ISO 4217")
        }
        return currency
    }

    /// A time.
    func time(_ name: StaticString, in object: Node) throws(FieldProblem) -> Timestamp? {
        guard let node = try member(name, in: object) else { return nil }
        guard tokens[node].kind == .string, !tokens[node].isEscaped, let time = withBytes(of: node, RFC3339.parse)
        else {
            throw mismatch(at: node, expected: "a time as of RFC 3339 with an offset")
        }
        guard RFC3339.accepted.contains(time) else {
            throw mismatch(at: node, expected: "a time from 2000 to 2099")
        }
        return time
    }

    /// A time that must be there.
    func requiredTime(_ name: StaticString, in object: Node) throws(FieldProblem) -> Timestamp {
        guard let time = try time(name, in: object) else {
            throw missing(name, in: object, "a time as of RFC 3339 with an offset")
        }
        return time
    }

    /// An object.
    func object(_ name: StaticString, in parent: Node) throws(FieldProblem) -> Node? {
        guard let node = try member(name, in: parent) else { return nil }
        guard tokens[node].kind == .object else { throw mismatch(at: node, expected: "an object", isPersonal: true) }
        return node
    }

    /// The elements of a list.
    func list(_ name: StaticString, in object: Node, atMost limit: Int) throws(FieldProblem) -> [Node]? {
        guard let node = try member(name, in: object) else { return nil }
        guard tokens[node].kind == .list else { throw mismatch(at: node, expected: "a list", isPersonal: true) }
        let elements = elements(of: node)
        guard elements.count <= limit else {
            throw problem(at: node, "expected a list of at most \(limit), got \(elements.count)")
        }
        return elements
    }

    /// The objects of a list.
    func objects(_ name: StaticString, in object: Node, atMost limit: Int) throws(FieldProblem) -> [Node]? {
        guard let elements = try list(name, in: object, atMost: limit) else { return nil }
        for element in elements where tokens[element].kind != .object {
            throw mismatch(at: element, expected: "an object", isPersonal: true)
        }
        return elements
    }

    /// A member that must be there and is not.
    func missing(_ name: StaticString, in object: Node, _ expectation: String) -> FieldProblem {
        problem(name, in: object, "expected \(expectation), got nothing")
    }
}

extension ClosedRange<Int64> {
    /// What a value in it is, for people.
    fileprivate var expectation: String {
        switch lowerBound {
        case 1: "a positive integer"
        case 0: "an integer from 0 on"
        default: "an integer"
        }
    }

    /// What a value in it is, with its bounds.
    fileprivate var bounds: String { "an integer from \(lowerBound) to \(upperBound)" }
}
