public import OrderCore
internal import Postgres

/// An order's page.
extension Queries {
    /// An order with all its parts, or nil. The contact is left out unless it is asked for.
    public func order(_ number: String, withContact: Bool = false) throws(StoreError) -> OrderState? {
        let keys = Parameter.textArray([number])
        let readOrder = Statement(
            unprepared: "SELECT \(Order.table.list("t")) FROM orders AS t WHERE number = ANY ($1)")
        let statements = [readOrder, OrderParts.readFulfilments] + OrderParts.readParts
        // One snapshot for all of them.
        let answers = try database { () throws(PostgresError) in
            try connection.pipeline { (pipeline) throws(PostgresError) in
                try pipeline.send(Statement(unprepared: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"))
                for statement in statements {
                    try pipeline.send(Statement(unprepared: statement.sql), [keys])
                }
                try pipeline.commit()
            }
        }
        let parts = try OrderParts(orders: answers[1], fulfilments: answers[2], parts: answers[3..<answers.count - 1])
        if let fault = parts.fault { throw .impossibleRow(fault) }
        guard var state = parts.states[number] else { return nil }
        if !withContact { state.contact = OrderCore.Rows() }
        return state
    }

    /// What happened to an order: who, when, from, to, why, and which message caused it.
    public func journal(of number: String) throws(StoreError) -> [JournalLine] {
        try all(
            """
            SELECT version, at, by, cause_source, cause_id, cause_part, from_status, to_status, why
            FROM order_journal WHERE order_number = $1 ORDER BY version
            """, [.text(number)]
        ) { (row) throws(StoreError) in
            let fields = Fields(row: row)
            return JournalLine(
                version: try fields.integer(0), at: try fields.time(1), by: try fields.text(2),
                cause: try fields.identity(3), from: try fields.optionalText(6), to: try fields.text(7),
                why: try fields.text(8))
        }
    }

    /// What was told of an order, and to whom; without the data.
    public func events(of number: String) throws(StoreError) -> [EventLine] {
        let columns = "created_at, id, type, subject, version, cause_source, cause_id, cause_part, receivers, numbers"
        return try all(
            """
            SELECT \(columns) FROM event_log WHERE subject = $1
            UNION ALL SELECT \(columns) FROM event_log WHERE order_number = $1 AND order_number <> subject
            ORDER BY created_at, id
            """, [.text(number)]
        ) { (row) throws(StoreError) in
            let fields = Fields(row: row)
            let (receivers, numbers) = try database { () throws(PostgresError) in
                (try row.textArray(8), try row.int64Array(9))
            }
            return EventLine(
                createdAt: try fields.time(0), type: try fields.text(2), subject: try fields.text(3),
                version: try fields.integer(4), cause: try fields.identity(5),
                deliveries: zip(receivers, numbers).map { Event.Delivery(receiver: $0, number: $1) })
        }
    }

    /// The messages that named an order, with what became of them; without their bodies.
    public func messages(of number: String) throws(StoreError) -> [MessageLine] {
        try all(
            """
            SELECT received_at, source, id, part, queue, type, outcome, reason
            FROM message_log WHERE order_number = $1 ORDER BY received_at
            """, [.text(number)]
        ) { (row) throws(StoreError) in
            let fields = Fields(row: row)
            return MessageLine(
                receivedAt: try fields.time(0), identity: try fields.identity(1), queue: try fields.optionalText(4),
                type: try fields.optionalText(5), outcome: try fields.text(6), reason: try fields.optionalText(7))
        }
    }

    /// The journey of an order's parcels, in event-time order.
    public func checkpoints(of number: String) throws(StoreError) -> [TrackingCheckpoint] {
        try all(
            """
            SELECT shipment, occurred_at, code, warehouse, description, place
            FROM tracking_checkpoints WHERE order_number = $1 ORDER BY occurred_at, shipment, code
            """, [.text(number)]
        ) { (row) throws(StoreError) in
            let fields = Fields(row: row)
            var checkpoint = TrackingCheckpoint(
                orderNumber: number, warehouse: try fields.optionalText(3), shipment: try fields.text(0),
                code: try fields.text(2), occurredAt: try fields.time(1))
            checkpoint.text = try fields.optionalText(4)
            checkpoint.place = try fields.optionalText(5)
            return checkpoint
        }
    }
}

/// A line of an order's journal.
public struct JournalLine: Hashable, Sendable {
    /// Counts the lines from 1.
    public let version: Int64
    /// When.
    public let at: Timestamp
    /// Who.
    public let by: String
    /// The message that caused it.
    public let cause: MessageIdentity
    /// The status before.
    public let from: String?
    /// The status after.
    public let to: String
    /// What was decided, as sentences.
    public let why: String
}

/// An event of an order.
public struct EventLine: Hashable, Sendable {
    /// When it was stored.
    public let createdAt: Timestamp
    /// The type, with its version.
    public let type: String
    /// What it is about; empty for an alert.
    public let subject: String
    /// The journal version that it stems from.
    public let version: Int64
    /// The message that caused it.
    public let cause: MessageIdentity
    /// Who heard it, with its number for each.
    public let deliveries: [Event.Delivery]
}

/// A message that named an order.
public struct MessageLine: Hashable, Sendable {
    /// When it came.
    public let receivedAt: Timestamp
    /// Who it is.
    public let identity: MessageIdentity
    /// The queue it came from.
    public let queue: String?
    /// Its type.
    public let type: String?
    /// `done`, `parked`, `refused`, `conflict` or `dead`.
    public let outcome: String
    /// Why.
    public let reason: String?
}
