internal import Postgres

extension Auditor {
    /// Each parcel that left is there once, with what was in it.
    func checkParcels(_ verdict: inout Verdict) throws {
        var there: Set<String> = []
        for row in try rows("SELECT warehouse, shipment, order_number, quantities FROM parcels") {
            let key = "\(try row.text(0)) \(try row.text(1))"
            if !there.insert(key).inserted { verdict.find(.duplicated, "parcel \(key) belongs to two orders") }
            guard let parcel = said.parcels[key] else {
                if said.vouches(for: try row.text(2)) { verdict.find(.unexpected, "nobody shipped parcel \(key)") }
                continue
            }
            let sum = parcel.lines.reduce(0) { $0 + $1.quantity }
            let stored = try row.int64Array(3).reduce(0, +)
            if !parcel.lines.isEmpty, stored != sum {
                verdict.find(.unexpected, "parcel \(key) holds \(stored), shipped with \(sum)")
            }
        }
        for (key, parcel) in said.parcels where !there.contains(key) {
            guard let order = parcel.order, said.orders[order] != nil else { continue }
            verdict.find(.lost, "parcel \(key) of \(order) is not there")
        }
    }

    /// Stock is what came in less what went out; nothing is promised twice; the journal accounts for every unit.
    func checkStock(_ verdict: inout Verdict) throws {
        var left: [Said.StockKey: Int64] = [:]
        let parcels = try rows(
            """
            SELECT l.sku, p.warehouse, sum(u.quantity)::bigint FROM parcels AS p
            CROSS JOIN unnest(p.lines, p.quantities) AS u (line, quantity)
            JOIN order_lines AS l ON l.order_number = p.order_number AND l.number = u.line GROUP BY 1, 2
            """)
        for row in parcels { left[Said.StockKey(sku: try row.text(0), warehouse: try row.text(1))] = try row.int64(2) }
        let restocked = try rows(
            "SELECT sku, warehouse, sum(on_hand)::bigint FROM stock_journal WHERE kind = 'restock' GROUP BY 1, 2")
        for row in restocked {
            left[Said.StockKey(sku: try row.text(0), warehouse: try row.text(1)), default: 0] -= try row.int64(2)
        }
        for row in try rows("SELECT sku, warehouse, on_hand, reserved, missing FROM stock") {
            let key = Said.StockKey(sku: try row.text(0), warehouse: try row.text(1))
            let (onHand, reserved, missing) = (try row.int64(2), try row.int64(3), try row.int64(4))
            let expected = (said.received[key] ?? 0) - (left[key] ?? 0)
            if said.isStockPlain, said.hostile.isEmpty || said.received[key] != nil, onHand != expected {
                verdict.find(
                    .unexpected, "\(key.sku) in \(key.warehouse): \(onHand) on hand, by the ledger \(expected)")
            }
            if reserved > onHand + missing {
                verdict.find(.duplicated, "\(key.sku) in \(key.warehouse): \(reserved) promised of \(onHand)")
            }
        }
        let promised = try rows(
            """
            SELECT s.sku, s.warehouse, s.reserved, coalesce(f.reserved, 0) FROM stock AS s LEFT JOIN (
                SELECT l.sku, f.warehouse, sum(l.reserved)::bigint AS reserved FROM fulfilment_lines AS l
                JOIN fulfilments AS f ON f.id = l.fulfilment_id WHERE l.reserved > 0 GROUP BY 1, 2
            ) AS f USING (sku, warehouse) WHERE s.reserved <> coalesce(f.reserved, 0)
            """)
        for row in promised {
            verdict.find(
                .unexpected,
                "\(try row.text(0)) in \(try row.text(1)): \(try row.int64(2)) reserved, orders have \(try row.int64(3))"
            )
        }
        let unjournalled = try rows(
            """
            SELECT s.sku, s.warehouse FROM stock AS s LEFT JOIN (
                SELECT sku, warehouse, sum(on_hand) AS on_hand, sum(reserved) AS reserved, sum(missing) AS missing
                FROM stock_journal GROUP BY 1, 2) AS j USING (sku, warehouse)
            WHERE (s.on_hand, s.reserved, s.missing) IS DISTINCT FROM (
                coalesce(j.on_hand, 0), coalesce(j.reserved, 0), coalesce(j.missing, 0))
            """)
        for row in unjournalled {
            verdict.find(.lost, "the stock journal does not account for \(try row.text(0)) in \(try row.text(1))")
        }
    }
}
