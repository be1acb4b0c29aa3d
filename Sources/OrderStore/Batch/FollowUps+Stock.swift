internal import Postgres

/// Stock is handed to the orders that wait for it: by due rows, the oldest order first.
extension FollowUps {
    /// For the SKUs of which more can be promised.
    static let handOut = Statement(
        "hand out",
        revalidateServed(
            "EXISTS (SELECT FROM order_lines AS n WHERE n.order_number = o.number AND n.sku = ANY ($1))"))

    /// For all orders held for stock: what one statement did not reach, and holds that crossed with the stock.
    static let sweepStockHolds = Statement("sweep stock holds", revalidateServed("true"))

    /// How many orders are looked at again at once; the sweep goes on.
    private static let most = 200

    /// Units of an order's lines that no fulfilment carries: all of them, unless its seller splits backorders.
    private static let unsourcedLines = """
        SELECT l.sku, l.quantity - l.cancelled - coalesce((
            SELECT sum(p.quantity - p.shipped - p.cancelled) FROM fulfilment_lines AS p
            WHERE p.order_number = l.order_number AND p.line = l.number), 0) AS units
        FROM order_lines AS l WHERE l.order_number = o.number AND l.type = 'physical'
        """

    private static let splitsBackorders = """
        EXISTS (
            SELECT FROM sellers AS s
            WHERE s.kind = o.kind AND s.code = split_part(o.number, '/', 1) AND s.allows_split_backorders)
        """

    /// Only orders that can be served by what there is, or in part where backorders are split: others would be looked at
    /// in vain, and stand in the way.
    private static func revalidateServed(_ condition: String) -> String {
        """
        INSERT INTO due (kind, order_number, reference, due_at, next_at)
        SELECT 'revalidate', w.number, '', w.at, w.at
        FROM (
            SELECT o.number,
                now() + row_number() OVER (ORDER BY o.placed_at, o.number) * interval '1 microsecond' AS at
            FROM (
                SELECT DISTINCT order_number FROM holds
                WHERE closed_at IS NULL AND reason IN ('out_of_stock', 'no_warehouse')
            ) AS h
            JOIN orders AS o ON o.number = h.order_number
            WHERE NOT o.is_validated AND o.status IN ('awaiting_payment', 'awaiting_release')
                AND \(condition)
                AND NOT EXISTS (SELECT FROM due AS d WHERE d.kind = 'revalidate' AND d.order_number = o.number)
                AND coalesce((
                    SELECT CASE WHEN \(splitsBackorders) THEN bool_or(coalesce(t.most, 0) >= l.least)
                        ELSE bool_and(coalesce(t.units, 0) >= l.units AND coalesce(t.most, 0) >= l.most) END
                    FROM (
                        SELECT sku, sum(units) AS units, max(units) AS most, min(units) AS least
                        FROM (\(unsourcedLines)) AS u WHERE units > 0 GROUP BY sku
                    ) AS l
                    CROSS JOIN LATERAL (
                        SELECT sum(s.on_hand - s.reserved - s.safety) AS units,
                            max(s.on_hand - s.reserved - s.safety) AS most
                        FROM stock AS s JOIN warehouses AS a ON a.code = s.warehouse AND a.is_active
                        WHERE s.sku = l.sku AND s.on_hand - s.reserved > s.safety
                    ) AS t), true)
            ORDER BY at LIMIT \(most)
        ) AS w
        ORDER BY w.number
        ON CONFLICT (kind, order_number, reference) DO NOTHING
        """
    }
}
