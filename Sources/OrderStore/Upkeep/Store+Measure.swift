public import OrderCore
internal import Postgres

/// What a worker measures, to stay within its bounds.
extension Store {
    /// Whether the outbox holds at least so many rows, of all lanes together; counts no further.
    public func outboxHolds(atLeast rows: Int) throws(StoreError) -> Bool {
        try database { () throws(PostgresError) in
            try connection.run(Self.countOutbox, [.int8(Int64(rows))]).only().int(0) >= rows
        }
    }

    /// The database's clock.
    public func clock() throws(StoreError) -> Timestamp {
        try database { () throws(PostgresError) in
            Timestamp(microseconds: try connection.run(Statement("clock", "SELECT now()")).only().timestamp(0))
        }
    }

    private static let countOutbox = Statement(
        "count outbox", "SELECT count(*) FROM (SELECT FROM outbox LIMIT $1) AS o")
}
