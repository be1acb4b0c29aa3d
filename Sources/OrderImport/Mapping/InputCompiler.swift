/// Reads the part of a mapping that describes the files.
struct InputCompiler {
    /// The inputs, what names they have, and where messages are named that are yet to be read.
    struct Result {
        var definitions: [InputDefinition] = []
        var names: [NameScope.Names] = []
        var accountedBy: [(node: MappingNode, name: String)] = []
    }

    private let nodes: [(name: String, value: MappingNode)]
    private let defaults: ExpressionCompiler.Defaults
    private var result = Result()

    static func compile(
        _ node: MappingNode, defaults: ExpressionCompiler.Defaults
    ) throws(ImportError) -> Result {
        var compiler = InputCompiler(nodes: try node.members(), defaults: defaults)
        for input in compiler.nodes { try compiler.declare(input.name, input.value) }
        for (index, input) in compiler.nodes.enumerated() { try compiler.join(index, input.value) }
        for (index, input) in compiler.nodes.enumerated() { try compiler.derive(index, input.value) }
        for (index, input) in compiler.nodes.enumerated() { try compiler.sort(index, input.value) }
        return compiler.result
    }

    private init(nodes: [(name: String, value: MappingNode)], defaults: ExpressionCompiler.Defaults) {
        self.nodes = nodes
        self.defaults = defaults
    }

    private func fields(_ node: MappingNode) throws(ImportError) -> MappingFields {
        try MappingFields(
            node,
            known: [
                "file", "delimiter", "header", "columns", "key", "group", "by", "let", "one", "many", "accountedBy",
            ])
    }

    private mutating func declare(_ name: String, _ node: MappingNode) throws(ImportError) {
        let fields = try fields(node)
        guard !name.contains("."), name != "group" else { throw node.error("an input can't be called \"\(name)\"") }
        var input = try fields["group"] == nil ? fileInput(name, fields) : groupInput(name, fields)
        let names = NameScope.Names(name: name, columns: input.columns)
        if let node = fields["key"] { input.key = try columns(node, of: names) }
        for node in fields["accountedBy"]?.listOrOne() ?? [] {
            input.accountedBy.insert(try node.text())
            result.accountedBy.append((node, try node.text()))
        }
        result.definitions.append(input)
        result.names.append(names)
    }

    private func fileInput(_ name: String, _ fields: MappingFields) throws(ImportError) -> InputDefinition {
        if let node = fields["by"] { throw node.error("\"by\" belongs to a \"group\"") }
        var file = FileDefinition(
            pattern: try fields.required("file", "its name, or \"group\" for an input made of another").text())
        if let node = fields["delimiter"] {
            let text = try node.text()
            guard let byte = (text == "tab" ? "\t" : text).utf8.first, text == "tab" || text.utf8.count == 1,
                byte != CSVParser.quote
            else { throw node.error("expected a single ASCII character or \"tab\", got \"\(text)\"") }
            file.delimiter = byte
        }
        if let node = fields["header"] { file.hasHeader = try node.flag() }
        var columns: [String] = []
        for node in try fields.required("columns", "the columns that the mapping uses").requiredList() {
            let column = try node.text()
            guard !columns.contains(column) else { throw node.error("the column \"\(column)\" is given twice") }
            columns.append(column)
        }
        return InputDefinition(name: name, source: .file(file), columns: columns)
    }

    private func groupInput(_ name: String, _ fields: MappingFields) throws(ImportError) -> InputDefinition {
        for key in ["file", "delimiter", "header", "columns", "key"] {
            if let node = fields[key] { throw node.error("a group has the columns of its input, and no \"\(key)\"") }
        }
        let node = try fields.required("group", "the input whose rows are grouped")
        let table = try table(node)
        guard table < result.names.count else { throw node.error("it has to stand above the group") }
        let by = try columns(
            try fields.required("by", "the columns whose values make a group"), of: result.names[table])
        return InputDefinition(
            name: name, source: .group(table: table, by: by), columns: result.names[table].columns, key: by)
    }

