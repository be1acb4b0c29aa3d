internal import Postgres

/// What the database knows of the messages of an import and of their orders.
struct ImportFacts {
    /// What became of a message: the later case the worse.
    enum Outcome: Int, Comparable {
        case applied, parked, refused, conflict, dead, notReceived

        static func < (left: Outcome, right: Outcome) -> Bool { left.rawValue < right.rawValue }
    }

    /// What became of a message, and why.
    struct Fate {
        var outcome: Outcome
        var reason: String

        /// The reason without what differs from message to message: `waits for parcel`.
        var kindOfReason: String {
            let parcel = "waits for parcel"
            return reason.hasPrefix(parcel) ? parcel : reason
        }
    }

    /// An order as it stands.
    struct Order {
        var status: String
        var paymentState: String
        var currency: String
        var goods: Int64
        var shipping: Int64
        var due: Int64
        var authorized: Int64
        var captured: Int64
        var returned: Int64
        /// Reasons of its open holds.
        var holds: [String]
        /// Authorised and captured, as the gateways said it.
        var payments: Int64
    }

    private var fates: [SentMessages.Key: Fate] = [:]
    private(set) var orders: [String: Order] = [:]

    init(of sent: SentMessages, on database: PostgresConnection) throws(PostgresError) {
        let keys = sent.entries.map(\.key)
        for start in stride(from: 0, to: keys.count, by: 2_000) {
            try readFates(keys[start..<min(start + 2_000, keys.count)], database)
        }
        let numbers = sent.orderNumbers
        for start in stride(from: 0, to: numbers.count, by: 2_000) {
            try readOrders(numbers[start..<min(start + 2_000, numbers.count)], database)
        }
    }

    func fate(of key: SentMessages.Key) -> Fate {
        fates[key] ?? Fate(outcome: .notReceived, reason: "the inbox does not know it")
    }

    /// One row a part; the worst stands for the message.
    private mutating func readFates(
        _ keys: ArraySlice<SentMessages.Key>, _ database: PostgresConnection
    ) throws(PostgresError) {
        let rows = try database.query(
            """
            SELECT i.source, i.id, i.outcome, COALESCE(i.reason, ''), COALESCE(p.waits_for, '')
            FROM unnest($1, $2) AS w (source, id)
            JOIN inbox AS i ON i.source = w.source AND i.id = w.id
            LEFT JOIN parked AS p ON p.source = i.source AND p.id = i.id AND p.part = i.part
            """, [.textArray(keys.map(\.source)), .textArray(keys.map(\.id))])
        for row in rows {
            let key = SentMessages.Key(source: try row.text(0), id: try row.text(1))
            let waitsFor = try row.text(4)
            let fate: Fate
            switch try row.text(2) {
            case "done": fate = Fate(outcome: .applied, reason: try row.text(3))
            case "parked": fate = Fate(outcome: .parked, reason: "waits for \(waitsFor)")
            case "refused": fate = Fate(outcome: .refused, reason: try row.text(3))
            case "conflict": fate = Fate(outcome: .conflict, reason: try row.text(3))
            default: fate = Fate(outcome: .dead, reason: try row.text(3))
            }
            if let known = fates[key], known.outcome >= fate.outcome { continue }
            fates[key] = fate
        }
    }

    private mutating func readOrders(
        _ numbers: ArraySlice<String>, _ database: PostgresConnection
    ) throws(PostgresError) {
        let rows = try database.query(
            """
            SELECT o.number, o.status, o.payment_state, o.currency, o.goods, o.shipping, o.due, o.authorized, o.captured,
                o.refunded + o.refund_pending,
                ARRAY(SELECT DISTINCT h.reason FROM holds AS h
                    WHERE h.order_number = o.number AND h.closed_at IS NULL ORDER BY h.reason),
                (SELECT COALESCE(sum(f.amount), 0)::bigint FROM payment_facts AS f
                    WHERE f.order_number = o.number AND f.kind IN ('authorized', 'captured'))
            FROM orders AS o WHERE o.number = ANY ($1)
            """, [.textArray(numbers)])
        for row in rows {
            orders[try row.text(0)] = Order(
                status: try row.text(1), paymentState: try row.text(2), currency: try row.text(3),
                goods: try row.int64(4), shipping: try row.int64(5), due: try row.int64(6),
                authorized: try row.int64(7), captured: try row.int64(8), returned: try row.int64(9),
                holds: try row.textArray(10), payments: try row.int64(11))
        }
    }
}
