public import OrderCore
internal import Postgres

/// What waits for people.
extension Queries {
    /// Open holds, oldest first.
    public func openHolds(
        reason: HoldReason? = nil, openedBefore: Timestamp? = nil, limit: Int = 100
    ) throws(StoreError) -> [OpenHold] {
        try all(
            """
            SELECT t.order_number, o.status, \(Hold.table.columns.dropFirst().map { "t.\($0.name)" }.joined(separator: ", "))
            FROM holds AS t JOIN orders AS o ON o.number = t.order_number
            WHERE t.closed_at IS NULL AND ($1 IS NULL OR t.reason = $1)
                AND ($2::timestamptz IS NULL OR t.opened_at < $2)
            ORDER BY t.opened_at, t.order_number, t.number LIMIT $3
            """, [.text(reason?.rawValue), .timestamptz(openedBefore?.microseconds), .int8(Int64(limit))]
        ) { (row) throws(StoreError) in
            var fields = FieldReader(row, Hold.table, from: 2, column: 1)
            let head = Fields(row: row)
            return OpenHold(
                orderNumber: try head.text(0), orderStatus: try head.text(1), hold: try Hold.read(&fields))
        }
    }

    /// How many holds are open, by reason, with the age of the oldest.
    public func holdCounts(
        reason: HoldReason? = nil, openedBefore: Timestamp? = nil
    ) throws(StoreError) -> [HoldCount] {
        try all(
            """
            SELECT reason, count(*), min(opened_at) FROM holds
            WHERE closed_at IS NULL AND ($1 IS NULL OR reason = $1) AND ($2::timestamptz IS NULL OR opened_at < $2)
            GROUP BY reason ORDER BY count(*) DESC, reason
            """, [.text(reason?.rawValue), .timestamptz(openedBefore?.microseconds)]
        ) { (row) throws(StoreError) in
            let fields = Fields(row: row)
            return HoldCount(
                reason: try fields.text(0), count: try fields.integer(1), oldestOpenedAt: try fields.time(2))
        }
    }

    /// What opened the holds of an order, by their numbers: the journal's first word of each.
    public func holdOpenings(of orderNumber: String) throws(StoreError) -> [Int64: HoldOpening] {
        let openings = try all(
            """
            SELECT DISTINCT ON (h.number) h.number, j.version, j.cause_source, j.cause_id, j.cause_part
            FROM order_journal AS j
            CROSS JOIN LATERAL (
                SELECT (e ->> 'number')::bigint AS number FROM json_array_elements(j.rows -> 'holds') AS e
            ) AS h
            WHERE j.order_number = $1 ORDER BY h.number, j.version
            """, [.text(orderNumber)]
        ) { (row) throws(StoreError) in
            let fields = Fields(row: row)
            return (
                try fields.integer(0), HoldOpening(version: try fields.integer(1), cause: try fields.identity(2))
            )
        }
        return Dictionary(openings) { first, _ in first }
    }

    /// Facts that wait, oldest first; of one order, or for one thing, where they are given. Their messages may hold personal
    /// data.
    public func parked(
        of orderNumber: String? = nil, waitingFor: String? = nil, limit: Int = 100
    ) throws(StoreError) -> [ParkedRecord] {
        let rows = try database { () throws(PostgresError) in
            try connection.run(
                ParkedFacts.readOldest, [.int8(Int64(limit)), .text(orderNumber), .text(waitingFor)])
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

/// What opened a hold.
public struct HoldOpening: Hashable, Sendable {
    /// The version of the order's journal that tells it.
    public let version: Int64
    /// The message that caused it.
    public let cause: MessageIdentity
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
