public import OrderCore
internal import Postgres

/// What waits for people.
extension Queries {
    /// Open holds, oldest first.
    public func openHolds(reason: HoldReason? = nil, limit: Int = 100) throws(StoreError) -> [OpenHold] {
        try all(
            """
            SELECT t.order_number, o.status, \(Hold.table.columns.dropFirst().map { "t.\($0.name)" }.joined(separator: ", "))
            FROM holds AS t JOIN orders AS o ON o.number = t.order_number
            WHERE t.closed_at IS NULL AND ($1 IS NULL OR t.reason = $1)
            ORDER BY t.opened_at, t.order_number, t.number LIMIT $2
            """, [.text(reason?.rawValue), .int8(Int64(limit))]
        ) { (row) throws(StoreError) in
            var fields = FieldReader(row, Hold.table, from: 2, column: 1)
            let head = Fields(row: row)
            return OpenHold(
                orderNumber: try head.text(0), orderStatus: try head.text(1), hold: try Hold.read(&fields))
        }
    }

    /// How many holds are open, by reason, with the age of the oldest.
    public func holdCounts() throws(StoreError) -> [HoldCount] {
        try all(
            """
            SELECT reason, count(*), min(opened_at) FROM holds WHERE closed_at IS NULL
            GROUP BY reason ORDER BY count(*) DESC, reason
            """
        ) { (row) throws(StoreError) in
            let fields = Fields(row: row)
            return HoldCount(
                reason: try fields.text(0), count: try fields.integer(1), oldestOpenedAt: try fields.time(2))
        }
    }

    /// Facts that wait, oldest first. Their messages may hold personal data.
    public func parked(limit: Int = 100) throws(StoreError) -> [ParkedRecord] {
        let rows = try database { () throws(PostgresError) in
            try connection.run(ParkedFacts.readOldest, [.int8(Int64(limit))])
        }
        return try ParkedFacts.records(rows)
    }

    /// Conflicts, newest first; of one order where a number is given.
    public func conflicts(of orderNumber: String? = nil, limit: Int = 100) throws(StoreError) -> [FoundConflict] {
        try all(
            """
            SELECT number, found_at, kind, key, source, message_id, part, order_number, detail FROM conflicts
            WHERE $1 IS NULL OR order_number = $1 ORDER BY number DESC LIMIT $2
            """, [.text(orderNumber), .int8(Int64(limit))]
        ) { (row) throws(StoreError) in
            let fields = Fields(row: row)
            return FoundConflict(
                number: try fields.integer(0), foundAt: try fields.time(1), kind: try fields.text(2),
                key: try fields.text(3), message: try fields.identity(4), orderNumber: try fields.optionalText(7),
                detail: try fields.text(8))
        }
    }

    /// Orders that read back impossible, oldest first.
    public func quarantined(limit: Int = 100) throws(StoreError) -> [QuarantinedOrder] {
        try all(
            """
            SELECT q.order_number, q.fault, q.found_at,
                (SELECT count(*) FROM parked AS p WHERE p.order_number = q.order_number),
                (SELECT count(*) FROM due AS d WHERE d.kind = ANY ($2) AND d.order_number = q.order_number)
            FROM quarantined_orders AS q ORDER BY q.found_at, q.order_number LIMIT $1
            """, [.int8(Int64(limit)), Self.timerKinds]
        ) { (row) throws(StoreError) in
            let fields = Fields(row: row)
            return QuarantinedOrder(
                orderNumber: try fields.text(0), fault: try fields.text(1), foundAt: try fields.time(2),
                facts: try fields.integer(3), timers: try fields.integer(4))
        }
    }

    /// Dead messages, newest first. They hold bodies, which may be personal.
    public func dead(state: String = "dead", limit: Int = 100) throws(StoreError) -> [DeadMessage] {
        let rows = try database { () throws(PostgresError) in
            try connection.query(
                DeadMessage.select + " WHERE d.state = $1 ORDER BY d.number DESC LIMIT $2",
                [.text(state), .int8(Int64(limit))])
        }
        return try DeadMessage.all(rows)
    }

    /// One dead message, whatever became of it.
    public func deadMessage(_ number: Int64) throws(StoreError) -> DeadMessage? {
        let rows = try database { () throws(PostgresError) in
            try connection.query(DeadMessage.select + " WHERE d.number = $1", [.int8(number)])
        }
        return try DeadMessage.all(rows).first
    }

    /// What is wrong with the dead messages, most frequent first.
    public func deadGroups() throws(StoreError) -> [DeadGroup] {
        try all(
            """
            SELECT fingerprint, min(reason), count(*), sum(deliveries)::bigint, min(first_at), max(last_at)
            FROM dead_messages WHERE state = 'dead' GROUP BY fingerprint ORDER BY count(*) DESC, fingerprint
            """
        ) { (row) throws(StoreError) in
            let fields = Fields(row: row)
            return DeadGroup(
                fingerprint: try fields.text(0), reason: try fields.text(1), messages: try fields.integer(2),
                deliveries: try fields.integer(3), firstAt: try fields.time(4), lastAt: try fields.time(5))
        }
    }
}

/// A hold that is open, with its order.
public struct OpenHold: Hashable, Sendable {
    /// The order.
    public let orderNumber: String
    /// Where the order stands.
    public let orderStatus: String
    /// The hold.
    public let hold: Hold
}

/// Open holds of one reason.
public struct HoldCount: Hashable, Sendable {
    /// The reason.
    public let reason: String
    /// How many.
    public let count: Int64
    /// Since when the oldest is open.
    public let oldestOpenedAt: Timestamp
}

/// An order whose rows read back impossible: nothing is applied to it.
public struct QuarantinedOrder: Hashable, Sendable {
    /// The order.
    public let orderNumber: String
    /// Which row, which column, and what is wrong with it.
    public let fault: String
    /// Since when.
    public let foundAt: Timestamp
    /// How many messages wait for it.
    public let facts: Int64
    /// How many timers it has.
    public let timers: Int64
}

/// A conflict as it was found.
public struct FoundConflict: Hashable, Sendable {
    /// Its number in the list.
    public let number: Int64
    /// When.
    public let foundAt: Timestamp
    /// What kind of identity was met twice.
    public let kind: String
    /// The identity.
    public let key: String
    /// The message that brought the other content.
    public let message: MessageIdentity
    /// The order it speaks of.
    public let orderNumber: String?
    /// For people.
    public let detail: String
}

/// Dead messages that are wrong alike.
public struct DeadGroup: Hashable, Sendable {
    /// What is wrong, alike for all.
    public let fingerprint: String
    /// The reason of one of them.
    public let reason: String
    /// How many messages.
    public let messages: Int64
    /// How often they came.
    public let deliveries: Int64
    /// When the first came.
    public let firstAt: Timestamp
    /// When the last came.
    public let lastAt: Timestamp
}
