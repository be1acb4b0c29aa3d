extension AuditCheck {
    /// What is payable, and what was paid.
    static let money = [payable, lineSums, lineShares, reversals, payments]

    private static let payable = AuditCheck(
        name: "payable", sentence: "payable is goods − discount − deduction + shipping + tax",
        sql: """
            SELECT number, format('payable %s, the sums give %s', payable, goods - discount - deduction + shipping + tax)
            FROM orders WHERE payable <> goods - discount - deduction + shipping + tax
            """)

    // A rejected order keeps no lines; the sums of one that could not be added up are nought, and it is held for that.
    private static let lineSums = AuditCheck(
        name: "line_sums", sentence: "goods is the sum of the lines",
        sql: """
            SELECT o.number, format('goods %s, the lines sum to %s', o.goods, l.sum)
            FROM orders AS o
            CROSS JOIN LATERAL (
                SELECT coalesce(sum(quantity::numeric * unit_price), 0) AS sum FROM order_lines
                WHERE order_number = o.number
            ) AS l
            WHERE o.status <> 'rejected' AND o.goods <> l.sum
                AND NOT (o.goods = 0 AND o.payable = 0
                    AND EXISTS (SELECT FROM holds WHERE order_number = o.number AND reason = 'malformed'))
            """)

    private static let lineShares = AuditCheck(
        name: "line_shares", sentence: "the lines' shares sum to payable without shipping, to the cent",
        sql: """
            SELECT o.number, format('payable %s with shipping %s, the shares sum to %s', o.payable, o.shipping, l.sum)
            FROM orders AS o
            JOIN (SELECT order_number, sum(share) AS sum FROM order_lines GROUP BY order_number) AS l
                ON l.order_number = o.number
            WHERE l.sum <> greatest(o.payable - o.shipping, 0)
            """)

    // Of a rejected order nothing was ever owed. What a gateway brought is sent back there instead, but for what it brought
    // after the reversal.
    private static let reversals = AuditCheck(
        name: "settlement_reversals",
        sentence: "what is cancelled of a prepaid order is reversed with its partner, and nothing else",
        sql: """
            SELECT number, format('payable %s, due %s, captured %s, reversed %s', payable, due, captured, reversed)
            FROM orders
            WHERE CASE
                WHEN payment_term = 'prepaid' AND status <> 'rejected'
                    THEN reversed NOT BETWEEN payable - greatest(due, least(captured, payable)) AND payable - due
                ELSE reversed <> 0
                END
            """)

    // By transaction: refunds may be told singly or as the sum so far; a charge-back is won or not, whichever is told first;
    // what the gateway gave back by itself is no longer pending; an authorisation ends by the gateway's clock, unless what
    // failed was a request of ours.
    private static let payments = AuditCheck(
        name: "payments", sentence: "an order's money is the sum of what gateways said and what we asked back",
        sql: """
            WITH payment AS (
                SELECT order_number, gateway, transaction,
                    coalesce(sum(amount) FILTER (WHERE kind = 'authorized'), 0) AS authorized,
                    coalesce(sum(amount) FILTER (WHERE kind = 'captured'), 0) AS captured,
                    greatest(coalesce(sum(amount) FILTER (WHERE kind = 'refunded' AND NOT is_cumulative), 0),
                        coalesce(max(amount) FILTER (WHERE kind = 'refunded' AND is_cumulative), 0)) AS refunded,
                    greatest(coalesce(sum(amount) FILTER (WHERE kind = 'charged_back'), 0)
                        - coalesce(sum(amount) FILTER (WHERE kind = 'charge_back_won'), 0), 0) AS charged_back,
                    coalesce(max(occurred_at) FILTER (
                            WHERE kind = 'voided' OR (kind = 'failed' AND request_id IS NULL))
                        >= max(occurred_at) FILTER (WHERE kind = 'authorized'), false) AS is_ended
                FROM payment_facts AS f
                WHERE EXISTS (SELECT FROM orders WHERE number = f.order_number AND currency = f.currency)
                GROUP BY order_number, gateway, transaction
            ), asked AS (
                SELECT order_number, gateway, transaction, sum(amount) AS amount
                FROM money_requests WHERE kind = 'refund' AND state <> 'settled'
                GROUP BY order_number, gateway, transaction
            ), told AS (
                SELECT p.order_number,
                    sum(CASE WHEN p.is_ended THEN 0 ELSE greatest(p.authorized - p.captured, 0) END) AS authorized,
                    sum(p.captured) AS captured, sum(p.refunded) AS refunded,
                    sum(least(coalesce(a.amount, 0), greatest(p.captured - p.refunded, 0))) AS refund_pending,
                    sum(p.charged_back) AS charged_back
                FROM payment AS p LEFT JOIN asked AS a USING (order_number, gateway, transaction)
                GROUP BY p.order_number
            )
            SELECT o.number, format('authorized %s, captured %s, refunded %s, pending %s, charged back %s; told: %s, %s, '
                || '%s, %s, %s', o.authorized, o.captured, o.refunded, o.refund_pending, o.charged_back,
                coalesce(t.authorized, 0), coalesce(t.captured, 0), coalesce(t.refunded, 0),
                coalesce(t.refund_pending, 0), coalesce(t.charged_back, 0))
            FROM orders AS o LEFT JOIN told AS t ON t.order_number = o.number
            WHERE (o.authorized, o.captured, o.refunded, o.refund_pending, o.charged_back) IS DISTINCT FROM (
                coalesce(t.authorized, 0), coalesce(t.captured, 0), coalesce(t.refunded, 0),
                coalesce(t.refund_pending, 0), coalesce(t.charged_back, 0))
            """)
}
