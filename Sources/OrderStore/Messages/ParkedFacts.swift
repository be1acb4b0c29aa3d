internal import OrderCore
internal import Postgres

/// Facts that wait, as rows.
enum ParkedFacts {
    static let columns: [Column] = [
        .key("source", .text), .key("id", .text), .key("part", .int8), .optional("order_number", .text),
        .optional("warehouse", .text), .optional("shipment", .text), .text("waits_for"), .text("queue"), .text("type"),
        Column(name: "headers", type: .jsonb), Column(name: "body", type: .bytea),
        Column(name: "received_at", type: .timestamptz), Column(name: "deadline", type: .timestamptz),
        .optional("retry_at", .timestamptz), .integer("place"), .bool("whole"),
    ]

    static let list = columns.map { "p.\($0.name)" }.joined(separator: ", ") + ", p.tries, p.claims"

    /// By the orders named; what the sweep alone looks at stays out.
    static let read = Statement(
        "read parked",
        """
        SELECT \(list) FROM parked AS p WHERE order_number = ANY ($1) AND retry_at IS NULL
        ORDER BY received_at, place, source, id, part
        """)

    /// Claimed before, and still there.
    static let lock = Statement(
        "lock parked",
        """
        SELECT p.source, p.id, p.part FROM \(Table.unnest(keyColumns)) JOIN parked AS p USING (source, id, part)
        ORDER BY p.source, p.id, p.part FOR UPDATE OF p
        """)

    static let readOldest = Statement(
        unprepared: """
            SELECT \(list) FROM parked AS p WHERE ($2 IS NULL OR p.order_number = $2) AND ($3 IS NULL OR p.waits_for = $3)
            ORDER BY received_at, place, source, id, part LIMIT $1
            """)

    static let upsert = Statement(
        "upsert parked",
        """
        INSERT INTO parked AS p (\(columns.map(\.name).joined(separator: ", ")))
        SELECT \(columns.map { "u.\($0.name)" }.joined(separator: ", ")) FROM \(Table.unnest(columns))
        ON CONFLICT (source, id, part) DO UPDATE SET order_number = excluded.order_number,
            warehouse = excluded.warehouse, shipment = excluded.shipment, whole = excluded.whole,
            waits_for = excluded.waits_for, retry_at = excluded.retry_at, tries = p.tries + 1, claims = 0,
            claimed_at = NULL
        """)

    static let keyColumns = Array(columns.prefix(3))

    /// What a fact waits for whose order is not there: the domain's word, which the sweep looks for.
    static let order = "order"

    /// What a fact waits for that staff have replayed.
    static let replay = "replay"

    static let wait = Statement(
        "wait parked",
        """
        UPDATE parked AS t SET waits_for = 'a state of its order', retry_at = NULL, tries = t.tries + 1, claims = 0,
            claimed_at = NULL
        FROM \(Table.unnest(keyColumns)) WHERE t.source = u.source AND t.id = u.id AND t.part = u.part
        """)

    /// What a message that ran alone was not to wake.
    static let leave = Statement(
        "leave parked", "UPDATE parked SET retry_at = now() WHERE order_number = ANY ($1) AND retry_at IS NULL")

    static let delete = Statement(
        "delete parked",
        """
        DELETE FROM parked AS t USING \(Table.unnest(keyColumns))
        WHERE t.source = u.source AND t.id = u.id AND t.part = u.part
        """)

    /// - Parameter place: its place among those that came with it.
    static func append(_ fact: ParkedRecord, place: Int, to rows: RowColumns) {
        rows.append(identity: fact.identity)
        rows.columns[3].append(fact.orderNumber)
        rows.columns[4].append(fact.warehouse)
        rows.columns[5].append(fact.shipment)
        rows.columns[6].append(fact.waitsFor)
        rows.columns[7].append(fact.message.queue)
        rows.columns[8].append(fact.message.type)
        rows.columns[9].append(bytes: JSONText.texts(fact.message.headers))
        rows.columns[10].append(bytes: fact.message.body)
        rows.columns[11].append(fact.receivedAt.microseconds)
        rows.columns[12].append(fact.deadline.microseconds)
        rows.columns[13].append(fact.retryAt?.microseconds)
        rows.columns[14].append(Int64(place))
        rows.columns[15].append(fact.isWhole)
    }

    static func records(_ rows: Postgres.Rows) throws(StoreError) -> [ParkedRecord] {
        var records: [ParkedRecord] = []
        for row in rows { records.append(try record(row)) }
        return records
    }

    private static func record(_ row: Postgres.Row) throws(StoreError) -> ParkedRecord {
        try database { () throws(PostgresError) in
            let message = RawMessage(
                queue: try row.text(7), type: try row.text(8), headers: try row.texts(9), body: try row.bytes(10))
            var record = ParkedRecord(
                identity: try Inbox.identity(row), orderNumber: try row.optionalText(3), waitsFor: try row.text(6),
                message: message, receivedAt: Timestamp(microseconds: try row.timestamp(11)),
                deadline: Timestamp(microseconds: try row.timestamp(12)))
            record.warehouse = try row.optionalText(4)
            record.shipment = try row.optionalText(5)
            record.retryAt = try row.optionalTimestamp(13).map { Timestamp(microseconds: $0) }
            record.isWhole = try row.bool(15)
            record.tries = try row.int64(16)
            record.claims = try row.int64(17)
            return record
        }
    }
}

extension ParkedRecord {
    /// Staff have replayed it after it was dead.
    public var isReplayed: Bool { waitsFor == ParkedFacts.replay }
}

extension Postgres.Row {
    /// Headers; what this module did not write gives none.
    func texts(_ column: Int) throws(PostgresError) -> [String: String] {
        try withBytes(column) { (bytes) throws(PostgresError) in JSONObject.texts(bytes) ?? [:] }
    }
}
