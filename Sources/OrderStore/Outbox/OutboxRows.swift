internal import OrderCore
internal import Postgres

/// The events that are not confirmed yet, as rows.
enum OutboxRows {
    static let keyColumns: [Column] = [
        .key("subject", .text), .key("receiver", .text), .key("number", .int8), .key("event_id", .int8),
    ]
    static let columns = keyColumns + [Column(name: "event_day", type: .date)]
    static let streamColumns = Array(keyColumns.prefix(2))

    /// `$6` is the lane that publishes them.
    static let insert = Statement(
        "insert outbox",
        """
        INSERT INTO outbox (subject, receiver, number, event_id, event_day, owner)
        SELECT u.subject, u.receiver, u.number, u.event_id, u.event_day, $6 FROM \(Table.unnest(columns))
        """)

    /// Rows to be sent again may not have been confirmed yet.
    static let insertAgain = Statement("insert outbox again", insert.sql + " ON CONFLICT DO NOTHING")

    static let delete = Statement(
        "delete outbox",
        """
        DELETE FROM outbox AS t USING \(Table.unnest(keyColumns))
        WHERE t.subject = u.subject AND t.receiver = u.receiver AND t.number = u.number AND t.event_id = u.event_id
        """)

    /// The lowest unconfirmed number of each stream, of whatever lane.
    static let heads = Statement(
        "read heads",
        """
        SELECT u.subject, u.receiver, h.number FROM \(Table.unnest(streamColumns)) CROSS JOIN LATERAL (
            SELECT o.number FROM outbox AS o WHERE o.subject = u.subject AND o.receiver = u.receiver
            ORDER BY o.number LIMIT 1
        ) AS h
        """)

    /// Whether the row `o` waits for one of its stream that the broker could not route.
    static let isBehindSetAside = """
        EXISTS (
            SELECT FROM outbox AS s WHERE s.subject = o.subject AND s.receiver = o.receiver AND s.number < o.number
                AND s.retry_at IS NOT NULL)
        """

    static func append(_ key: OutboxKey, to rows: RowColumns) {
        rows.columns[0].append(key.stream.subject)
        rows.columns[1].append(key.stream.receiver)
        rows.columns[2].append(key.number)
        rows.columns[3].append(key.eventID)
    }

    static func append(_ row: OutboxRow, to rows: RowColumns) {
        append(row.key, to: rows)
        rows.columns[4].append(row.eventDay)
    }

    static func append(_ stream: OutboxStream, to rows: RowColumns) {
        rows.columns[0].append(stream.subject)
        rows.columns[1].append(stream.receiver)
    }

    static func heads(_ rows: Postgres.Rows) throws(StoreError) -> [OutboxStream: Int64] {
        try database { () throws(PostgresError) in
            var heads: [OutboxStream: Int64] = [:]
            for row in rows {
                heads[OutboxStream(subject: try row.text(0), receiver: try row.text(1))] = try row.int64(2)
            }
            return heads
        }
    }
}
