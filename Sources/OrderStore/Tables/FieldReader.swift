internal import OrderCore
internal import Postgres

/// Gives the fields of a row that was read, in the order of its table's columns.
struct FieldReader {
    let row: Postgres.Row
    let table: Table
    private var index: Int
    /// How many of the table's first columns the row leaves out; negative where others come before them.
    private let missing: Int

    /// Starts at a place of the row, which is that of a column of the table: the same, unless the row was cut otherwise.
    init(_ row: Postgres.Row, _ table: Table, from index: Int = 0, column: Int? = nil) {
        self.row = row
        self.table = table
        self.index = index
        missing = (column ?? index) - index
    }

    mutating func text() throws(StoreError) -> String {
        try next { (row, index) throws(PostgresError) in try row.text(index) }
    }

    mutating func optionalText() throws(StoreError) -> String? {
        try next { (row, index) throws(PostgresError) in try row.optionalText(index) }
    }

    mutating func integer() throws(StoreError) -> Int64 {
        try next { (row, index) throws(PostgresError) in try row.int64(index) }
    }

    mutating func optionalInteger() throws(StoreError) -> Int64? {
        try next { (row, index) throws(PostgresError) in try row.optionalInt64(index) }
    }

    mutating func bool() throws(StoreError) -> Bool {
        try next { (row, index) throws(PostgresError) in try row.bool(index) }
    }

    mutating func time() throws(StoreError) -> Timestamp {
        Timestamp(microseconds: try next { (row, index) throws(PostgresError) in try row.timestamp(index) })
    }

    mutating func optionalTime() throws(StoreError) -> Timestamp? {
        try next { (row, index) throws(PostgresError) in try row.optionalTimestamp(index) }
            .map { Timestamp(microseconds: $0) }
    }

    mutating func hash() throws(StoreError) -> ContentHash {
        ContentHash(try next { (row, index) throws(PostgresError) in try row.uuid(index) })
    }

    mutating func integers() throws(StoreError) -> [Int64] {
        try next { (row, index) throws(PostgresError) in try row.int64Array(index) }
    }

    mutating func counts() throws(StoreError) -> [String: Int64] {
        let counts = try next { (row, index) throws(PostgresError) in
            try row.withBytes(index) { (bytes) throws(PostgresError) in
                bytes.count == 2 ? [:] : JSONObject.counts(bytes)
            }
        }
        guard let counts else { throw impossible() }
        return counts
    }

    mutating func texts() throws(StoreError) -> [String: String] {
        let texts = try next { (row, index) throws(PostgresError) in
            try row.withBytes(index) { (bytes) throws(PostgresError) in
                bytes.count == 2 ? [:] : JSONObject.texts(bytes)
            }
        }
        guard let texts else { throw impossible() }
        return texts
    }

    mutating func set() throws(StoreError) -> Set<String> { Set(try counts().keys) }

    /// A text that stands for one of a few values.
    mutating func choice<Value: RawRepresentable<String>>(_: Value.Type = Value.self) throws(StoreError) -> Value {
        guard let value = Value(rawValue: try text()) else { throw impossible() }
        return value
    }

    mutating func optionalChoice<Value: RawRepresentable<String>>() throws(StoreError) -> Value? {
        guard let text = try optionalText() else { return nil }
        guard let value = Value(rawValue: text) else { throw impossible() }
        return value
    }

    mutating func currency() throws(StoreError) -> Currency {
        let code = try text()
        if code == Currency.none.code { return .none }
        guard let currency = Currency(code: code) else { throw impossible() }
        return currency
    }

    private mutating func next<Value>(
        _ read: (Postgres.Row, Int) throws(PostgresError) -> Value
    ) throws(StoreError) -> Value {
        defer { index += 1 }
        do throws(PostgresError) {
            return try read(row, index)
        } catch {
            throw .database(error)
        }
    }

    /// The column that was read last can't be what it says.
    private func impossible() -> StoreError {
        let keys = table.columns.indices.filter { table.columns[$0].isKey && $0 >= missing }.map { key($0 - missing) }
        let orderColumn = table.columns.firstIndex {
            $0.name == "order_number" || table.name == "orders" && $0.name == "number"
        }
        return .impossibleRow(
            ImpossibleRow(
                table: table.name, key: keys.joined(separator: " "), column: table.columns[index - 1 + missing].name,
                orderNumber: orderColumn.flatMap { $0 >= missing ? key($0 - missing) : nil }))
    }

    private func key(_ column: Int) -> String {
        if let text = try? row.text(column) { return text }
        return (try? row.int64(column)).map { String($0) } ?? ""
    }
}
