/// Rows with named columns: a table for people, or JSON for programs.
struct Listing: Sendable {
    /// The columns' names, as they stand in JSON.
    let columns: [String]
    private(set) var rows: [[Cell]] = []

    init(_ columns: [String], rows: [[Cell]] = []) {
        self.columns = columns
        self.rows = rows
    }

    /// A row for each value, its cells by column.
    init<Value>(of values: [Value], _ columns: [(name: String, cell: (Value) -> Cell)]) {
        self.init(columns.map(\.name), rows: values.map { value in columns.map { $0.cell(value) } })
    }

    mutating func add(_ cells: [Cell]) {
        rows.append(cells)
    }

    /// One object a row, a row a line.
    var json: String {
        let objects = rows.map { JSONText.object(zip(columns, $0.map(\.json)).map { ($0, $1) }) }
        return objects.isEmpty ? "[]" : "[\n" + objects.joined(separator: ",\n") + "\n]"
    }

    /// A heading and aligned columns.
    var table: String {
        let headings = columns.map(Self.heading)
        let texts = rows.map { $0.map(\.table) }
        let isRight = columns.indices.map { column in rows.first?[column].isRightAligned ?? false }
        let widths = columns.indices.map { column in
            ([headings[column]] + texts.map { $0[column] }).map(TextWidth.columns).max() ?? 0
        }
        return ([headings] + texts).map { cells in
            let padded = cells.indices.map { TextWidth.padded(cells[$0], to: widths[$0], right: isRight[$0]) }
            var line = padded.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }.joined(separator: "\n")
    }

    /// The only row, a column a line.
    var sheet: String {
        let width = columns.map { TextWidth.columns(Self.heading($0)) }.max() ?? 0
        return (rows.first ?? []).indices.compactMap { index -> String? in
            let text = rows[0][index].table
            return text.isEmpty ? nil : TextWidth.padded(Self.heading(columns[index]), to: width) + "  " + text
        }.joined(separator: "\n")
    }

    /// The only row as an object.
    var object: String {
        rows.first.map { row in JSONText.object(zip(columns, row.map(\.json)).map { ($0, $1) }) } ?? "null"
    }

    /// `openedAt` as `OPENED AT`.
    private static func heading(_ column: String) -> String {
        var text = ""
        for character in column {
            if character.isUppercase { text += " " }
            text += character.uppercased()
        }
        return text
    }
}
