/// Texts with columns in braces: `{product_id}@{seller_id}`; `{{` and `}}` stand for braces, `{#}` for the row's number.
enum TemplateText {
    static func compile(_ text: String, at node: MappingNode, in scope: NameScope) throws(ImportError) -> Expression {
        var parts: [Expression] = []
        var literal = ""
        var rest = text[...]
        func flush() {
            if !literal.isEmpty { parts.append(.constant(.text(literal))) }
            literal = ""
        }
        while let character = rest.popFirst() {
            if character == "{" || character == "}", rest.first == character {
                literal.append(character)
                rest.removeFirst()
            } else if character == "{" {
                guard let end = rest.firstIndex(of: "}") else { throw node.error("a { in \"\(text)\" has no }") }
                let name = String(rest[..<end])
                rest = rest[rest.index(after: end)...]
                flush()
                parts.append(name == "#" ? .rowNumber : try scope.column(name, at: node))
            } else if character == "}" {
                throw node.error("a } in \"\(text)\" has no {; a brace itself is written twice")
            } else {
                literal.append(character)
            }
        }
        flush()
        return parts.count == 1 ? parts[0] : parts.isEmpty ? .constant(.text("")) : .template(parts)
    }
}
