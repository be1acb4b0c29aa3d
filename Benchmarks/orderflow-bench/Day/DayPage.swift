internal import OrderCore
internal import Postgres
internal import TradingDay

/// One page: what came of a day.
struct DayPage {
    let report: DayReport
    let day: TradingDay
    /// Those that were published.
    let rules: RuleSet?
    let connection: PostgresConnection

    func print() {
        let sent = report.sent.values.reduce(0, +)
        let heard = report.books.values.reduce(0) { $0 + $1.heard }
        Terminal.say()
        Terminal.say(
            "\(day.settings.orders.grouped) orders · \(sent.grouped) messages in · \(heard.grouped) events out · "
                + "\(Int(report.seconds.rounded())) s · \(rate(sent + heard)) messages/s in and out")
        section("Orders by status", ["", "own shops", "partners"], Self.orders)
        section("Exceptions: orders with an open hold", ["", "orders"], Self.holds)
        section("Handed over, and changed (改单)", ["", "one order", "several orders (合单)"], Self.changes)
        receivers()
        decisions()
        section("What became of the messages", ["", "messages"], Self.outcomes)
        section("Dead letters by reason", ["", "messages"], Self.dead)
        section("Money", ["", "CNY"], Self.money)
        Terminal.say()
    }

    private func rate(_ count: Int) -> String { Int(Double(count) / max(report.seconds, 1)).grouped }

    private func receivers() {
        var table = TextTable(["", "events", "of them alerts", "heard again", "out of turn"])
        for queue in OutsideWorld(day).queues {
            guard let books = report.books[queue] else { continue }
            table.add([
                queue, books.heard.grouped, books.alerts.grouped, books.repeats.grouped, books.gaps.grouped,
            ])
        }
        show("Events by receiver", table)
    }

    /// Every rule that counts, with what it decided; of who hears of events and how long anything waits the first time in an
    /// order is written down.
    private func decisions() {
        guard let rules else { return }
        do {
            var table = TextTable(["", "orders", "written down"])
            for line in try RulesOfDay(rules, connection).lines {
                table.add([line.name, line.orders.grouped, line.decisions.grouped])
            }
            show("Rules: what they decided (output and timing: the first time in each order)", table)
        } catch {
            Terminal.note("demo: rules: \(error)")
        }
    }

    private func section(_ title: String, _ head: [String], _ sql: String) {
        var table = TextTable(head)
        do {
            for row in try connection.query(sql) {
                var cells = [try row.text(0)]
                for column in 1..<head.count { cells.append(try row.int64(column).grouped) }
                table.add(cells)
            }
        } catch {
            Terminal.note("demo: \(title): \(error)")
        }
        show(title, table)
    }

    private func show(_ title: String, _ table: TextTable) {
        Terminal.say("\n" + title)
        for line in table.isEmpty ? ["  none"] : table.lines { Terminal.say(line) }
    }

    private static let orders = """
        SELECT status, count(*) FILTER (WHERE kind = 'internal'), count(*) FILTER (WHERE kind = 'external')
        FROM orders GROUP BY status
        ORDER BY array_position(ARRAY['awaiting_payment', 'awaiting_release', 'released', 'partially_shipped',
            'shipped', 'awaiting_review', 'completed', 'cancelled', 'rejected'], status)
        """
    private static let holds = """
        SELECT reason, count(DISTINCT order_number) FROM holds WHERE closed_at IS NULL
        GROUP BY reason ORDER BY count(DISTINCT order_number) DESC, reason
        """
    private static let changes = """
        SELECT name, count(DISTINCT id) FILTER (WHERE NOT is_shared), count(DISTINCT id) FILTER (WHERE is_shared) FROM (
            SELECT CASE type WHEN 'fulfilment.requested.v1' THEN 'parts handed over' ELSE 'changes asked for' END AS name,
                id::text AS id, subject LIKE '%-M1' AS is_shared
            FROM event_log WHERE type IN ('fulfilment.requested.v1', 'fulfilment.amend_requested.v1')
            UNION ALL SELECT CASE type WHEN 'fulfilment.amended.v1' THEN 'changed' ELSE 'not changed' END,
                id, id LIKE '%-M1.%'
            FROM message_log WHERE type IN ('fulfilment.amended.v1', 'fulfilment.amend_refused.v1')
        ) AS c GROUP BY name
        ORDER BY array_position(ARRAY['parts handed over', 'changes asked for', 'changed', 'not changed'], name)
        """
    private static let outcomes = "SELECT outcome, count(*) FROM inbox GROUP BY outcome ORDER BY count(*) DESC"
    private static let dead = """
        SELECT fingerprint, sum(deliveries)::bigint FROM dead_messages GROUP BY fingerprint ORDER BY 2 DESC, 1
        """
    private static let money = """
        SELECT name, (amount / 100)::bigint FROM (
            SELECT 1 AS place, 'captured' AS name, sum(captured) AS amount FROM orders
            UNION ALL SELECT 2, 'refunded', sum(refunded) FROM orders
            UNION ALL SELECT 3, 'refunds not answered or failed', sum(refund_pending) FROM orders
            UNION ALL SELECT 4, 'charged back', sum(charged_back) FROM orders
        ) AS m ORDER BY place
        """
}
