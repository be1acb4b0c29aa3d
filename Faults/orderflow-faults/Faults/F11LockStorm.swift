import FaultAuditor
import Postgres
import TestSite

extension FaultCase {
    /// Half of all messages name one order, others lock rows at random, and every transaction is serializable: deadlocks,
    /// locks that do not come and serialization failures, all at once.
    static let lockStorm = FaultCase(
        id: "F11", title: "deadlocks, locks that do not come, serialization failures; one order in half of all messages"
    ) { stage in
        try stage.open(workers: 2, lanes: 2, perSecond: stage.scale.pick(5, 10, 15))
        stage.play(2)
        let seconds = stage.scale.pick(8.0, 15, 60)
        stage.measure("throughput before", try stage.throughput(over: seconds), "messages/s")
        let before = try stage.conflictCounts()
        let lockers = RowLockers(4, on: stage.site, favourites: "shop/hot-%", seed: stage.seed)
        try stage.setIsolation("serializable")
        let first = try Stage.outcomes(stage.site.database)
        let saidBefore = stage.speaker.ledger.entries.count
        let inStorm = try stage.throughput(over: seconds * 2) { try stage.heat(since: saidBefore) }
        stage.measure("throughput in the storm", inStorm, "messages/s")
        let taken = try Stage.outcomes(stage.site.database) - first
        let storm = try stage.conflictCounts()
        lockers.close()
        try stage.setIsolation("read committed")
        let due = stage.said
        stage.time("all that was said in the storm has its outcome", limit: 30) {
            try Stage.outcomes(stage.site.database) >= due
        }
        stage.time("what was parked for a lock is applied", limit: 75) {
            try stage.count("SELECT count(*) FROM parked WHERE waits_for = 'busy'") == 0
        }
        stage.measure("throughput after", try stage.throughput(over: seconds), "messages/s")
        let (rolledBack, deadlocks) = (storm.rolledBack - before.rolledBack, storm.deadlocks - before.deadlocks)
        stage.check(deadlocks > 0, "there was no deadlock")
        stage.measure("deadlocks", Double(deadlocks), "")
        stage.measure("transactions rolled back", Double(rolledBack), "")
        stage.measure(
            "of them for each message with an outcome", Double(rolledBack) / Double(max(1, taken)), "", limit: 2)
    }
}

extension Stage {
    /// Says as much about one order as is said about all others.
    ///
    /// An order takes 4,000 payments at most: another comes before that.
    fileprivate func heat(since beginning: Int) throws {
        let entries = speaker.ledger.entries.dropFirst(beginning)
        let about = entries.count { $0.id.hasPrefix("hot ") }
        for _ in 0..<max(0, entries.count - 2 * about) {
            let number = site.next()
            let order = "shop/hot-\(number / 2_000)"
            if number == 1 || number.isMultiple(of: 2_000) {
                try site.place(order, quantities: [100_000], id: "place \(order)")
            }
            try site.pay(order, transaction: "HOT-\(number)", id: "hot \(number)")
        }
    }

    /// Of all transactions of the database from now on; the workers' sessions are made anew.
    fileprivate func setIsolation(_ level: String) throws {
        let session = try site.connect()
        defer { session.close() }
        try session.execute("ALTER DATABASE \(site.name) SET default_transaction_isolation = '\(level)'")
        try session.execute("SELECT pg_terminate_backend(pid) \(Self.fromWorkerSessions)")
    }

    /// What the database has counted so far; the lockers' deadlocks and roll-backs are among it.
    fileprivate func conflictCounts() throws -> (rolledBack: Int, deadlocks: Int) {
        let session = try site.connect()
        defer { session.close() }
        let row = try session.query(
            "SELECT xact_rollback, deadlocks FROM pg_stat_database WHERE datname = current_database()"
        ).only()
        return (try row.int(0), try row.int(1))
    }
}
