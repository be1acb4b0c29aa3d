/// A field that is not what the wire contract says.
struct FieldProblem: Error, Equatable {
    /// Where: `lines[2].quantity`; empty for the whole of the data.
    var path: String
    /// What was expected and found; values of personal fields are described, never quoted.
    var text: String
}

extension JSONDocument {
    /// A problem of a member, present or not.
    func problem(_ name: StaticString, in object: Node, _ text: String) -> FieldProblem {
        let parent = path(of: object)
        return FieldProblem(path: parent.isEmpty ? "\(name)" : "\(parent).\(name)", text: text)
    }

    /// A problem of a value that is there.
    func problem(at node: Node, _ text: String) -> FieldProblem {
        FieldProblem(path: path(of: node), text: text)
    }

    /// A value that is not what was expected.
    func mismatch(at node: Node, expected: String, isPersonal: Bool = false) -> FieldProblem {
        problem(at: node, "expected \(expected), got \(description(of: node, isPersonal: isPersonal))")
    }

    /// A value for people: shortened, and never quoted where it is personal.
    func description(of node: Node, isPersonal: Bool) -> String {
        switch tokens[node].kind {
        case .object: return "an object"
        case .list: return "a list"
        case .null: return "null"
        case .yes: return "true"
        case .no: return "false"
        case .integer, .decimal:
            return isPersonal ? "a number" : Self.shortened(String(decoding: slice(node), as: UTF8.self))
        case .string:
            guard let text = string(node) else { return "a text with \\u0000 or half a surrogate pair" }
            if text.isEmpty { return "an empty text" }
            return isPersonal ? "a text of \(text.utf8.count) bytes" : "\"\(Self.shortened(text))\""
        }
    }

    private static func shortened(_ text: String) -> String {
        let plain = text.unicodeScalars.lazy.map { scalar in
            scalar.properties.generalCategory == .control ? "\u{FFFD}" : Character(scalar)
        }
        let start = String(plain.prefix(40))
        return start.unicodeScalars.count < text.unicodeScalars.count ? start + "…" : start
    }
}
