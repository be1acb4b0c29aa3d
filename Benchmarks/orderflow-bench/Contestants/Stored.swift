internal import Postgres

/// What a database holds, to see what a run has added.
struct Stored {
    private var orders = 0
    private var completed = 0
    private var dead = 0
    private var parked = 0
    /// Messages out: one for each receiver of an event.
    private(set) var events = 0

    init(_ connection: PostgresConnection) throws {
        let row = try connection.query(
            """
            SELECT (SELECT count(*) FROM orders), (SELECT count(*) FROM orders WHERE status = 'completed'),
                (SELECT coalesce(sum(deliveries), 0)::bigint FROM dead_messages), (SELECT count(*) FROM parked),
                (SELECT coalesce(sum(cardinality(receivers)), 0)::bigint FROM event_log)
            """
        ).only()
        orders = try row.int(0)
        completed = try row.int(1)
        dead = try row.int(2)
        parked = try row.int(3)
        events = try row.int(4)
    }

    static func - (left: Stored, right: Stored) -> Stored {
        var difference = left
        difference.orders -= right.orders
        difference.completed -= right.completed
        difference.dead -= right.dead
        difference.parked -= right.parked
        difference.events -= right.events
        return difference
    }

    /// A run counts only when every order is where it should be, and every message that can't be read is dead.
    func check(_ workload: Workload, _ title: String) throws {
        guard orders == workload.orders else {
            throw BenchFailure("\(title): \(orders) of \(workload.orders) orders are stored")
        }
        guard completed == workload.orders || !workload.mix.stages.contains(.delivered) else {
            throw BenchFailure("\(title): \(completed) of \(workload.orders) orders are completed")
        }
        guard dead >= workload.invalid, dead <= workload.invalid + workload.messages / 1_000 else {
            throw BenchFailure("\(title): \(dead) messages are dead, \(workload.invalid) can't be read")
        }
        guard parked == 0 else { throw BenchFailure("\(title): \(parked) facts still wait") }
    }
}
