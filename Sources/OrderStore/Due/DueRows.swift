internal import OrderCore
internal import Postgres

/// What is to be done later, as rows.
enum DueRows {
    static let columns: [Column] = [
        .key("kind", .text), .key("order_number", .text), .key("reference", .text),
        Column(name: "due_at", type: .timestamptz),
    ]
    static let keyColumns = Array(columns.prefix(3))

    /// Moves the row where it is there: another time, tries from the start.
    static let set = Statement(
        "set due",
        """
        INSERT INTO due (kind, order_number, reference, due_at, next_at)
        SELECT u.kind, u.order_number, u.reference, u.due_at, u.due_at FROM \(Table.unnest(columns))
        ON CONFLICT (kind, order_number, reference)
        DO UPDATE SET due_at = excluded.due_at, next_at = excluded.next_at, tries = 0
        """)

    /// Stays as it is where it is there: what changes all the time is told all the same.
    static let setOnce = Statement(
        "set due once",
        """
        INSERT INTO due (kind, order_number, reference, due_at, next_at)
        SELECT u.kind, u.order_number, u.reference, u.due_at, u.due_at FROM \(Table.unnest(columns))
        ON CONFLICT (kind, order_number, reference) DO NOTHING
        """)

    static let drop = Statement(
        "drop due",
        """
        DELETE FROM due AS t USING \(Table.unnest(keyColumns))
        WHERE t.kind = u.kind AND t.order_number = u.order_number AND t.reference = u.reference
        """)

    /// Under the locks of the orders: a row that was moved or taken since it was claimed does not fire.
    static let take = Statement(
        "take due",
        """
        DELETE FROM due AS t USING \(Table.unnest(columns))
        WHERE t.kind = u.kind AND t.order_number = u.order_number AND t.reference = u.reference AND t.due_at = u.due_at
        RETURNING t.kind, t.order_number, t.reference
        """)

    /// 9999-12-31: PostgreSQL can store later times, but people can't read them.
    private static let latest: Int64 = 253_402_214_400_000_000

    static func append(_ key: TimerKey, to rows: RowColumns) {
        rows.columns[0].append(key.kind.rawValue)
        rows.columns[1].append(key.orderNumber)
        rows.columns[2].append(key.reference)
    }

    static func append(_ timer: Timer, to rows: RowColumns) {
        append(timer.key, to: rows)
        rows.columns[3].append(min(timer.dueAt.microseconds, latest))
    }

    static func parameters(_ claimed: [ClaimedTimer]) -> [Parameter] {
        let rows = RowColumns(columns)
        for claim in claimed.sorted(by: { $0.timer.key.precedes($1.timer.key) }) { append(claim.timer, to: rows) }
        return rows.parameters
    }

    static func fired(_ rows: Postgres.Rows, of claimed: [ClaimedTimer]) throws(StoreError) -> [ClaimedTimer] {
        var keys: Set<TimerKey> = []
        for row in rows { keys.insert(try key(row)) }
        return claimed.filter { keys.contains($0.timer.key) }
    }

    static func key(_ row: Postgres.Row) throws(StoreError) -> TimerKey {
        let (kind, order, reference) = try database { () throws(PostgresError) in
            (try row.text(0), try row.text(1), try row.text(2))
        }
        guard let kind = Timer.Kind(rawValue: kind) else {
            throw .impossibleRow(
                ImpossibleRow(table: "due", key: "\(kind) \(order) \(reference)", column: "kind", orderNumber: order))
        }
        return TimerKey(kind: kind, orderNumber: order, reference: reference)
    }
}

extension TimerKey {
    func precedes(_ other: TimerKey) -> Bool {
        if kind != other.kind { return kind.rawValue.precedes(other.kind.rawValue) }
        let orders = orderNumber.byteOrder(other.orderNumber)
        return orders == 0 ? reference.precedes(other.reference) : orders < 0
    }
}
