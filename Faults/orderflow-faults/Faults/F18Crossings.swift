import OrderSimulator
import Postgres
import TestSite

extension FaultCase {
    /// Two things are said of one order at the same instant: whichever is first, the outcome is the domain's.
    static let crossings = FaultCase(
        id: "F18", title: "cancels, refunds, timeouts and payments that cross, in both orders",
        isShort: true
    ) { stage in
        // A payment timeout is judged when a marker has come back, without half a minute of grace.
        stage.crew.scale(to: 0) { $0.environment["ORDERFLOW_WORKER_MARKER_GRACE_SECONDS"] = "0" }
        try stage.open(workers: 3)
        try stage.payAroundPlacing(orders: stage.scale.pick(10, 50, 200))
        for round in 1...stage.scale.pick(1, 1, 5) {
            for crossing in Crossing.allCases {
                var counts: [Crossing.Winner: Int] = [:]
                for interleaving in Interleaving.allCases {
                    let name = "\(crossing.name)-\(interleaving.rawValue)-\(round)"
                    let orders = (1...stage.scale.pick(4, 20, 50)).map { "shop/\(name)-\($0)" }
                    try stage.cross(crossing, interleaving, orders)
                    counts.merge(try stage.judge(crossing, of: name)) { $0 + $1 }
                }
                for winner in Crossing.Winner.allCases {
                    let count = counts[winner] ?? 0
                    stage.measure(crossing.order(winner), Double(count), "orders")
                    stage.check(count > 0, "there was no \(crossing.order(winner))")
                }
            }
        }
    }
}

/// Which of two messages is meant to come first.
enum Interleaving: String, CaseIterable { case first, second, none }

extension Stage {
    /// A payment before, together with and after its order: it counts once.
    fileprivate func payAroundPlacing(orders: Int) throws {
        let numbers = (1...orders).map { "shop/around-\($0)" }
        for (index, number) in numbers.enumerated() where index % 3 == 0 { try site.pay(number, id: "pay \(number)") }
        time("payments wait for their orders", limit: 10) {
            try count("SELECT count(*) FROM parked WHERE order_number LIKE 'shop/around-%'") == (orders + 2) / 3
        }
        for (index, number) in numbers.enumerated() {
            if index % 3 == 1, random.chance(percent: 50) { try site.pay(number, id: "pay \(number)") }
            try site.place(number, id: "place \(number)")
            // It was said before, or half of the time just now: then it is a repeat.
            if index % 3 == 1 { try site.pay(number, id: "pay \(number)") }
        }
        time("orders are there", limit: 10) {
            try count("SELECT count(*) FROM orders WHERE number LIKE 'shop/around-%'") == orders
        }
        for (index, number) in numbers.enumerated() where index % 3 == 2 { try site.pay(number, id: "pay \(number)") }
        time("what is paid is released, whenever it was paid", limit: 10) {
            try count(
                """
                SELECT count(*) FROM orders
                WHERE number LIKE 'shop/around-%' AND status = 'released' AND captured = 1000 AND refunded = 0
                """) == orders
        }
    }

    /// Brings orders to where it can happen, and lets it happen to all of them.
    fileprivate func cross(_ crossing: Crossing, _ interleaving: Interleaving, _ orders: [String]) throws {
        try crossing.prepare(orders, self)
        let first = { try crossing.sayFirst(orders, self) }
        let second = { try crossing.saySecond(orders, self) }
        switch interleaving {
        case .first: try whileLocked(orders, first, second)
        case .second: try whileLocked(orders, second, first)
        case .none:
            try first()
            play(Double.random(in: 0...crossing.longestGap, using: &random))
            try second()
        }
        let said = orders.count * crossing.messages
        let numbers = orders.map { "'\($0)'" }.joined(separator: ", ")
        let own = orders.map { "'first \($0)', 'second \($0)'" }.joined(separator: ", ")
        time("what crossed is settled", limit: 20) {
            try count("SELECT count(*) FROM inbox WHERE id IN (\(own)) AND outcome <> 'parked'") == said
                && count(
                    """
                    SELECT (SELECT count(*) FROM money_requests WHERE state <> 'settled' AND order_number IN (\(numbers)))
                        + (SELECT count(*) FROM due
                            WHERE kind = 'payment_timeout' AND due_at <= now() AND order_number IN (\(numbers)))
                    """) == 0
        }
    }

    /// Others lock the orders until both messages are with the workers: who waits first for the lock gets it first.
    private func whileLocked(_ orders: [String], _ first: () throws -> Void, _ second: () throws -> Void) throws {
        let session = try site.connect()
        defer { session.close() }
        let locker = try session.query("SELECT pg_backend_pid()").only().int(0)
        try session.execute("BEGIN")
        _ = try session.query(
            "SELECT FROM orders WHERE number = ANY ($1) ORDER BY number FOR UPDATE", [.textArray(orders)])
        try first()
        // A timeout fires only when its marker has come back.
        let deadline = ContinuousClock.now + .seconds(30)
        while .now < deadline, try sessionsWaiting(for: locker) == 0 { play(0.02) }
        try second()
        play(0.3)
        try session.execute("COMMIT")
    }

    /// Others may wait for each other meanwhile.
    private func sessionsWaiting(for locker: Int) throws -> Int {
        try count("SELECT count(*) FROM pg_stat_activity WHERE \(locker) = ANY (pg_blocking_pids(pid))")
    }

    /// Compares what came of orders with what must come of them, by who was first.
    fileprivate func judge(_ crossing: Crossing, of name: String) throws -> [Crossing.Winner: Int] {
        let session = try site.connect()
        defer { session.close() }
        var counts: [Crossing.Winner: Int] = [:]
        for row in try session.query(Self.ends, [.text("shop/\(name)-%")]) {
            let number = try row.text(0)
            let captured = try row.int(2)
            let winner: Crossing.Winner = try row.bool(5) ? .first : .second
            let end = Crossing.End(
                status: try row.text(1), refunded: try row.int(3), requests: try row.int(4), holds: try row.text(6))
            counts[winner, default: 0] += 1
            check(captured == 1_000, "\(number): \(captured) captured")
            let expected = crossing.end(winner)
            check(end == expected, "\(number), \(crossing.order(winner)): \(end), not \(expected)")
        }
        return counts
    }

    /// Who was first stands in the journal: what came second may have changed nothing any more.
    private static let ends = """
        SELECT o.number, o.status, o.captured, o.refunded,
            (SELECT count(*) FROM money_requests AS r WHERE r.order_number = o.number AND r.kind = 'refund'),
            coalesce((SELECT min(version) FROM order_journal AS j WHERE j.order_number = o.number
                AND (j.cause_id = 'first ' || o.number OR j.cause_id LIKE 'payment_timeout %')), 1000000)
            < coalesce((SELECT min(version) FROM order_journal AS j
                WHERE j.order_number = o.number AND j.cause_id = 'second ' || o.number), 1000000),
            coalesce((SELECT string_agg(DISTINCT h.reason, ' ' ORDER BY h.reason) FROM holds AS h
                WHERE h.order_number = o.number AND h.reason IN ('cancel_refused', 'shipped_after_cancel')), '')
        FROM orders AS o WHERE o.number LIKE $1
        """
}
