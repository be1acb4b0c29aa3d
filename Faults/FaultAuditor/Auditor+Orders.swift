internal import Postgres

extension Auditor {
    /// Each order that was placed is there, with the money that was said, once.
    func checkOrders(_ verdict: inout Verdict) throws {
        var there: Set<String> = []
        for row in try rows("SELECT number, payable, status FROM orders") {
            let (number, payable) = (try row.text(0), try row.int64(1))
            there.insert(number)
            guard let placed = said.orders[number] else {
                if said.hostile.isEmpty { verdict.find(.unexpected, "nobody placed order \(number)") }
                continue
            }
            if try row.text(2) != "rejected", payable != placed.payable, said.rivals[number]?.contains(payable) != true
            {
                verdict.find(.unexpected, "order \(number) is payable with \(payable), placed with \(placed.payable)")
            }
        }
        for number in said.orders.keys where !there.contains(number) {
            verdict.find(.lost, "order \(number) is not there")
        }
        let wrong = try rows(
            """
            SELECT number, status FROM orders AS o WHERE status IN ('cancelled', 'rejected', 'completed') AND (
                SELECT coalesce(sum(l.quantity - l.shipped - l.cancelled), 0) FROM order_lines AS l
                WHERE l.order_number = o.number AND o.status <> 'rejected') <> 0
            """)
        for row in wrong { verdict.find(.unexpected, "order \(try row.text(0)) is \(try row.text(1)) with open lines") }
        let silent = try rows(
            """
            SELECT o.number FROM orders AS o LEFT JOIN (
                SELECT order_number, count(*) AS entries, max(version) AS version,
                    (array_agg(to_status ORDER BY version DESC))[1] AS status
                FROM order_journal GROUP BY order_number) AS j ON j.order_number = o.number
            WHERE j.entries IS DISTINCT FROM o.version OR j.version IS DISTINCT FROM o.version
                OR j.status IS DISTINCT FROM o.status
            """)
        for row in silent { verdict.find(.lost, "the journal does not tell how \(try row.text(0)) came to be") }
    }

    /// Each payment fact is recorded once, and nothing else; what is received and sent back adds up.
    func checkPayments(_ verdict: inout Verdict) throws {
        var there: [Said.PaymentKey: [String: Int64]] = [:]
        for row in try rows("SELECT gateway, transaction, kind, reference, order_number, amount FROM payment_facts") {
            let key = Said.PaymentKey(
                gateway: try row.text(0), transaction: try row.text(1), kind: try row.text(2),
                reference: try row.text(3))
            there[key, default: [:]][try row.text(4)] = try row.int64(5)
        }
        for (key, amounts) in said.payments {
            for (order, amount) in amounts where said.orders[order] != nil && said.isUndisputed(key) {
                guard let stored = there[key]?[order] else {
                    verdict.find(.lost, "\(key.kind) \(key.reference) of \(order) is not recorded")
                    continue
                }
                if stored != amount {
                    verdict.find(.unexpected, "\(key.kind) \(key.reference) of \(order) is \(stored), not \(amount)")
                }
            }
        }
        for (key, amounts) in there {
            for order in amounts.keys where said.payments[key]?[order] == nil && said.vouches(for: order) {
                verdict.find(.unexpected, "nobody said \(key.kind) \(key.reference) of \(order)")
            }
        }
        for row in try rows("SELECT number, captured, refunded FROM orders") {
            let number = try row.text(0)
            guard said.vouches(for: number) else { continue }
            verdict.compare("captured of \(number)", there: try row.int64(1), said: sum("captured", there, number))
            verdict.compare("refunded of \(number)", there: try row.int64(2), said: sum("refunded", there, number))
        }
    }

    private func sum(_ kind: String, _ facts: [Said.PaymentKey: [String: Int64]], _ order: String) -> Int64 {
        said.paymentKeys[order, default: []].filter { $0.kind == kind }.reduce(0) { $0 + (facts[$1]?[order] ?? 0) }
    }
}
