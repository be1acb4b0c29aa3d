internal import OrderCore
public import Postgres

/// What people and tools ask. Nothing is locked; nothing personal is told unless it is asked for.
public struct Queries {
    /// A connection of their own: these statements may read much.
    public let connection: PostgresConnection

    /// Asks over this connection.
    public init(connection: PostgresConnection) {
        self.connection = connection
    }

    /// Rows of a statement, each turned into a value.
    func all<Value>(
        _ sql: String, _ parameters: [Parameter] = [], _ read: (Postgres.Row) throws(StoreError) -> Value
    ) throws(StoreError) -> [Value] {
        let rows = try database { () throws(PostgresError) in try connection.query(sql, parameters) }
        var values: [Value] = []
        for row in rows { values.append(try read(row)) }
        return values
    }
}

/// Reads values by place, with this module's error.
struct Fields {
    let row: Postgres.Row

    func text(_ column: Int) throws(StoreError) -> String {
        try database { () throws(PostgresError) in try row.text(column) }
    }

    func optionalText(_ column: Int) throws(StoreError) -> String? {
        try database { () throws(PostgresError) in try row.optionalText(column) }
    }

    func integer(_ column: Int) throws(StoreError) -> Int64 {
        try database { () throws(PostgresError) in try row.int64(column) }
    }

    func optionalInteger(_ column: Int) throws(StoreError) -> Int64? {
        try database { () throws(PostgresError) in try row.optionalInt64(column) }
    }

    func time(_ column: Int) throws(StoreError) -> Timestamp {
        Timestamp(microseconds: try database { () throws(PostgresError) in try row.timestamp(column) })
    }

    func optionalTime(_ column: Int) throws(StoreError) -> Timestamp? {
        try database { () throws(PostgresError) in try row.optionalTimestamp(column) }
            .map { Timestamp(microseconds: $0) }
    }

    /// Source, id and part, from this column on.
    func identity(_ column: Int) throws(StoreError) -> MessageIdentity {
        MessageIdentity(source: try text(column), id: try text(column + 1), part: try integer(column + 2))
    }
}
