/// What names mean at a place of the mapping: the rows in scope, and what belongs to them.
struct NameScope {
    /// An input as far as names need it.
    struct Names {
        var name: String
        var columns: [String]
        var derived: [(name: String, expression: Expression)] = []
        var one: [(name: String, table: Int)] = []
        var many: [(name: String, table: Int)] = []
    }

    var tables: [Names]
    /// The tables of the rows in scope, the innermost last.
    var rows: [Int] = []
    /// How deep the row lies that stands for a group.
    var groupDepth: Int?

    /// The same with a row inside.
    func inside(_ table: Int, isGroup: Bool = false) -> NameScope {
        var scope = self
        scope.rows.append(table)
        scope.groupDepth = isGroup ? 0 : groupDepth.map { $0 + 1 }
        return scope
    }

    /// `column`, `join.column`, `orders.column`, `orders.join.column`
    func column(_ name: String, at node: MappingNode) throws(ImportError) -> Expression {
        var parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let last = parts.removeLast()
        let (depth, joins, table) = try follow(parts, at: node)
        if let index = tables[table].columns.firstIndex(of: last) {
            return .column(ColumnReference(depth: depth, joins: joins, column: .stored(index)))
        }
        if let derived = tables[table].derived.first(where: { $0.name == last }) {
            return .column(ColumnReference(depth: depth, joins: joins, column: .derived(derived.expression)))
        }
        throw node.error("\(tables[table].name) has no column \"\(last)\": \(suggestion(for: name, in: table, parts))")
    }

    /// `items`, `orders.items`, or `group` for the rows that a message stands for.
    func rows(_ name: String, at node: MappingNode) throws(ImportError) -> (source: RowsReference.Source, table: Int) {
        if name == "group" {
            guard let groupDepth else { throw node.error("there is no group here: only a message with \"by\" has one") }
            return (.group(depth: groupDepth), rows[rows.count - 1 - groupDepth])
        }
        var parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let last = parts.removeLast()
        let (depth, joins, table) = try follow(parts, at: node)
        guard let index = tables[table].many.firstIndex(where: { $0.name == last }) else {
            let known = tables[table].many.map(\.name)
            let hint = known.isEmpty ? "it has none" : Suggestion.text(for: last, among: known)
            throw node.error("\(tables[table].name) has no \"many\" join \"\(last)\": \(hint)")
        }
        return (.join(depth: depth, joins: joins, many: index), tables[table].many[index].table)
    }

    private func follow(
        _ parts: [String], at node: MappingNode
    ) throws(ImportError) -> (depth: Int, joins: [Int], table: Int) {
        var parts = parts[...]
        var depth = 0
        if let first = parts.first, let outer = rows.lastIndex(where: { tables[$0].name == first }) {
            depth = rows.count - 1 - outer
            parts = parts.dropFirst()
        }
        guard !rows.isEmpty else { throw node.error("there is no row here: a message without \"for\" is sent once") }
        var table = rows[rows.count - 1 - depth]
        var joins: [Int] = []
        for part in parts {
            guard let index = tables[table].one.firstIndex(where: { $0.name == part }) else {
                let known = tables[table].one.map(\.name) + rows.map { tables[$0].name }
                throw node.error(
                    "\(tables[table].name) has no \"one\" join \"\(part)\": \(Suggestion.text(for: part, among: known))"
                )
            }
            joins.append(index)
            table = tables[table].one[index].table
        }
        return (depth, joins, table)
    }

    private func suggestion(for name: String, in table: Int, _ path: [String]) -> String {
        let prefix = path.map { $0 + "." }.joined()
        var known = names(of: table).map { prefix + $0 }
        if path.isEmpty {
            for join in tables[table].one { known += names(of: join.table).map { "\(join.name).\($0)" } }
            for outer in rows.dropLast() { known += names(of: outer).map { "\(tables[outer].name).\($0)" } }
            // The same name further out is what was meant, however long its path.
            if let same = known.first(where: { $0.hasSuffix("." + name) }) { return "did you mean \"\(same)\"?" }
        }
        return Suggestion.text(for: name, among: known)
    }

    private func names(of table: Int) -> [String] { tables[table].columns + tables[table].derived.map(\.name) }
}
