internal import Yams

/// A value in a rule file that knows where it stands, and to whom to tell what is wrong with it.
struct RuleNode {
    let node: Node
    let file: String
    /// `rules[high-value].when`
    let path: String
    let findings: FindingList
    /// Where the key stands that it is the value of.
    var key: Mark?

    /// Where the value stands.
    var place: RulePlace { place(node.mark) }
    /// Where its key stands; of a value without one, the value.
    var keyPlace: RulePlace { place(key ?? node.mark) }

    private func place(_ mark: Mark?) -> RulePlace { RulePlace(file, line: mark?.line ?? 1, column: mark?.column ?? 1) }

    func error(_ text: String) { findings.add(RuleFinding(.error, place, path: path, text)) }
    func keyError(_ text: String) { findings.add(RuleFinding(.error, keyPlace, path: path, text)) }
    func warning(_ text: String) { findings.add(RuleFinding(.warning, place, path: path, text)) }
    func keyWarning(_ text: String) { findings.add(RuleFinding(.warning, keyPlace, path: path, text)) }

    /// What stands there, for people.
    var kind: String {
        if isNull { return "nothing" }
        if let scalar = node.scalar { return "\"\(scalar.string.prefix(40))\"" }
        return node.sequence == nil ? "keys with values" : "a list"
    }

    var isMapping: Bool { node.mapping != nil }
    /// What is written there; nil of lists, of keys with values, and of nothing.
    var word: String? { isNull ? nil : node.scalar?.string }
    var isNull: Bool { plain.map { ["", "~", "null"].contains($0) } ?? false }

    /// A scalar without quotes.
    private var plain: String? {
        guard let scalar = node.scalar, scalar.style == .plain else { return nil }
        return scalar.string
    }
}

// Values. Each tells what is wrong, and is nil then.
extension RuleNode {
    /// A text that is not empty, be it quoted or not.
    func text() -> String? {
        guard let scalar = node.scalar, !isNull, !scalar.string.isEmpty else {
            error("expected a text, got \(kind)")
            return nil
        }
        return scalar.string
    }

    /// A whole number within the bounds of the wire contract.
    func integer(_ bounds: ClosedRange<Int64> = RuleBounds.numbers, _ what: String = "a whole number") -> Int64? {
        guard let number = plain.flatMap({ Int64($0) }) else {
            error("expected \(what), got \(kind)" + (node.scalar?.string.contains(".") == true ? "; no fractions" : ""))
            return nil
        }
        guard bounds.contains(number) else {
            error(
                number < bounds.lowerBound
                    ? "expected \(what) of at least \(bounds.lowerBound), got \(number)"
                    : "expected \(what) of at most \(bounds.upperBound), got \(number)")
            return nil
        }
        return number
    }

    func flag() -> Bool? {
        switch plain {
        case "true": return true
        case "false": return false
        default:
            error("expected true or false, got \(kind)")
            return nil
        }
    }

    /// One of the values of an enumeration.
    func choice<Choice: RawRepresentable & CaseIterable>(_ what: String, of: Choice.Type) -> Choice?
    where Choice.RawValue == String {
        guard let text = text() else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        error(Spelling.unknown(what, text, among: Choice.allCases.map(\.rawValue)))
        return nil
    }

    /// The elements, or the value alone as a list of one.
    func listOrOne() -> [RuleNode] { list ?? [self] }

    /// The elements.
    func elements() -> [RuleNode]? {
        guard let list else {
            error("expected a list, got \(kind)")
            return nil
        }
        return list
    }

    var list: [RuleNode]? {
        node.sequence.map { sequence in
            guard findings.visit(sequence.count, at: place) else { return [] }
            return sequence.enumerated().map { index, element in
                let name = element.mapping?["name"]?.scalar?.string
                let path = "\(path)[\(name ?? String(index))]"
                return RuleNode(node: element, file: file, path: path, findings: findings)
            }
        }
    }

    /// The members, in their order.
    func members() -> [(name: String, value: RuleNode)]? {
        guard let mapping = node.mapping else {
            error("expected keys with values, got \(kind)")
            return nil
        }
        guard findings.visit(mapping.count, at: place) else { return [] }
        return mapping.map { key, value in
            let name = key.scalar?.string ?? ""
            let path = path.isEmpty ? name : "\(path).\(name)"
            let member = RuleNode(node: value, file: file, path: path, findings: findings, key: key.mark)
            return (name, member)
        }
    }

    /// The members by name; a key that is not known is told, with the one that was probably meant.
    func members(_ known: [String], _ what: String = "key") -> [String: RuleNode]? {
        guard let members = members() else { return nil }
        var found: [String: RuleNode] = [:]
        for member in members {
            if known.contains(member.name) {
                found[member.name] = member.value
            } else {
                member.value.keyError(Spelling.unknown(what, member.name, among: known))
            }
        }
        return found
    }
}

/// Bounds of numbers in rules: beyond them no field has a value, and sums of a few of them fit.
enum RuleBounds {
    static let numbers: ClosedRange<Int64> = -1_000_000_000_000_000...1_000_000_000_000_000
    static let positive: ClosedRange<Int64> = 1...1_000_000_000_000_000
    /// All / any / not within each other.
    static let nesting = 32
}
