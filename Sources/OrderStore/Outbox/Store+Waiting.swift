internal import Postgres

/// Why a row is set aside.
public enum SetAsideReason: String, Hashable, Sendable {
    /// The receiver's queue or binding is gone.
    case unroutable
    /// The broker refused it: the queue is full, or can't be reached.
    case notTaken = "not_taken"
    /// It waits for an earlier one of its stream, which another lane has.
    case behind
}

/// A row to be set aside.
public struct SetAside: Hashable, Sendable {
    /// The row.
    public var key: OutboxKey
    /// Why.
    public var reason: SetAsideReason

    /// Makes one.
    public init(_ key: OutboxKey, _ reason: SetAsideReason) {
        self.key = key
        self.reason = reason
    }
}

/// What a receiver has not got of an order.
public struct WaitingOutput: Hashable, Sendable {
    /// The receiver.
    public var receiver: String
    /// How many events.
    public var count: Int64
    /// Why those wait that the others wait behind; nil where they are on their way.
    public var reason: SetAsideReason?
    /// How often one of them was tried.
    public var tries: Int64
}

/// What of an order has not reached its receivers.
extension Store {
    /// What an order's events have as their subject: the order, its fulfilments, the parcels that those travel in.
    public func subjects(of order: String) throws(StoreError) -> [String] {
        let rows = try database { () throws(PostgresError) in try connection.run(Self.readSubjects, [.text(order)]) }
        return try database { () throws(PostgresError) in
            try rows.map { (row) throws(PostgresError) in try row.text(0) }
        }
    }

    /// Makes what is set aside of these subjects the first that is tried again, whichever lane it belongs to: each looks
    /// every second. Gives all that waits of them, by receiver.
    public func hastenOutput(of subjects: [String]) throws(StoreError) -> [WaitingOutput] {
        let rows = try database { () throws(PostgresError) in
            try connection.run(Self.hasten, [.textArray(subjects)])
            return try connection.run(Self.readWaiting, [.textArray(subjects)])
        }
        return try database { () throws(PostgresError) in
            try rows.map { (row) throws(PostgresError) in
                WaitingOutput(
                    receiver: try row.text(0), count: try row.int64(1),
                    reason: try row.optionalText(2).flatMap { SetAsideReason(rawValue: $0) }, tries: try row.int64(3))
            }
        }
    }

    private static let readSubjects = Statement(
        "read subjects",
        """
        SELECT $1::text AS subject
        UNION SELECT s.subject FROM fulfilment_lines AS l
            JOIN fulfilments AS f ON f.id = l.fulfilment_id
            CROSS JOIN LATERAL (VALUES (f.id), (f.travels_in)) AS s (subject)
            WHERE l.order_number = $1 AND s.subject IS NOT NULL
        ORDER BY subject
        """)

    /// What another lane has in hand at this moment is being confirmed or set aside: it is left alone, and waited for by nobody.
    private static let hasten = Statement(
        "hasten output",
        """
        UPDATE outbox AS t SET retry_at = 'epoch' FROM (
            SELECT subject, receiver, number, event_id FROM outbox
            WHERE subject = ANY ($1) AND retry_at IS NOT NULL FOR UPDATE SKIP LOCKED
        ) AS h
        WHERE t.subject = h.subject AND t.receiver = h.receiver AND t.number = h.number AND t.event_id = h.event_id
        """)

    /// The first of a stream that is set aside says why the others wait.
    private static let readWaiting = Statement(
        "read waiting output",
        """
        SELECT o.receiver, count(*), (array_agg(o.because ORDER BY o.number) FILTER (WHERE o.retry_at IS NOT NULL))[1],
            max(o.returns)
        FROM outbox AS o WHERE o.subject = ANY ($1) GROUP BY o.receiver ORDER BY o.receiver
        """)
}
