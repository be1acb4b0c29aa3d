internal import OrderCore

/// A table in a CSV file: `area,upTo,east,north`, then a line an area, or a line an area and weight. No quotes.
struct CSVTable {
    private(set) var table = RuleTable()
    private let file: String
    private let node: RuleNode
    private var columns: [(place: Int, warehouse: String)] = []
    private var upToColumn: Int?
    private var width = 0
    private var gaps: [Gap] = []
    private var known: Set<Entry> = []
    /// The heaviest that is spoken of, where that is not the last line of its way.
    private var heaviest: [RuleTable.Way: Gap] = [:]

    /// The columns that are no warehouse.
    private static let (area, upTo) = ("area", "upTo")

    private struct Entry: Hashable {
        var way: RuleTable.Way
        var upTo: Int64
    }

    private struct Gap {
        var way: RuleTable.Way
        var upTo: Int64
        var place: RulePlace
    }

    init(_ text: String, file: String, _ node: RuleNode, _ context: RuleContext) {
        (self.file, self.node) = (file, node)
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
        var isFirst = true
        for (index, line) in lines.enumerated() {
            let line = line.drop { $0 == "\u{FEFF}" }
            guard line.contains(where: { !$0.isWhitespace }), !line.hasPrefix("#") else { continue }
            let row = Row(line, number: index + 1, file)
            if isFirst { readHead(row, context) } else { read(row) }
            isFirst = false
        }
        tellGaps()
        if table.ways.isEmpty { node.error("`\(file)` has no lines with an area and values") }
    }

    /// A line, by its cells.
    private struct Row {
        let line: Substring
        let number: Int
        let file: String
        let cells: [Substring]

        init(_ line: Substring, number: Int, _ file: String) {
            (self.line, self.number, self.file) = (line, number, file)
            cells = line.split(separator: ",", omittingEmptySubsequences: false).map(\.trimmed)
        }

        /// Where a cell stands, in characters like every place; one that is not there would stand at the end.
        func place(_ cell: Int) -> RulePlace {
            let start = cells.indices.contains(cell) ? cells[cell].startIndex : line.endIndex
            let before = line.unicodeScalars.distance(from: line.startIndex, to: start)
            return RulePlace(file, line: number, column: before + 1)
        }
    }

    private mutating func readHead(_ row: Row, _ context: RuleContext) {
        width = row.cells.count
        if row.cells.first.map(String.init) != Self.area {
            error("expected a first line `area,<warehouse>,…`, or `area,upTo,<warehouse>,…`", row.place(0))
        }
        for (place, cell) in row.cells.enumerated().dropFirst() {
            if cell == Self.upTo {
                upToColumn = place
            } else if columns.contains(where: { $0.warehouse == cell }) || cell.isEmpty {
                error("expected the code of another warehouse, got \"\(cell)\"", row.place(place))
            } else {
                if let problem = context.problem(ofWarehouse: String(cell)) { error(problem, row.place(place)) }
                columns.append((place, String(cell)))
            }
        }
    }

    private mutating func read(_ row: Row) {
        let cells = row.cells
        guard let area = cells.first, !area.isEmpty else { return error("expected an area", row.place(0)) }
        if cells.count > width { return error("more values than the first line has columns", row.place(width)) }
        var most = Int64.max
        if let place = upToColumn, place < cells.count, !cells[place].isEmpty {
            guard let grams = Int64(cells[place]), RuleBounds.positive.contains(grams) else {
                let text = "expected grams, or nothing for all that is heavier, got \"\(cells[place])\""
                return error(text, row.place(place))
            }
            most = grams
        }
        for (place, warehouse) in columns {
            let cell = place < cells.count ? cells[place] : ""
            let way = RuleTable.Way(from: warehouse, to: String(area))
            if !known.insert(Entry(way: way, upTo: most)).inserted {
                error("the way from `\(warehouse)` to `\(area)` is there already", row.place(place))
            } else if cell.isEmpty {
                gaps.append(Gap(way: way, upTo: most, place: row.place(place)))
            } else if cell == TableReader.none {
                add(way, RuleTable.Step(upTo: most, value: nil), row, place)
            } else if let value = Int64(cell), RuleBounds.counts.contains(value) {
                add(way, RuleTable.Step(upTo: most, value: value), row, place)
            } else {
                let text = "expected minor units or a distance, a whole number or \"-\", got \"\(cell)\""
                error(text, row.place(place))
            }
        }
    }

    private mutating func add(_ way: RuleTable.Way, _ step: RuleTable.Step, _ row: Row, _ place: Int) {
        table.add(way, step)
        guard step.upTo < .max, step.upTo > heaviest[way]?.upTo ?? 0 else { return }
        heaviest[way] = Gap(way: way, upTo: step.upTo, place: row.place(place))
    }

    private func tellGaps() {
        for gap in gaps {
            let (warehouse, area) = (gap.way.warehouse, gap.way.area)
            if table.ways[gap.way] != nil {
                let weight = gap.upTo == .max ? "of heavier parcels" : "of parcels up to \(gap.upTo) g"
                error(Self.gap(weight, from: warehouse, to: area), gap.place)
            } else if table.ways[RuleTable.Way(from: warehouse, to: "*")] == nil {
                error(TableReader.gap(from: warehouse, to: area), gap.place)
            }
        }
        let told = Set(gaps.map(\.way))
        for (way, last) in heaviest where !told.contains(way) && table.ways[way]?.last?.upTo != .max {
            let text = Self.gap("of parcels above \(last.upTo) g", from: way.warehouse, to: way.area)
            error(text + ", in a line with an empty `upTo`", last.place)
        }
    }

    private static func gap(_ what: String, from warehouse: String, to area: String) -> String {
        "a gap: nothing is said \(what) from `\(warehouse)` to `\(area)`; write what they cost, or \"-\" where nothing goes"
    }

    private func error(_ text: String, _ place: RulePlace) {
        node.findings.add(RuleFinding(.error, place, path: node.path, text))
    }
}
