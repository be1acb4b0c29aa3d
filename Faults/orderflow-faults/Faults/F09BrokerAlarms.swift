import Postgres
import TestServers
import TestSite

extension FaultCase {
    /// The broker takes no publishes, for want of memory, then of disk: what is committed waits in the outbox, up to its
    /// bound. Senders are held up too, so that the load is a backlog from before.
    static let brokerAlarms = FaultCase(
        id: "F9", title: "the broker has a memory alarm, then a disk alarm, with a backlog in its queues"
    ) { stage in
        let bound = 1_000
        stage.crew.scale(to: 0) { settings in
            settings.environment["ORDERFLOW_BOUNDS_OUTBOX_ROWS"] = String(bound)
            // A lane looks at the bound every two seconds: the backlog must be more than is taken in that time.
            settings.environment["ORDERFLOW_WORKER_BATCH_MESSAGES"] = "1"
        }
        try stage.open(perSecond: 0)
        try stage.pileUp(orders: stage.scale.pick(1_000, 1_500, 3_000))
        let broker = stage.pair.broker
        try broker.limitMemory(to: "1")
        stage.crew.scale(to: 2)
        let watch = try stage.site.connect()
        defer { watch.close() }
        stage.time("intake goes on to the outbox's bound", limit: 20) { try watch.outboxRows() > bound }
        let taken = try stage.waitForPause(watch)
        let rows = try watch.outboxRows()
        stage.measure("unconfirmed events when intake has paused, with a bound of \(bound)", Double(rows), "")
        stage.check(try stage.heldByBroker() > 0, "all was taken: the bound was not put to the test")
        let seconds = stage.scale.pick(10.0, 30, 150)
        stage.watchMemory(for: seconds)
        // The second alarm begins before the first one ends.
        try broker.requireFreeDisk("9000GB")
        try broker.limitMemory(to: "2GB")
        stage.watchMemory(for: seconds)
        let more = try Stage.outcomes(watch) - taken
        // What waits for another lane's event for 5 s is set aside, and counts against the bound of those: its room is used.
        let aside = try watch.query("SELECT count(*) FROM outbox WHERE retry_at IS NOT NULL").only().int(0)
        let end = try watch.outboxRows()
        stage.measure("of them set aside at the end of the alarm", Double(aside), "")
        stage.check(
            more == 0 || aside > 0 && end < 2 * rows,
            "\(more) messages were taken while intake was paused: \(rows) events became \(end), \(aside) set aside")
        try watch.execute("CREATE TEMPORARY TABLE held AS SELECT subject, receiver, number, event_id FROM outbox")
        try broker.requireFreeDisk("50MB")
        stage.time("all that was held is out after the alarm", limit: 10) {
            try watch.query(
                "SELECT count(*) FROM held JOIN outbox USING (subject, receiver, number, event_id)"
            ).only().int(0) == 0
        }
        stage.time("intake goes on after the alarm", limit: 10) { try Stage.outcomes(watch) > taken }
        // The rest in batches of the usual size.
        stage.crew.scale(to: 0) { $0.environment["ORDERFLOW_WORKER_BATCH_MESSAGES"] = nil }
        stage.crew.scale(to: 2)
        stage.watchMemory(for: 1)
    }
}

extension Stage {
    /// So many orders, with their payments, in the queues and no worker.
    fileprivate func pileUp(orders: Int) throws {
        crew.scale(to: 0)
        time("the workers have drained", limit: 30) { try count("SELECT count(*) \(Self.fromWorkerSessions)") == 0 }
        load.place(perSecond: 1_000)
        time("the orders are placed", limit: 20) { load.placed >= orders }
        load.place(perSecond: 0)
        time("the broker has all of them", limit: 20) { load.isIdle && speaker.isIdle }
    }

    /// Waits until nothing is taken any more; how much was.
    fileprivate func waitForPause(_ watch: PostgresConnection) throws -> Int {
        var (last, since) = (-1, ContinuousClock.now)
        time("intake pauses at the bound", limit: 15) {
            let outcomes = try Self.outcomes(watch)
            if outcomes != last { (last, since) = (outcomes, .now) }
            return .now - since > .seconds(3)
        }
        return last
    }

    /// Looks at the workers' memory for so many seconds.
    fileprivate func watchMemory(for seconds: Double) {
        let over = ContinuousClock.now + .seconds(seconds)
        var largest = 0
        while .now < over {
            largest = max(largest, crew.workers.map(\.residentKilobytes).max() ?? 0)
            play(0.5)
        }
        measure("memory of a worker", Double(largest) / 1_024, "MiB", limit: 150)
        check(largest < 150 * 1_024, "a worker has \(largest) KiB of memory")
    }
}

extension PostgresConnection {
    /// Events that no broker has confirmed.
    fileprivate func outboxRows() throws -> Int { try query("SELECT count(*) FROM outbox").only().int(0) }
}
