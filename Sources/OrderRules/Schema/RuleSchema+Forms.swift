// The forms that schemas are made of.
extension RuleSchema {
    static func reference(_ definition: String, _ description: String? = nil) -> JSONTree {
        let target = "#/definitions/" + definition
        guard let description else { return .object([("$ref", .text(target))]) }
        // Draft 7 ignores what stands beside a $ref.
        return .object([
            ("allOf", .list([.object([("$ref", .text(target))])])), ("description", .text(description)),
        ])
    }

    static func object(_ members: [(String, JSONTree)], required: [String] = []) -> JSONTree {
        var parts: [(String, JSONTree)] = [
            ("type", .text("object")), ("additionalProperties", .flag(false)), ("properties", .object(members)),
        ]
        if !required.isEmpty { parts.append(("required", .texts(required))) }
        return .object(parts)
    }

    static func map(of value: JSONTree, _ description: String) -> JSONTree {
        .object([
            ("type", .text("object")), ("additionalProperties", value), ("description", .text(description)),
        ])
    }

    static func list(of element: JSONTree, _ description: String? = nil, size: Int64? = nil) -> JSONTree {
        var parts: [(String, JSONTree)] = [("type", .text("array")), ("items", element)]
        if let size { parts += [("minItems", .number(size)), ("maxItems", .number(size))] }
        return .object(parts + described(description))
    }

    static func either(_ forms: JSONTree...) -> JSONTree { .object([("anyOf", .list(forms))]) }

    static func words(_ words: [String], _ description: String? = nil) -> JSONTree {
        .object([("enum", .texts(words))] + described(description))
    }

    static func text(_ description: String? = nil) -> JSONTree {
        .object([("type", .text("string"))] + described(description))
    }

    static func integer(_ description: String? = nil) -> JSONTree {
        .object([("type", .text("integer"))] + described(description))
    }

    static func flag(_ description: String? = nil) -> JSONTree {
        .object([("type", .text("boolean"))] + described(description))
    }

    private static func described(_ description: String?) -> [(String, JSONTree)] {
        description.map { [("description", .text($0))] } ?? []
    }
}
