internal import OrderCore
internal import Postgres

/// Reads outbox rows together with their events.
enum StoredEvents {
    /// Of rows with the columns of `outbox`, in the order in which they go out.
    static func select(from rows: String) -> String {
        """
        SELECT o.subject, o.receiver, o.number, o.event_id, o.event_day, e.type, e.order_number, e.version,
            e.cause_source, e.cause_id, e.cause_part, e.created_at, e.correlation_id, e.traceparent, e.tracestate, e.data,
            o.retry_at, o.returns
        FROM \(rows) AS o JOIN event_log AS e ON e.day = o.event_day AND e.id = o.event_id
        ORDER BY o.subject, o.receiver, o.number, o.event_id
        """
    }

    static func read(_ rows: Postgres.Rows) throws(StoreError) -> [StoredEvent] {
        try database { () throws(PostgresError) in
            var events: [StoredEvent] = []
            for row in rows {
                let stream = OutboxStream(subject: try row.text(0), receiver: try row.text(1))
                let key = OutboxKey(stream: stream, number: try row.int64(2), eventID: try row.int64(3))
                let cause = MessageIdentity(
                    source: try row.text(8), id: try row.text(9), part: try row.int64(10))
                events.append(
                    StoredEvent(
                        row: OutboxRow(key: key, eventDay: try row.date(4)), type: try row.text(5),
                        orderNumber: try row.optionalText(6), version: try row.int64(7), cause: cause,
                        createdAt: Timestamp(microseconds: try row.timestamp(11)),
                        correlationID: try row.optionalText(12), traceparent: try row.optionalText(13),
                        tracestate: try row.optionalText(14), data: try row.bytes(15),
                        retryAt: try row.optionalTimestamp(16).map { Timestamp(microseconds: $0) },
                        returns: try row.int64(17)))
            }
            return events
        }
    }
}
