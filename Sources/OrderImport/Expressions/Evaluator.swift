internal import OrderCore

/// Works out expressions on rows, and notes which rows it has read.
struct Evaluator {
    /// A row in scope.
    struct Frame {
        var row: RowReference
        /// The rows that a message stands for, where it groups them.
        var group: [Int] = []
        var number: Int64 = 1
    }

    let tables: [Table]
    /// From the outermost to the innermost.
    private var frames: [Frame]
    /// Rows that values were taken from.
    private(set) var used: Set<RowReference>

    init(_ tables: [Table], frames: [Frame]) {
        self.tables = tables
        self.frames = frames
        used = Set(frames.map(\.row))
        for frame in frames {
            for row in frame.group { used.insert(RowReference(table: frame.row.table, row: row)) }
        }
    }

    mutating func value(_ expression: Expression) throws(RowFault) -> Value {
        switch expression {
        case .constant(let value): return value
        case .column(let reference): return try column(reference)
        case .template(let parts): return try template(parts)
        case .minor(let inner, let currency, let style): return try minor(inner, currency, style)
        case .integer(let inner, let style):
            return try converted(inner) { (text) throws(RowFault) in .integer(try style.integer(text)) }
        case .time(let inner, let pattern, let zone):
            return try converted(inner) { (text) throws(RowFault) in .time(try pattern.moment(text, zone)) }
        case .edit(let edit, let inner):
            return try converted(inner) { (text) throws(RowFault) in edit.apply(text) }
        case .lookup(let inner, let table, let otherwise): return try lookup(inner, table, otherwise)
        case .choice(let condition, let yes, let no): return try value(holds(condition) ? yes : no)
        case .first(let candidates):
            for candidate in candidates {
                let found = try value(candidate)
                if found != .absent { return found }
            }
            return .absent
        case .arithmetic(let operation, let operands): return try arithmetic(operation, operands)
        case .extreme(let extreme, let candidates):
            var best = Value.absent
            for candidate in candidates { best = try extreme.better(of: best, value(candidate)) }
            return best
        case .aggregate(let aggregate, let inner, let rows): return try self.aggregate(aggregate, inner, rows)
        case .each(let rows, let inner): return try each(rows, inner)
        case .list(let elements):
            var values: [Value] = []
            for (index, element) in elements.enumerated() { values.append(try value(element, at: "[\(index)]")) }
            return .list(values)
        case .object(let members):
            var values: [Value.Member] = []
            for member in members {
                let value = try value(member.value, at: member.name)
                if value != .absent { values.append(Value.Member(name: member.name, value: value)) }
            }
            return .object(values)
        case .rowNumber: return .integer(frames.last?.number ?? 1)
        }
    }

    mutating func value(_ expression: Expression, at name: String) throws(RowFault) -> Value {
        do throws(RowFault) {
            return try value(expression)
        } catch {
            throw error.at(name)
        }
    }

    /// A text of a value, or `nil` where there is none.
    mutating func text(_ expression: Expression) throws(RowFault) -> String? {
        let value = try value(expression)
        if value == .absent { return nil }
        guard let text = value.text else { throw RowFault("expected a text, got \(value.kind)") }
        return text
    }

    /// Rows that belong to a row in scope, as far as the reference's condition holds.
    mutating func rows(_ reference: RowsReference) throws(RowFault) -> [RowReference] {
        let found: [RowReference]
        switch reference.source {
        case .group(let depth):
            let frame = frames[frames.count - 1 - depth]
            found = frame.group.map { RowReference(table: frame.row.table, row: $0) }
        case .join(let depth, let joins, let many):
            guard let row = follow(joins, from: frames[frames.count - 1 - depth].row) else { return [] }
            let join = tables[row.table].many[many]
            found = join.rows(of: row.row).map { RowReference(table: join.table, row: $0) }
        }
        guard let condition = reference.condition else { return found }
        var kept: [RowReference] = []
        for row in found {
            let holds = try inside(row, number: 1) { (evaluator) throws(RowFault) in try evaluator.holds(condition) }
            if holds { kept.append(row) }
        }
        return kept
    }

    /// Works with a row as the innermost one.
    mutating func inside<Result>(
        _ row: RowReference, number: Int64, _ body: (inout Evaluator) throws(RowFault) -> Result
    ) throws(RowFault) -> Result {
        frames.append(Frame(row: row, number: number))
        defer { frames.removeLast() }
        do throws(RowFault) {
            return try body(&self)
        } catch {
            throw error.within(row)
        }
    }

    mutating func use(_ row: RowReference) { used.insert(row) }

    private mutating func column(_ reference: ColumnReference) throws(RowFault) -> Value {
        guard let row = follow(reference.joins, from: frames[frames.count - 1 - reference.depth].row) else {
            return .absent
        }
        used.insert(row)
        switch reference.column {
        case .stored(let column):
            return tables[row.table].text(row: row.row, column: column).map { .text($0) } ?? .absent
        case .derived(let expression):
            return try inside(row, number: 1) { (evaluator) throws(RowFault) in try evaluator.value(expression) }
        }
    }

    private func follow(_ joins: [Int], from start: RowReference) -> RowReference? {
        var row = start
        for index in joins {
            let join = tables[row.table].one[index]
            guard let next = join.row(of: row.row) else { return nil }
            row = RowReference(table: join.table, row: next)
        }
        return row
    }

    private mutating func template(_ parts: [Expression]) throws(RowFault) -> Value {
        var whole = ""
        for part in parts {
            guard let text = try text(part) else { return .absent }
            whole += text
        }
        return .text(whole)
    }

    private mutating func converted(
        _ inner: Expression, _ convert: (String) throws(RowFault) -> Value
    ) throws(RowFault) -> Value {
        guard let text = try text(inner) else { return .absent }
        return try convert(text)
    }

    private mutating func minor(
        _ inner: Expression, _ code: Expression, _ style: DecimalStyle
    ) throws(RowFault) -> Value {
        guard let text = try text(inner) else { return .absent }
        guard let code = try self.text(code) else { throw RowFault("the amount \"\(text)\" has no currency") }
        guard let currency = Currency(code: code) else {
            throw RowFault("\"\(code)\" is no currency of ISO 4217")
        }
        return .integer(try style.minorUnits(text, digits: currency.exponent, of: code))
    }

    private mutating func lookup(
        _ inner: Expression, _ table: [String: Expression], _ otherwise: Expression?
    ) throws(RowFault) -> Value {
        guard let text = try text(inner) else {
            return try otherwise.map { e throws(RowFault) in try value(e) } ?? .absent
        }
        if let found = table[text] ?? otherwise { return try value(found) }
        throw RowFault("\"\(text)\" is none of \(table.keys.sorted().joined(separator: ", "))")
    }

    private mutating func each(_ reference: RowsReference, _ inner: Expression) throws(RowFault) -> Value {
        var values: [Value] = []
        for (index, row) in try rows(reference).enumerated() {
            used.insert(row)
            let value = try inside(row, number: Int64(index) + 1) { (evaluator) throws(RowFault) in
                try evaluator.value(inner, at: "[\(index)]")
            }
            if value != .absent { values.append(value) }
        }
        return .list(values)
    }
}
