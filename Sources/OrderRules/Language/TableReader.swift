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
    private static let none = "-"
    /// The columns that are no warehouse.
    private static let (area, upTo) = ("area", "upTo")

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
                context.checkWarehouse(warehouse, value, isKey: true)
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

    private static func gap(from warehouse: String, to area: String) -> String {
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

    /// A CSV file: `area,upTo,east,north`, then a line an area, or a line an area and weight. No quotes.
    private struct CSVTable {
        private(set) var table = RuleTable()
        private let file: String
        private let node: RuleNode
        private var columns: [(place: Int, warehouse: String)] = []
        private var upToColumn: Int?
        private var width = 0
        private var gaps: [(way: RuleTable.Way, line: Int, column: Int)] = []
        private var known: Set<Entry> = []

        private struct Entry: Hashable {
            var way: RuleTable.Way
            var upTo: Int64
        }

        init(_ text: String, file: String, _ node: RuleNode, _ context: RuleContext) {
            (self.file, self.node) = (file, node)
            let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
            var isFirst = true
            for (index, line) in lines.enumerated() {
                let line = line.drop { $0 == "\u{FEFF}" }
                guard line.contains(where: { !$0.isWhitespace }), !line.hasPrefix("#") else { continue }
                let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(CSVTable.trimmed)
                if isFirst { readHead(cells, line: index + 1, context) } else { readRow(cells, line: index + 1) }
                isFirst = false
            }
            for gap in gaps where table.ways[.init(from: gap.way.warehouse, to: "*")] == nil {
                error(TableReader.gap(from: gap.way.warehouse, to: gap.way.area), gap.line, gap.column)
            }
            if table.ways.isEmpty { node.error("`\(file)` has no lines with an area and values") }
        }

        private static func trimmed(_ cell: Substring) -> String {
            var rest = cell
            while rest.first?.isWhitespace == true { rest.removeFirst() }
            while rest.last?.isWhitespace == true { rest.removeLast() }
            return String(rest)
        }

        private mutating func readHead(_ cells: [String], line: Int, _ context: RuleContext) {
            width = cells.count
            if cells.first != TableReader.area {
                error("expected a first line `area,<warehouse>,…`, or `area,upTo,<warehouse>,…`", line, 1)
            }
            for (place, cell) in cells.enumerated().dropFirst() {
                if cell == TableReader.upTo {
                    upToColumn = place
                } else if columns.contains(where: { $0.warehouse == cell }) || cell.isEmpty {
                    error("expected the code of another warehouse, got \"\(cell)\"", line, place + 1)
                } else {
                    if let problem = context.problem(ofWarehouse: cell) { error(problem, line, place + 1) }
                    columns.append((place, cell))
                }
            }
        }

        private mutating func readRow(_ cells: [String], line: Int) {
            guard let area = cells.first, !area.isEmpty else { return error("expected an area", line, 1) }
            if cells.count > width { return error("more values than the first line has columns", line, cells.count) }
            var most = Int64.max
            if let place = upToColumn, place < cells.count, !cells[place].isEmpty {
                guard let grams = Int64(cells[place]), RuleBounds.positive.contains(grams) else {
                    let text = "expected grams, or nothing for all that is heavier, got \"\(cells[place])\""
                    return error(text, line, place + 1)
                }
                most = grams
            }
            for (place, warehouse) in columns {
                let cell = place < cells.count ? cells[place] : ""
                let way = RuleTable.Way(from: warehouse, to: area)
                if !known.insert(Entry(way: way, upTo: most)).inserted {
                    error("the way from `\(warehouse)` to `\(area)` is there already", line, place + 1)
                } else if cell == TableReader.none {
                    table.add(way)
                } else if cell.isEmpty {
                    gaps.append((way, line, place + 1))
                } else if let value = Int64(cell), RuleBounds.counts.contains(value) {
                    table.add(way, RuleTable.Step(upTo: most, value: value))
                } else {
                    let text = "expected minor units or a distance, a whole number or \"-\", got \"\(cell)\""
                    error(text, line, place + 1)
                }
            }
        }

        /// The column counts cells: that is what sheets show.
        private func error(_ text: String, _ line: Int, _ column: Int) {
            node.findings.add(RuleFinding(.error, RulePlace(file, line: line, column: column), path: node.path, text))
        }
    }
}
