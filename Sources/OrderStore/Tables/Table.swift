internal import Postgres

/// A column of a table, as this module sends and reads it.
struct Column: Sendable {
    let name: String
    /// How its values travel in arrays.
    let type: PostgresType
    /// What makes a value of the column of what travelled, where that is not the same.
    var cast: String?
    var isKey = false
    /// What stands in the column where a journal leaves it out, as JSON; nil is NULL.
    var journalDefault: String?

    static func key(_ name: String, _ type: PostgresType) -> Column {
        Column(name: name, type: type, isKey: true)
    }

    static func integer(_ name: String) -> Column { Column(name: name, type: .int8, journalDefault: "0") }
    static func bool(_ name: String) -> Column { Column(name: name, type: .bool, journalDefault: "false") }
    static func text(_ name: String) -> Column { Column(name: name, type: .text) }
    static func text(_ name: String, default text: String) -> Column {
        Column(name: name, type: .text, journalDefault: "\"\(text)\"")
    }
    /// An object: of numbers, of texts, or of a set's members.
    static func object(_ name: String) -> Column {
        Column(name: name, type: .text, cast: "json", journalDefault: "{}")
    }
    static func optional(_ name: String, _ type: PostgresType) -> Column { Column(name: name, type: type) }
    static func integers(_ name: String) -> Column { Column(name: name, type: .text, cast: "bigint[]") }
}

/// A table whose rows are values of one Swift type: the list of its columns, and the SQL that follows from it.
///
/// `StoredRow.write` and `read` go through the columns in this order.
final class Table: Sendable {
    let name: String
    /// The first column is the order's number, which the row's type does not hold.
    let isOwned: Bool
    let columns: [Column]
    /// The columns' names as they stand in a JSON object.
    let jsonNames: [[UInt8]]
    let insert: Statement
    let update: Statement

    init(_ name: String, isOwned: Bool = false, _ columns: [Column]) {
        let columns = isOwned ? [.key("order_number", .text)] + columns : columns
        self.name = name
        self.isOwned = isOwned
        self.columns = columns
        jsonNames = columns.map { Array("\"\($0.name)\":".utf8) }
        let names = columns.map(\.name).joined(separator: ", ")
        let source = Self.unnest(columns)
        let values = columns.map(Self.value).joined(separator: ", ")
        insert = Statement("insert \(name)", "INSERT INTO \(name) (\(names)) SELECT \(values) FROM \(source)")
        let changes = columns.filter { !$0.isKey }.map { "\($0.name) = \(Self.value($0))" }
        let keys = columns.filter(\.isKey).map { "t.\($0.name) = u.\($0.name)" }
        update = Statement(
            "update \(name)",
            "UPDATE \(name) AS t SET \(changes.joined(separator: ", ")) FROM \(source) "
                + "WHERE \(keys.joined(separator: " AND "))")
    }

    /// `unnest` of one array a column, as `u`.
    static func unnest(_ columns: [Column]) -> String {
        let places = columns.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
        return "unnest(\(places)) AS u (\(columns.map(\.name).joined(separator: ", ")))"
    }

    private static func value(_ column: Column) -> String {
        "u.\(column.name)" + (column.cast.map { "::" + $0 } ?? "")
    }

    /// The columns, to be selected from a table or alias.
    func list(_ alias: String) -> String {
        columns.map { "\(alias).\($0.name)" }.joined(separator: ", ")
    }

    /// A row of defaults, for `jsonb_populate_recordset`.
    var journalDefaults: String {
        let defaults = columns.compactMap { column in column.journalDefault.map { "\"\(column.name)\": \($0)" } }
        return "jsonb_populate_record(NULL::\(name), '{\(defaults.joined(separator: ", "))}')"
    }
}

/// A value that is written into a table as one row.
protocol WrittenRow {
    static var table: Table { get }
    /// Writes the fields in the order of the table's columns, without the order's number of an owned row.
    func write(to sink: inout some FieldSink)
}

/// A value that stands in a table as one row.
protocol StoredRow: WrittenRow, Sendable {
    /// Reads the fields in the order of the table's columns.
    static func read(_ fields: inout FieldReader) throws(StoreError) -> Self
}

extension StoredRow {
    /// All rows of an answer; of an owned table without the order's number.
    static func all(_ rows: Postgres.Rows) throws(StoreError) -> [Self] {
        var result: [Self] = []
        result.reserveCapacity(rows.count)
        for row in rows {
            var fields = FieldReader(row, table, from: table.isOwned ? 1 : 0)
            result.append(try read(&fields))
        }
        return result
    }
}
