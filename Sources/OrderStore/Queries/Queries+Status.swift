public import OrderCore
internal import Postgres

/// How things stand.
extension Queries {
    /// How many orders are in each status.
    public func orderCounts() throws(StoreError) -> [String: Int64] {
        let counts = try all("SELECT status, count(*) FROM orders GROUP BY status") { (row) throws(StoreError) in
            (try Fields(row: row).text(0), try Fields(row: row).integer(1))
        }
        return Dictionary(counts) { first, _ in first }
    }

    /// Heads of orders, the newest first; in one status where it is given.
    public func orders(status: OrderStatus? = nil, limit: Int = 100) throws(StoreError) -> [Order] {
        try all(
            """
            SELECT \(Order.table.list("t")) FROM orders AS t WHERE $1 IS NULL OR status = $1
            ORDER BY placed_at DESC, number DESC LIMIT $2
            """, [.text(status?.rawValue), .int8(Int64(limit))]
        ) { (row) throws(StoreError) in
            var fields = FieldReader(row, Order.table)
            return try Order.read(&fields)
        }
    }

    /// What is not confirmed yet, by receiver.
    public func outbox() throws(StoreError) -> [OutboxStatus] {
        try all(
            """
            SELECT o.receiver, count(*), count(*) FILTER (WHERE o.retry_at IS NOT NULL), min(e.created_at)
            FROM outbox AS o LEFT JOIN event_log AS e ON e.day = o.event_day AND e.id = o.event_id
            GROUP BY o.receiver ORDER BY o.receiver
            """
        ) { (row) throws(StoreError) in
            let fields = Fields(row: row)
            return OutboxStatus(
                receiver: try fields.text(0), waiting: try fields.integer(1), setAside: try fields.integer(2),
                oldestAt: try fields.optionalTime(3))
        }
    }

    /// How many rows wait for confirms, and how many messages are dead: what the bounds of intake are about.
    public func backlog() throws(StoreError) -> (outbox: Int64, dead: Int64, parked: Int64, due: Int64) {
        let counts = try all(
            """
            SELECT (SELECT count(*) FROM outbox), (SELECT count(*) FROM dead_messages WHERE state = 'dead'),
                (SELECT count(*) FROM parked), (SELECT count(*) FROM due WHERE next_at <= now())
            """
        ) { (row) throws(StoreError) in
            let fields = Fields(row: row)
            return (try fields.integer(0), try fields.integer(1), try fields.integer(2), try fields.integer(3))
        }
        return counts.first ?? (0, 0, 0, 0)
    }

    /// Stock, by SKU and warehouse; of one SKU, and in one warehouse, where they are given.
    public func stock(
        sku: String? = nil, warehouse: String? = nil, limit: Int = 1_000
    ) throws(StoreError) -> [StockLevel] {
        try all(
            """
            SELECT \(StockLevel.table.list("t")) FROM stock AS t
            WHERE ($1 IS NULL OR sku = $1) AND ($2 IS NULL OR warehouse = $2) ORDER BY sku, warehouse LIMIT $3
            """, [.text(sku), .text(warehouse), .int8(Int64(limit))]
        ) { (row) throws(StoreError) in
            var fields = FieldReader(row, StockLevel.table)
            return try StockLevel.read(&fields)
        }
    }

    /// The changes of a stock, newest first.
    public func stockJournal(of key: StockKey, limit: Int = 100) throws(StoreError) -> [StockChange] {
        try all(
            """
            SELECT at, kind, on_hand, reserved, missing, order_number, line, reference FROM stock_journal
            WHERE sku = $1 AND warehouse = $2 ORDER BY id DESC LIMIT $3
            """, [.text(key.sku), .text(key.warehouse), .int8(Int64(limit))]
        ) { (row) throws(StoreError) in
            let fields = Fields(row: row)
            return StockChange(
                at: try fields.time(0), kind: try fields.text(1), onHand: try fields.integer(2),
                reserved: try fields.integer(3), missing: try fields.integer(4),
                orderNumber: try fields.optionalText(5), line: try fields.optionalInteger(6),
                reference: try fields.optionalText(7))
        }
    }

    /// Due rows, the next first; of one order where a number is given.
    public func due(of orderNumber: String? = nil, limit: Int = 100) throws(StoreError) -> [DueTimer] {
        try all(
            """
            SELECT kind, order_number, reference, due_at, next_at, tries FROM due
            WHERE $1 IS NULL OR (order_number = $1 AND kind = ANY ($3))
            ORDER BY next_at, kind, order_number, reference LIMIT $2
            """,
            [.text(orderNumber), .int8(Int64(limit)), Self.timerKinds]
        ) { (row) throws(StoreError) in
            let fields = Fields(row: row)
            return DueTimer(
                kind: try fields.text(0), orderNumber: try fields.text(1), reference: try fields.text(2),
                dueAt: try fields.time(3), nextAt: try fields.time(4), tries: try fields.integer(5))
        }
    }

    /// All kinds: the key of `due` begins with the kind, so naming them finds an order's rows by it.
    static var timerKinds: Parameter { .textArray(Timer.Kind.allCases.map(\.rawValue)) }

    /// What the inbox knows of a message, for one who waits for an answer.
    public func outcome(of identity: MessageIdentity) throws(StoreError) -> SeenMessage? {
        let rows = try database { () throws(PostgresError) in
            try connection.query(
                """
                SELECT source, id, part, outcome, reason, content_hash FROM inbox
                WHERE source = $1 AND id = $2 AND part = $3
                """, [.text(identity.source), .text(identity.id), .int8(identity.part)])
        }
        return try Inbox.seen(rows)[identity]
    }
}

/// What a receiver has not been confirmed.
public struct OutboxStatus: Hashable, Sendable {
    /// The receiver.
    public let receiver: String
    /// How many events.
    public let waiting: Int64
    /// How many of them the broker could not route.
    public let setAside: Int64
    /// Since when the oldest waits.
    public let oldestAt: Timestamp?
}

/// A change of stock, from its journal.
public struct StockChange: Hashable, Sendable {
    /// When.
    public let at: Timestamp
    /// What happened.
    public let kind: String
    /// Change of what is there.
    public let onHand: Int64
    /// Change of what is promised.
    public let reserved: Int64
    /// Change of what is promised and not there.
    public let missing: Int64
    /// The order it was for.
    public let orderNumber: String?
    /// The order's line.
    public let line: Int64?
    /// The document, fulfilment or shipment.
    public let reference: String?
}

/// A due row.
public struct DueTimer: Hashable, Sendable {
    /// What is due.
    public let kind: String
    /// The order; empty where none.
    public let orderNumber: String
    /// What of it.
    public let reference: String
    /// When.
    public let dueAt: Timestamp
    /// When it may be claimed.
    public let nextAt: Timestamp
    /// How often it was claimed.
    public let tries: Int64
}
