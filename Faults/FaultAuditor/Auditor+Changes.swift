internal import Postgres

extension Auditor {
    /// What a warehouse agreed to ship otherwise is what its part is of now, and no more of it is cancelled than that.
    func checkChanges(_ verdict: inout Verdict) throws {
        guard said.hostile.isEmpty else { return }
        var wishes: [String: HeardEvent.Payload] = [:]
        for (_, event) in heard.events where event.type == "fulfilment.amend_requested.v1" {
            if let request = event.data.requestId { wishes[request] = event.data }
        }
        var kept: [String: [Int64: Int64]] = [:]
        for row in try rows("SELECT fulfilment_id, line, quantity - cancelled FROM fulfilment_lines") {
            kept[try row.text(0), default: [:]][try row.int64(1)] = try row.int64(2)
        }
        for (request, identity) in said.changes where !said.mayContradict(identity) {
            guard let wish = wishes[request], let fulfilment = wish.fulfilmentId else {
                verdict.find(.unexpected, "a warehouse agreed to \(request), and nobody asked for it")
                continue
            }
            let lines = (wish.lines ?? []).map { ($0.line ?? 0, $0.quantity ?? 0) }
            let agreed = Dictionary(lines, uniquingKeysWith: +)
            for (line, units) in kept[fulfilment] ?? [:] where units != agreed[line, default: 0] {
                verdict.find(
                    units > agreed[line, default: 0] ? .lost : .duplicated,
                    "\(request) leaves \(agreed[line, default: 0]) of line \(line), \(fulfilment) has \(units)")
            }
        }
    }

    /// Of what a buyer has paid, what was cancelled went back, and no more; the parts of an order ship what it has shipped.
    func checkShares(_ verdict: inout Verdict) throws {
        guard said.hostile.isEmpty else { return }
        var owed: [String: Int64] = [:]
        for row in try rows("SELECT order_number, number, quantity - cancelled FROM order_lines") {
            let number = try row.text(0)
            guard let price = said.orders[number]?.prices?[try row.int64(1)] else { continue }
            owed[number, default: 0] += try row.int64(2) * price
        }
        for row in try rows("SELECT number, captured, refunded, status FROM orders WHERE charged_back = 0") {
            let (number, captured) = (try row.text(0), try row.int64(1))
            guard let units = owed[number], said.rivals[number] == nil, !said.crossed.contains(number) else { continue }
            let due = try row.text(3) == "rejected" ? 0 : min(units, captured)
            let kept = captured - (try row.int64(2))
            if kept > due { verdict.find(.lost, "\(number) was to be sent back \(kept - due) of what it has paid") }
            if kept < due, !said.refundedByStaff.contains(number) {
                verdict.find(.duplicated, "\(number) was sent back \(due - kept) more than was cancelled")
            }
        }
        let uneven = try rows(
            """
            SELECT l.order_number, l.number FROM order_lines AS l LEFT JOIN (
                SELECT order_number, line AS number, sum(shipped)::bigint AS shipped FROM fulfilment_lines GROUP BY 1, 2
            ) AS p USING (order_number, number)
            WHERE l.shipped <> coalesce(p.shipped, 0) AND l.type = 'physical'
            """)
        for row in uneven {
            verdict.find(.unexpected, "line \(try row.int64(1)) of \(try row.text(0)) is shipped, but not by its parts")
        }
    }
}
