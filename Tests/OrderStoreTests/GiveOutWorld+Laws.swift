import OrderStore
import Postgres

@testable import OrderCore

/// What has to be so after each message, whoever was called.
extension GiveOutWorld {
    /// What is kept for those who keep their turn, as their rows say.
    func keepers() throws -> BackorderQueue {
        var queue = BackorderQueue()
        let rows = try store.connection.query(
            """
            SELECT o.number, o.backorder_rank, o.backorder_since, o.placed_at, u.key, u.value::bigint
            FROM orders AS o CROSS JOIN LATERAL json_each_text(o.backorder_units) AS u WHERE o.backorder_keeps
            """)
        for row in rows {
            guard let key = StockKey(subject: try row.text(4)) else { continue }
            let turn = BackorderTurn(
                rank: try row.int64(1), since: try row.optionalTimestamp(2).map { Timestamp(microseconds: $0) },
                placedAt: Timestamp(microseconds: try row.timestamp(3)), number: try row.text(0))
            queue.keep(try row.int64(5), of: key, for: turn)
        }
        return queue
    }

    /// Of what a message has reserved: nothing was kept for others, and no channel has more than its share.
    func laws(
        _ changes: Changes, _ before: [String: OrderState], _ queue: BackorderQueue
    ) throws -> [String] {
        let reserved = changes.movements.filter { $0.kind == .reserve }
        return try reserved.flatMap { movement -> [String] in
            guard let number = movement.orderNumber, let level = try level(movement.key),
                let order = before[number]?.order ?? placed(number, changes)
            else { return ["\(movement.key.subject) is reserved for nobody"] }
            var (found, left): ([String], Int64) = ([], level.available)
            let share = RuleBook(rules).share(of: movement.key)
            if let share {
                let room =
                    share.allowance(of: order.seller, in: level)
                    - share.reserved(of: order.seller, in: try reservedBySeller(movement.key))
                if room < 0 { found.append("\(order.seller) has more than its share of \(movement.key.subject)") }
                left = min(left, room)
            }
            let kept = queue.kept(movement.key, from: order, in: share)
            if kept > 0, left < kept {
                found.append("\(movement.key.subject): what was kept for others went to \(number)")
            }
            return found
        }
    }

    /// A newcomer, who is behind all who wait.
    private func placed(_ number: String, _ changes: Changes) -> Order? {
        for entry in changes.journal where entry.orderNumber == number {
            for case .order(var order) in entry.rows {
                order.backorder = nil
                return order
            }
        }
        return nil
    }

    private func level(_ key: StockKey) throws -> StockLevel? {
        let rows = try store.connection.query(
            """
            SELECT on_hand, reserved, safety FROM stock WHERE sku = '\(key.sku)' AND warehouse = '\(key.warehouse)'
            """)
        return try rows.first.map { row in
            StockLevel(
                key: key, onHand: try row.int64(0), reserved: try row.int64(1), safety: try row.int64(2))
        }
    }

    private func reservedBySeller(_ key: StockKey) throws -> [String: Int64] {
        let rows = try store.connection.query(
            """
            SELECT split_part(l.order_number, '/', 1), sum(l.reserved)::bigint
            FROM fulfilment_lines AS l JOIN fulfilments AS f ON f.id = l.fulfilment_id
            WHERE l.sku = '\(key.sku)' AND f.warehouse = '\(key.warehouse)' AND l.reserved > 0 GROUP BY 1
            """)
        return try rows.reduce(into: [:]) { $0[try $1.text(0)] = try $1.int64(1) }
    }
}