    private mutating func join(_ index: Int, _ node: MappingNode) throws(ImportError) {
        let fields = try fields(node)
        for (key, path) in [("one", \InputDefinition.one), ("many", \.many)] {
            for member in try fields[key]?.members() ?? [] {
                let definition = try joinDefinition(member.name, member.value, in: index)
                if key == "one", Set(definition.theirs) != Set(result.definitions[definition.table].key) {
                    let name = result.names[definition.table].name
                    throw member.value.error("a \"one\" join goes by the key of \(name), which is another or not given")
                }
                result.definitions[index][keyPath: path].append(definition)
            }
        }
        result.names[index].one = result.definitions[index].one.map { ($0.name, $0.table) }
        result.names[index].many = result.definitions[index].many.map { ($0.name, $0.table) }
    }

    private func joinDefinition(
        _ name: String, _ node: MappingNode, in index: Int
    ) throws(ImportError) -> JoinDefinition {
        let fields = try MappingFields(node, known: ["from", "on", "sort"])
        let table = try table(try fields.required("from", "the input that is joined"))
        let on = try fields.required("on", "a column of both, or theirs: ours")
        var join = JoinDefinition(name: name, table: table, ours: [], theirs: [])
        guard on.isMapping else {
            join.ours = try columns(on, of: result.names[index])
            join.theirs = try columns(on, of: result.names[table])
            return join
        }
        for pair in try on.members() {
            join.theirs.append(try column(pair.name, at: pair.value, of: result.names[table]))
            join.ours.append(try column(try pair.value.text(), at: pair.value, of: result.names[index]))
        }
        return join
    }

    private mutating func derive(_ index: Int, _ node: MappingNode) throws(ImportError) {
        for member in try fields(node)["let"]?.members() ?? [] {
            let taken = result.names[index].columns + result.names[index].derived.map(\.name)
            guard !taken.contains(member.name), !member.name.contains(".") else {
                throw member.value.error("the name \"\(member.name)\" is taken or has a dot")
            }
            let expression = try compiler(index).expression(member.value)
            result.names[index].derived.append((member.name, expression))
        }
    }

    private mutating func sort(_ index: Int, _ node: MappingNode) throws(ImportError) {
        let many = try fields(node)["many"]?.members() ?? []
        for (place, member) in many.enumerated() {
            guard let sort = try MappingFields(member.value, known: ["from", "on", "sort"])["sort"] else { continue }
            let joined = result.definitions[index].many[place].table
            result.definitions[index].many[place].sort = try compiler(joined).expression(sort)
        }
        for member in try fields(node)["one"]?.members() ?? [] {
            if let sort = try MappingFields(member.value, known: ["from", "on", "sort"])["sort"] {
                throw sort.error("a \"one\" join has a single row")
            }
        }
    }

    private func compiler(_ table: Int) -> ExpressionCompiler {
        ExpressionCompiler(scope: NameScope(tables: result.names), defaults: defaults).inside(table)
    }

    private func table(_ node: MappingNode) throws(ImportError) -> Int {
        let name = try node.text()
        guard let index = nodes.firstIndex(where: { $0.name == name }) else {
            throw node.error("no input is called \"\(name)\": \(Suggestion.text(for: name, among: nodes.map(\.name)))")
        }
        return index
    }

    private func columns(_ node: MappingNode, of names: NameScope.Names) throws(ImportError) -> [Int] {
        var columns: [Int] = []
        for element in node.listOrOne() { columns.append(try column(try element.text(), at: element, of: names)) }
        return columns
    }

    private func column(_ name: String, at node: MappingNode, of names: NameScope.Names) throws(ImportError) -> Int {
        guard let index = names.columns.firstIndex(of: name) else {
            throw node.error(
                "\(names.name) has no column \"\(name)\": \(Suggestion.text(for: name, among: names.columns))")
        }
        return index
    }
}
