internal import OrderCore
internal import Postgres

/// What a lane does with outbox rows outside a batch. Each runs on its own.
extension Store {
    /// Deletes rows that the broker has confirmed, for a lane that has no batch to do it with.
    public func deleteConfirmed(_ keys: [OutboxKey]) throws(StoreError) {
        guard !keys.isEmpty else { return }
        let rows = keyColumns(keys)
        try database { () throws(PostgresError) in try connection.run(OutboxRows.delete, rows.parameters) }
    }

    /// The lowest unconfirmed number of each stream, of whatever lane; none for a stream that has no row left.
    public func heads(of streams: some Sequence<OutboxStream>) throws(StoreError) -> [OutboxStream: Int64] {
        let columns = RowColumns(OutboxRows.streamColumns)
        for stream in streams where stream.isOrdered { OutboxRows.append(stream, to: columns) }
        guard columns.count > 0 else { return [:] }
        let rows = try database { () throws(PostgresError) in
            try connection.run(OutboxRows.heads, columns.parameters)
        }
        return try OutboxRows.heads(rows)
    }

    /// Sets rows aside that the broker did not take, to be tried again after a while.
    public func setAside(_ rows: [SetAside], retryAfterSeconds seconds: Int64) throws(StoreError) {
        guard !rows.isEmpty else { return }
        let columns = RowColumns(Self.setAsideColumns)
        for row in rows.sorted(by: { $0.key < $1.key }) {
            OutboxRows.append(row.key, to: columns)
            columns.columns[4].append(row.reason.rawValue)
        }
        try database { () throws(PostgresError) in
            try connection.run(Self.setAside, columns.parameters + [.int8(seconds)])
        }
    }

    /// The rows of a lane that were set aside and are to be tried again, in the order in which they go out: of more than the
    /// limit those whose time came first, so that a receiver that stays away keeps nobody's from being tried.
    public func retries(of owner: Int64, limit: Int = 200) throws(StoreError) -> [StoredEvent] {
        let rows = try database { () throws(PostgresError) in
            try connection.run(Self.readRetries, [.int8(owner), .int8(Int64(limit))])
        }
        return try StoredEvents.read(rows)
    }

    /// Events of a stream from a number on (an `EventNumber` as it is kept), as long as they are kept: for a receiver that lost them. Where there are as
    /// many as the limit, the rest is asked for from the number after the last on.
    public func events(
        of stream: OutboxStream, from number: Int64, limit: Int = 10_000
    ) throws(StoreError) -> [StoredEvent] {
        let rows = try database { () throws(PostgresError) in
            try connection.run(
                Self.readStream,
                [.text(stream.subject), .text(stream.receiver), .int8(number), .int8(Int64(limit))])
        }
        return try StoredEvents.read(rows)
    }

    private func keyColumns(_ keys: [OutboxKey]) -> RowColumns {
        let columns = RowColumns(OutboxRows.keyColumns)
        for key in keys.sorted() { OutboxRows.append(key, to: columns) }
        return columns
    }

    private static let setAsideColumns = OutboxRows.keyColumns + [.text("because")]

    private static let setAside = Statement(
        "set aside",
        """
        UPDATE outbox AS t SET retry_at = now() + $6 * interval '1 second', returns = t.returns + 1, because = u.because
        FROM \(Table.unnest(setAsideColumns))
        WHERE t.subject = u.subject AND t.receiver = u.receiver AND t.number = u.number AND t.event_id = u.event_id
        """)

    private static let readRetries = Statement(
        "read retries",
        StoredEvents.select(
            from: "(SELECT * FROM outbox WHERE owner = $1 AND retry_at <= now() ORDER BY retry_at LIMIT $2)"))

    private static let readStream = Statement(
        "read stream",
        StoredEvents.select(
            from: """
                (
                    SELECT l.subject, d.receiver, d.number, l.id AS event_id, l.day AS event_day,
                        NULL::timestamptz AS retry_at, 0::bigint AS returns
                    FROM event_log AS l CROSS JOIN LATERAL unnest(l.receivers, l.numbers) AS d (receiver, number)
                    WHERE l.subject = $1 AND d.receiver = $2 AND d.number >= $3
                )
                """) + " LIMIT $4")
}
