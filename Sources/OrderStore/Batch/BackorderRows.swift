internal import OrderCore
internal import Postgres

/// What is kept of stock for orders that wait for it.
enum BackorderRows {
    /// Of those that keep their turn, and of those that have been called for what there is and have not come yet; from
    /// newcomers, of those that the next pass is to call, too.
    static let kept = Statement(
        "read kept stock",
        """
        SELECT o.number, o.backorder_rank, o.backorder_since, o.placed_at, u.key, u.value::bigint, k.is_kept
        FROM orders AS o CROSS JOIN LATERAL json_each_text(o.backorder_units) AS u
        CROSS JOIN LATERAL (SELECT o.backorder_keeps OR \(isCalled) AS is_kept) AS k
        WHERE o.backorder_rank IS NOT NULL AND \(isReadable)
            AND EXISTS (SELECT FROM order_lines AS n WHERE n.order_number = o.number AND n.sku = ANY ($1))
            AND \(sku("u.key")) = ANY ($1)
            AND (k.is_kept OR EXISTS (
                SELECT FROM giving_out AS g
                JOIN due AS d ON d.kind = 'give_out' AND d.order_number = '' AND d.reference = g.sku
                WHERE g.sku = \(sku("u.key")) AND (\(turn)) > (g.rank, g.since, g.placed_at, g.number)))
        """)

    /// What an order's turn is compared by, as `BackorderTurn` does.
    static let turn =
        "coalesce(o.backorder_rank, \(Backorder.usualRank)), coalesce(o.backorder_since, 'infinity'), o.placed_at, o.number"

    /// An order is to be looked at again, and has not been yet.
    static let isCalled = """
        EXISTS (SELECT FROM due AS d WHERE d.kind = 'revalidate' AND d.order_number = o.number AND d.reference = '')
        """

    /// The SKU of a stock that is written `sku@warehouse`.
    static func sku(_ stock: String) -> String { "left(\(stock), length(\(stock)) - strpos(reverse(\(stock)), '@'))" }

    /// An order in quarantine can't come for what is kept: nothing is kept for it.
    static let isReadable = "NOT EXISTS (SELECT FROM quarantined_orders AS q WHERE q.order_number = o.number)"

    static func queue(_ rows: Postgres.Rows) throws(StoreError) -> BackorderQueue {
        try database { () throws(PostgresError) in
            var queue = BackorderQueue()
            for row in rows {
                guard let key = StockKey(subject: try row.text(4)) else { continue }
                let since = try row.optionalTimestamp(2).map { Timestamp(microseconds: $0) }
                let turn = BackorderTurn(
                    rank: try row.int64(1), since: since, placedAt: Timestamp(microseconds: try row.timestamp(3)),
                    number: try row.text(0))
                let units = try row.int64(5)
                if try row.bool(6) {
                    queue.keep(units, of: key, for: turn)
                } else {
                    queue.keepFromNewcomers(units, of: key, for: turn)
                }
            }
            return queue
        }
    }
}
