internal import OrderCore

/// What a table may have.
enum TableKey: String, CaseIterable {
    case title, file, rows
}

/// Reads `tables:`: what parcels cost and how far they go, from warehouses to areas; as rows, or from a CSV file beside the
/// rules, whose first line names the warehouses.
struct TableReader {
    let files: RuleFiles
    let context: RuleContext

    /// What nothing goes by.
    static let none = "-"

    func read(_ node: RuleNode) {
        for (name, value) in node.members() ?? [] {
            guard let members = value.members(TableKey.keys) else { continue }
            var table: RuleTable?
            switch (members["rows"], members["file"]) {
            case (let rows?, nil): table = self.rows(rows)
            case (nil, let file?): table = self.file(file)
            default: value.keyError("a table has either `rows` or a `file`")
            }
            guard var table else { continue }
            table.title = members["title"].flatMap { $0.text() }
            if !context.tables.add(name, table, value) {
                value.keyError("the table `\(name)` is there already: \(context.tables.place(of: name))")
            }
        }
    }

    /// `{上海市: {east: 600, north: 1200}, "*": {east: 900, north: 900}}`
    private func rows(_ node: RuleNode) -> RuleTable? {
        guard let rows = node.members() else { return nil }
        var table = RuleTable()
        for (area, row) in rows {
            for (warehouse, value) in row.members() ?? [] {
                context.checkWarehouseKey(warehouse, value)
                let way = RuleTable.Way(from: warehouse, to: area)
                if value.word == Self.none {
                    table.add(way)
                } else if let number = value.integer(RuleBounds.counts, "minor units, a distance, or \"-\"") {
                    table.add(way, RuleTable.Step(value: number))
                }
            }
        }
        let all = Set(table.ways.keys.map(\.warehouse))
        for (area, row) in rows {
            let here = Set((row.members() ?? []).map(\.name))
            for warehouse in all.subtracting(here).sorted() where table.ways[.init(from: warehouse, to: "*")] == nil {
                row.keyError(Self.gap(from: warehouse, to: area))
            }
        }
        return table
    }

    static func gap(from warehouse: String, to area: String) -> String {
        "a gap: nothing is said of the way from `\(warehouse)` to `\(area)`; write \"-\" where nothing goes"
    }

    private func file(_ node: RuleNode) -> RuleTable? {
        guard let name = node.text() else { return nil }
        guard let text = files.texts[name] else {
            let there = files.texts.keys.filter { $0.hasSuffix(".csv") }.sorted()
            node.error(Spelling.unknown("file", name, among: there) + " (a *.csv beside the rules)")
            return nil
        }
        return CSVTable(text, file: name, node, context).table
    }
}
