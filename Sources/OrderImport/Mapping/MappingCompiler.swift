/// Turns a mapping file into definitions, top to bottom.
enum MappingCompiler {
    /// What a mapping consists of.
    struct Definitions {
        var name: String
        var inputs: [InputDefinition]
        var stages: [StageDefinition]
        var totals: [TotalDefinition]
    }

    static func compile(_ text: String, file: String) throws(ImportError) -> Definitions {
        let root = try MappingNode.root(of: text, file: file)
        let fields = try MappingFields(
            root,
            known: [
                "name", "source", "zone", "timeFormat", "currency", "decimalPoint", "thousands", "inputs", "stages",
                "totals",
            ])
        let name = try fields.required("name", "what the mapping is called").text()
        let source = try fields["source"]?.text() ?? "import/\(name)"
        let defaults = try defaults(fields)
        let inputs = try InputCompiler.compile(
            try fields.required("inputs", "the files of the export"), defaults: defaults)
        let compiler = ExpressionCompiler(scope: NameScope(tables: inputs.names), defaults: defaults)
        let messages = MessageCompiler(expressions: compiler, source: source)
        let stages = try messages.stages(try fields.required("stages", "the messages, in the order they are sent"))
        let known = stages.flatMap { $0.messages.map(\.name) }
        for (node, name) in inputs.accountedBy where !known.contains(name) {
            throw node.error("no message is called \"\(name)\": \(Suggestion.text(for: name, among: known))")
        }
        let totals = try fields["totals"].map { (node) throws(ImportError) in try messages.totals(node) } ?? []
        return Definitions(name: name, inputs: inputs.definitions, stages: stages, totals: totals)
    }

    private static func defaults(_ fields: MappingFields) throws(ImportError) -> ExpressionCompiler.Defaults {
        var defaults = ExpressionCompiler.Defaults()
        if let node = fields["zone"] { defaults.zone = try ExpressionCompiler.zone(node) }
        if let node = fields["timeFormat"] { defaults.timePattern = try ExpressionCompiler.pattern(node) }
        if let node = fields["currency"] {
            defaults.currency = try node.text()
            guard CurrencyCode.isKnown(try node.text()) else {
                throw node.error("expected a currency of ISO 4217, got \"\(try node.text())\"")
            }
        }
        if let node = fields["decimalPoint"] { defaults.decimals.point = try character(node) }
        if let node = fields["thousands"] { defaults.decimals.grouping = try character(node) }
        if let node = fields["thousands"], defaults.decimals.grouping == defaults.decimals.point {
            throw node.error("decimalPoint and thousands are the same")
        }
        return defaults
    }

    static func character(_ node: MappingNode) throws(ImportError) -> Character {
        let text = try node.text()
        guard let character = text.first, text.count == 1, !character.isNumber, character != "-" else {
            throw node.error("expected a single character that is no digit, got \"\(text)\"")
        }
        return character
    }
}
