extension AuditCheck {
    /// Stock, its journal, and whose it is.
    static let stock = [bounds, reservations, lineReservations, missing, journal, work]

    private static let work = AuditCheck(
        name: "warehouse_days", sentence: "the work that is promised of a warehouse's day is that of the orders on it",
        sql: """
            SELECT coalesce(d.warehouse, f.warehouse) || ' on day ' || coalesce(d.day, f.workday),
                format('%s promised, %s orders', coalesce(d.taken, 0), coalesce(f.orders, 0))
            FROM warehouse_days AS d
            FULL JOIN (
                SELECT warehouse, workday, count(DISTINCT order_number) AS orders
                FROM fulfilments WHERE workday IS NOT NULL GROUP BY warehouse, workday
            ) AS f ON f.warehouse = d.warehouse AND f.workday = d.day
            WHERE coalesce(d.taken, 0) <> coalesce(f.orders, 0)
            """)

    private static let bounds = AuditCheck(
        name: "stock_bounds", sentence: "0 ≤ reserved ≤ on hand + missing, for each SKU and warehouse",
        sql: """
            SELECT sku || '@' || warehouse, format('on hand %s, reserved %s, missing %s', on_hand, reserved, missing)
            FROM stock
            WHERE reserved < 0 OR on_hand < 0 OR missing < 0 OR reserved > on_hand + missing
            """)

    private static let reservations = AuditCheck(
        name: "stock_reserved", sentence: "what is reserved of a stock is what fulfilments have reserved of it",
        sql: """
            SELECT coalesce(s.sku, r.sku) || '@' || coalesce(s.warehouse, r.warehouse),
                format('reserved %s, the fulfilments have %s', coalesce(s.reserved, 0), coalesce(r.units, 0))
            FROM stock AS s
            FULL JOIN (
                SELECT l.sku, f.warehouse, sum(l.reserved) AS units
                FROM fulfilment_lines AS l JOIN fulfilments AS f ON f.id = l.fulfilment_id
                WHERE l.reserved > 0 GROUP BY l.sku, f.warehouse
            ) AS r ON r.sku = s.sku AND r.warehouse = s.warehouse
            WHERE coalesce(s.reserved, 0) <> coalesce(r.units, 0)
            """)

    private static let lineReservations = AuditCheck(
        name: "line_reserved", sentence: "nothing is reserved for what has shipped or was cancelled",
        sql: """
            SELECT order_number, format('%s line %s: reserved %s of %s, shipped %s, cancelled %s', fulfilment_id, line,
                reserved, quantity, shipped, cancelled)
            FROM fulfilment_lines WHERE reserved > quantity - shipped - cancelled
            """)

    private static let missing = AuditCheck(
        name: "stock_missing", sentence: "what is missing is being taken from orders, or they are held for it",
        sql: """
            SELECT s.sku || '@' || s.warehouse, format('missing %s, with no order held or about to be', s.missing)
            FROM stock AS s
            WHERE s.missing > 0
                AND NOT EXISTS (
                    SELECT FROM due WHERE kind = 'take_away' AND reference = s.sku || '@' || s.warehouse)
                AND NOT EXISTS (
                    SELECT FROM fulfilment_lines AS l
                    JOIN fulfilments AS f ON f.id = l.fulfilment_id AND f.warehouse = s.warehouse
                    JOIN holds AS h ON h.order_number = l.order_number AND h.reason = 'stock_lost' AND h.closed_at IS NULL
                    WHERE l.sku = s.sku)
            """)

    private static let journal = AuditCheck(
        name: "stock_journal", sentence: "the stock journal sums to the stock",
        sql: """
            SELECT coalesce(s.sku, j.sku) || '@' || coalesce(s.warehouse, j.warehouse),
                format('on hand %s, reserved %s, missing %s; the journal sums to %s, %s, %s', coalesce(s.on_hand, 0),
                    coalesce(s.reserved, 0), coalesce(s.missing, 0), coalesce(j.on_hand, 0), coalesce(j.reserved, 0),
                    coalesce(j.missing, 0))
            FROM stock AS s
            FULL JOIN (
                SELECT sku, warehouse, sum(on_hand) AS on_hand, sum(reserved) AS reserved, sum(missing) AS missing
                FROM stock_journal GROUP BY sku, warehouse
            ) AS j ON j.sku = s.sku AND j.warehouse = s.warehouse
            WHERE (coalesce(s.on_hand, 0), coalesce(s.reserved, 0), coalesce(s.missing, 0))
                IS DISTINCT FROM (coalesce(j.on_hand, 0), coalesce(j.reserved, 0), coalesce(j.missing, 0))
            """)
}
