internal import OrderCore
internal import Postgres

/// What there was for an order that waits for stock when it was last looked at, and that it could not use, as rows.
///
/// It is called again when there is more for it of any of these, when rules or warehouses are other ones, and now and then:
/// the time of day changes what may be done, too. Not before: it would be looked at time and again, and keep from those behind
/// it what it can't use.
enum WaitingLooks {
    static let columns: [Column] = [.key("order_number", .text), .object("offered")]

    /// Rules and warehouses are taken up by all within this time.
    private static let takenUp = "interval '5 seconds'"

    /// A look before this moment counts no more.
    static let oldest = """
        greatest(now() - interval '10 minutes', (SELECT max(updated_at) + \(takenUp) FROM warehouses),
            (SELECT max(published_at) + \(takenUp) FROM rule_versions))
        """

    static let set = Statement(
        "set looks",
        """
        INSERT INTO waiting_looks (order_number, at, offered)
        SELECT u.order_number, now(), u.offered::json FROM \(Table.unnest(columns))
        ON CONFLICT (order_number) DO UPDATE SET at = excluded.at, offered = excluded.offered
        """)

    static let drop = Statement("drop looks", "DELETE FROM waiting_looks WHERE order_number = ANY ($1)")

    /// Of those who wait for a part of a stock that has got room: nothing else shows that there is more for them. Whoever
    /// looks at one of them has that stock locked, as this batch has.
    static let forget = Statement(
        "forget looks",
        """
        DELETE FROM waiting_looks AS k USING orders AS o, unnest($1, $2) AS u (stock, part)
        WHERE o.number = k.order_number AND o.backorder_rank IS NOT NULL AND o.backorder_parts ->> u.stock = u.part
        """)

    static func append(_ offered: [StockKey: Int64], of orderNumber: String, to rows: RowColumns) {
        rows.columns[0].append(orderNumber)
        let counts = offered.reduce(into: [:]) { $0[$1.key.subject] = $1.value }
        rows.columns[1].append(bytes: JSONText.counts(counts))
    }
}
