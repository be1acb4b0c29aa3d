public import OrderCore
internal import Postgres

/// An order that waits for stock.
public struct WaitingOrder: Hashable, Sendable {
    /// Its number.
    public let number: String
    /// The smaller, the earlier it is served.
    public let rank: Int64
    /// When it was paid, or placed where it needs no payment first.
    public let since: Timestamp?
    /// What comes is kept for it.
    public let keepsTurn: Bool
    /// Units by SKU, as `3 TEA-1, 1 MUG`; the same of whatever warehouse they come from.
    public let waitsFor: String
    /// Since when it is held for stock.
    public let waitingSince: Timestamp
    /// When it was placed.
    public let placedAt: Timestamp
}

extension Queries {
    /// The orders that wait for stock, in the order in which they are served.
    public func waitingOrders(limit: Int = 100) throws(StoreError) -> [WaitingOrder] {
        try all(
            """
            SELECT o.number, o.backorder_rank, o.backorder_since, o.backorder_keeps, coalesce((
                SELECT string_agg(w.units || ' ' || w.sku, ', ' ORDER BY w.sku) FROM (
                    SELECT l.sku, sum(l.quantity - l.cancelled - coalesce((
                        SELECT sum(p.quantity - p.shipped - p.cancelled) FROM fulfilment_lines AS p
                        WHERE p.order_number = l.order_number AND p.line = l.number), 0)) AS units
                    FROM order_lines AS l WHERE l.order_number = o.number AND l.type = 'physical' AND l.gift IS NULL
                    GROUP BY l.sku
                ) AS w WHERE w.units > 0), ''),
                coalesce((SELECT min(opened_at) FROM holds AS h WHERE h.order_number = o.number AND h.closed_at IS NULL
                    AND h.reason IN ('out_of_stock', 'no_warehouse')), o.placed_at),
                o.placed_at
            FROM orders AS o WHERE o.backorder_rank IS NOT NULL
            ORDER BY o.backorder_rank, o.backorder_since NULLS LAST, o.placed_at, o.number LIMIT $1
            """, [.int8(Int64(limit))]
        ) { (row) throws(StoreError) in
            let fields = Fields(row: row)
            let keepsTurn = try database { () throws(PostgresError) in try row.bool(3) }
            return WaitingOrder(
                number: try fields.text(0), rank: try fields.integer(1), since: try fields.optionalTime(2),
                keepsTurn: keepsTurn, waitsFor: try fields.text(4), waitingSince: try fields.time(5),
                placedAt: try fields.time(6))
        }
    }
}
