/// Reads the part of a mapping that describes the messages.
struct MessageCompiler {
    let expressions: ExpressionCompiler
    /// Who the messages are from, where one does not say.
    let source: String

    func stages(_ node: MappingNode) throws(ImportError) -> [StageDefinition] {
        var stages: [StageDefinition] = []
        for node in try node.requiredList() {
            let fields = try MappingFields(node, known: ["name", "order", "messages"])
            var stage = StageDefinition(
                name: try fields.required("name", "what the stage is called").text(),
                isSortedByTime: try isSortedByTime(fields["order"]), messages: [])
            guard !stages.contains(where: { $0.name == stage.name }) else {
                throw node.error("there is already a stage \"\(stage.name)\"")
            }
            for node in try fields.required("messages", "what is sent").requiredList() {
                let message = try message(node)
                let known = (stages + [stage]).flatMap { $0.messages.map(\.name) }
                guard !known.contains(message.name) else {
                    throw node.error("there is already a message \"\(message.name)\"")
                }
                if stage.isSortedByTime, message.time == nil {
                    throw node.error("a message of a stage in order of time needs a \"time\"")
                }
                stage.messages.append(message)
            }
            stages.append(stage)
        }
        return stages
    }

    func totals(_ node: MappingNode) throws(ImportError) -> [TotalDefinition] {
        var totals: [TotalDefinition] = []
        for member in try node.members() {
            let fields = try MappingFields(member.value, known: ["of", "value", "where"])
            let table = try table(try fields.required("of", "the input"))
            let inner = expressions.inside(table)
            totals.append(
                TotalDefinition(
                    name: member.name, table: table,
                    condition: try fields["where"].map { (node) throws(ImportError) in try inner.condition(node) },
                    value: try inner.expression(try fields.required("value", "the number to add up"))))
        }
        return totals
    }

    private func isSortedByTime(_ node: MappingNode?) throws(ImportError) -> Bool {
        guard let node else { return false }
        let order = try node.text()
        guard ["rows", "time"].contains(order) else { throw node.error("expected rows or time, got \"\(order)\"") }
        return order == "time"
    }

    private func message(_ node: MappingNode) throws(ImportError) -> MessageDefinition {
        let fields = try MappingFields(
            node, known: ["name", "for", "each", "where", "by", "when", "to", "type", "source", "id", "time", "data"])
        let table = try fields["for"].map { (node) throws(ImportError) in try self.table(node) }
        if table == nil, let node = fields["each"] ?? fields["by"] {
            throw node.error("it needs a \"for\": without one the message is sent once")
        }
        var inner = expressions
        if let table { inner = inner.inside(table, isGroup: fields["by"] != nil && fields["each"] == nil) }
        var each: RowsReference?
        var eachTable: Int?
        if let node = fields["each"] {
            let (reference, compiler) = try inner.rows(node, where: fields["where"])
            each = reference
            eachTable = compiler.scope.rows.last
            if let eachTable { inner = inner.inside(eachTable, isGroup: fields["by"] != nil) }
        } else if let node = fields["where"] {
            throw node.error(
                "\"where\" chooses among the rows of \"each\"; for the message as a whole there is \"when\"")
        }
        let type = try fields.required("type", "the message's type with its version")
        let to = try fields.required("to", "the routing key")
        try WireNames.check(type, to)
        return MessageDefinition(
            name: try fields.required("name", "what the message is called in reports").text(), table: table,
            each: each, eachTable: eachTable,
            by: try fields["by"].map { (node) throws(ImportError) in try inner.expression(node) },
            condition: try fields["when"].map { (node) throws(ImportError) in try inner.condition(node) },
            routingKey: try to.text(), type: try type.text(), source: try fields["source"]?.text() ?? source,
            id: try inner.expression(try fields.required("id", "what makes the message the same in a second import")),
            time: try fields["time"].map { (node) throws(ImportError) in try inner.expression(node) },
            data: try inner.expression(try fields.required("data", "the message's data")))
    }

    private func table(_ node: MappingNode) throws(ImportError) -> Int {
        let name = try node.text()
        let known = expressions.scope.tables.map(\.name)
        guard let index = known.firstIndex(of: name) else {
            throw node.error("no input is called \"\(name)\": \(Suggestion.text(for: name, among: known))")
        }
        return index
    }
}
