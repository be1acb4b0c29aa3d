public import OrderCore
internal import Postgres

/// What a worker measures, to stay within its bounds.
extension Store {
    /// Whether the outbox holds at least so many rows that can go out, of all lanes together; counts no further.
    public func outboxHolds(atLeast rows: Int) throws(StoreError) -> Bool {
        try counts(Self.countOutbox, rows)
    }

    /// The same for rows that are set aside for a receiver that is gone, with all that stands behind them.
    public func setAsideHolds(atLeast rows: Int) throws(StoreError) -> Bool {
        try counts(Self.countSetAside, rows)
    }

    /// Whether there are at least so many dead messages that nobody has replayed or dropped.
    public func deadHold(atLeast rows: Int) throws(StoreError) -> Bool {
        try counts(Self.countDead, rows)
    }

    private func counts(_ statement: Statement, _ rows: Int) throws(StoreError) -> Bool {
        try database { () throws(PostgresError) in
            try connection.run(statement, [.int8(Int64(rows))]).only().int(0) >= rows
        }
    }

    /// The database's clock.
    public func clock() throws(StoreError) -> Timestamp {
        try database { () throws(PostgresError) in
            Timestamp(microseconds: try connection.run(Statement("clock", "SELECT now()")).only().timestamp(0))
        }
    }

    private static let countOutbox = Statement(
        "count outbox",
        """
        SELECT count(*) FROM (
            SELECT FROM outbox AS o WHERE o.retry_at IS NULL AND NOT \(OutboxRows.isBehindSetAside) LIMIT $1
        ) AS o
        """)

    private static let countDead = Statement(
        "count dead bound", "SELECT count(*) FROM (SELECT FROM dead_messages WHERE state = 'dead' LIMIT $1) AS d")

    private static let countSetAside = Statement(
        "count set aside",
        """
        SELECT count(*) FROM (
            SELECT FROM (
                SELECT subject, receiver, min(number) AS number FROM outbox WHERE retry_at IS NOT NULL GROUP BY 1, 2
            ) AS h
            JOIN outbox AS o ON o.subject = h.subject AND o.receiver = h.receiver AND o.number >= h.number
            WHERE o.number > h.number OR o.retry_at IS NOT NULL
            LIMIT $1
        ) AS o
        """)
}
