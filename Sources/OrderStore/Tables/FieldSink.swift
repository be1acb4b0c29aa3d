internal import OrderCore
internal import Postgres

/// Takes the fields of a row, in the order of its table's columns.
protocol FieldSink {
    mutating func put(_ value: String?)
    mutating func put(_ value: Int64?)
    mutating func put(_ value: Bool)
    mutating func put(_ value: Timestamp?)
    mutating func put(_ value: ContentHash)
    mutating func put(_ value: [String: Int64])
    mutating func put(_ value: [String: String])
    mutating func put(_ value: [Int64])
    mutating func put(json: [UInt8])
}

extension FieldSink {
    mutating func put(_ value: some RawRepresentable<String>) { put(value.rawValue) }

    /// As the keys of an object.
    mutating func put(_ value: Set<String>) { put(Dictionary(uniqueKeysWithValues: value.map { ($0, 1 as Int64) })) }
}

/// The rows of a statement on their way to the server: an array a column.
final class RowColumns {
    let columns: [ArrayColumn]

    init(_ columns: [Column]) {
        self.columns = columns.map { ArrayColumn($0.type) }
    }

    var count: Int { columns[0].count }
    var parameters: [Parameter] { columns.map { .array($0) } }

    func removeAll() {
        for column in columns { column.removeAll() }
    }

    /// Appends a row; of an owned one the order it belongs to stands first.
    func append<Row: WrittenRow>(_ row: Row, of orderNumber: String? = nil) {
        var sink = Sink(columns: columns)
        if let orderNumber { sink.put(orderNumber) }
        row.write(to: &sink)
    }

    private struct Sink: FieldSink {
        let columns: [ArrayColumn]
        var index = 0

        private mutating func next() -> ArrayColumn {
            defer { index += 1 }
            return columns[index]
        }

        mutating func put(_ value: String?) { next().append(value) }
        mutating func put(_ value: Int64?) { next().append(value) }
        mutating func put(_ value: Bool) { next().append(value) }
        mutating func put(_ value: Timestamp?) { next().append(value?.microseconds) }
        mutating func put(_ value: ContentHash) { next().append(value.uuid) }

        mutating func put(_ value: [String: Int64]) {
            if value.isEmpty { next().append("{}") } else { next().append(bytes: JSONText.counts(value)) }
        }

        mutating func put(_ value: [String: String]) {
            if value.isEmpty { next().append("{}") } else { next().append(bytes: JSONText.texts(value)) }
        }

        mutating func put(json: [UInt8]) { next().append(bytes: json) }

        mutating func put(_ value: [Int64]) {
            next().append("{" + value.map { String($0) }.joined(separator: ",") + "}")
        }
    }
}

/// A row as a JSON object; what is as the column's default is left out.
struct JSONRow: FieldSink {
    private var text: JSONText
    private let table: Table
    private var index: Int
    private var isFirst = true

    static func append<Row: StoredRow>(_ row: Row, to text: inout JSONText) {
        var sink = JSONRow(text: text, table: Row.table, index: Row.table.isOwned ? 1 : 0)
        text = JSONText()
        sink.text.raw(UInt8(ascii: "{"))
        row.write(to: &sink)
        sink.text.raw(UInt8(ascii: "}"))
        text = sink.text
    }

    private mutating func name() {
        if !isFirst { text.raw(UInt8(ascii: ",")) }
        isFirst = false
        text.raw(table.jsonNames[index])
    }

    mutating func put(_ value: String?) {
        if let value {
            name()
            text.string(value)
        }
        index += 1
    }

    mutating func put(_ value: Int64?) {
        if let value, value != 0 || table.columns[index].journalDefault == nil {
            name()
            text.number(value)
        }
        index += 1
    }

    mutating func put(_ value: Bool) {
        if value {
            name()
            text.raw("true")
        }
        index += 1
    }

    mutating func put(_ value: Timestamp?) {
        if let value {
            name()
            text.time(value)
        }
        index += 1
    }

    mutating func put(_ value: ContentHash) {
        name()
        text.hash(value)
        index += 1
    }

    mutating func put(_ value: [String: Int64]) {
        if !value.isEmpty {
            name()
            text.raw(JSONText.counts(value))
        }
        index += 1
    }

    mutating func put(_ value: [String: String]) {
        if !value.isEmpty {
            name()
            text.raw(JSONText.texts(value))
        }
        index += 1
    }

    mutating func put(json: [UInt8]) {
        name()
        text.raw(json)
        index += 1
    }

    mutating func put(_ value: [Int64]) {
        name()
        text.raw("[")
        for (place, number) in value.enumerated() {
            if place > 0 { text.raw(UInt8(ascii: ",")) }
            text.number(number)
        }
        text.raw("]")
        index += 1
    }

    private init(text: JSONText, table: Table, index: Int) {
        self.text = text
        self.table = table
        self.index = index
    }
}

extension ContentHash {
    var uuid: PostgresUUID { PostgresUUID(high: high, low: low) }

    init(_ uuid: PostgresUUID) {
        self.init(high: uuid.high, low: uuid.low)
    }
}
