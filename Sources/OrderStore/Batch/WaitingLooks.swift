internal import OrderCore
internal import Postgres

/// What there was for an order that waits for stock when it was last looked at, and that it could not use, as rows.
///
/// It is called again when there is more for it of any of these, when rules, warehouses or policies are other ones, and now
/// and then: the time of day changes what may be done, too. Not before: it would be looked at time and again, and keep from
/// those behind it what it can't use.
enum WaitingLooks {
    static let columns: [Column] = [.key("order_number", .text), .object("offered")]
    static let partColumns: [Column] = [.key("stock", .text), .key("part", .text), .integer("room")]

    /// Changes are taken up by all within this time.
    private static let takenUp = "interval '5 seconds'"

    /// What rules, warehouses and the policies of sellers were changed by last. Products change all day: who waits for one is
    /// looked at again after a while.
    private static let changed = """
        greatest((SELECT max(updated_at) FROM warehouses), (SELECT max(updated_at) FROM sellers),
            (SELECT max(published_at) FROM rule_versions))
        """

    /// A look before this moment counts no more. One that was taken while a change was taken up does, for that time: or an
    /// order would be looked at without end meanwhile.
    static let oldest = """
        (SELECT greatest(now() - interval '10 minutes', c.at, least(c.at + \(takenUp), now() - \(takenUp)))
            FROM (SELECT \(changed) AS at) AS c)
        """

    static let set = Statement(
        "set looks",
        """
        INSERT INTO waiting_looks (order_number, at, offered)
        SELECT u.order_number, now(), u.offered::json FROM \(Table.unnest(columns))
        ON CONFLICT (order_number) DO UPDATE SET at = excluded.at, offered = excluded.offered
        """)

    static let drop = Statement("drop looks", "DELETE FROM waiting_looks WHERE order_number = ANY ($1)")

    /// Of those who wait for a part of a stock that has got room enough for them: nothing else shows that there is more for
    /// them. Whoever looks at one of them has that stock locked, as this batch has.
    ///
    /// Parts get room by every other shipment: where anybody waits for it, it is given out soon, and not by each of these. SKUs
    /// that are given out at once need no due row.
    static let forget = Statement(
        "forget looks",
        """
        WITH roomier AS (
            SELECT k.order_number, \(BackorderRows.sku("u.stock")) AS sku
            FROM unnest($1, $2, $3) AS u (stock, part, room)
            JOIN orders AS o ON o.backorder_rank IS NOT NULL AND o.backorder_parts ->> u.stock = u.part
                AND (o.backorder_takes_parts OR (o.backorder_units ->> u.stock)::bigint <= u.room)
            JOIN waiting_looks AS k ON k.order_number = o.number
        ), forgotten AS (
            DELETE FROM waiting_looks WHERE order_number IN (
                SELECT order_number FROM waiting_looks WHERE order_number IN (SELECT order_number FROM roomier)
                ORDER BY order_number FOR UPDATE)
        )
        INSERT INTO due (kind, order_number, reference, due_at, next_at)
        SELECT DISTINCT 'give_out', '', sku, now() + interval '1 second', now() + interval '1 second'
        FROM roomier WHERE sku <> ALL ($4) ORDER BY sku
        ON CONFLICT (kind, order_number, reference) DO NOTHING
        """)

    static func append(_ offered: [StockKey: Int64], of orderNumber: String, to rows: RowColumns) {
        rows.columns[0].append(orderNumber)
        let counts = offered.reduce(into: [:]) { $0[$1.key.subject] = $1.value }
        rows.columns[1].append(bytes: JSONText.counts(counts))
    }
}

extension Store {
    /// What came of looking at who waits; before anybody is called.
    ///
    /// - Parameter risen: SKUs that this batch gives out.
    func writeLooks(_ changes: Changes, risen: Set<String>, _ flight: inout WriteFlight) {
        let set = emptyColumns(WaitingLooks.set.name, WaitingLooks.columns)
        var ended: [String] = []
        for number in changes.looks.keys.sortedByBytes() {
            switch changes.looks[number] {
            case .inVain(let offered): WaitingLooks.append(offered, of: number, to: set)
            case .ended: ended.append(number)
            case nil: break
            }
        }
        flight.add(WaitingLooks.set, set)
        if !ended.isEmpty { flight.add(WaitingLooks.drop, [.textArray(ended)]) }
        let parts = emptyColumns(WaitingLooks.forget.name, WaitingLooks.partColumns)
        for (key, rooms) in changes.roomier {
            for (part, room) in rooms {
                parts.columns[0].append(key.subject)
                parts.columns[1].append(part)
                parts.columns[2].append(room)
            }
        }
        flight.add(WaitingLooks.forget, parts, .textArray(risen.sortedByBytes()))
    }
}
