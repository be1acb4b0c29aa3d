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
        let usual = try stage.throughput(over: seconds)
        stage.measure("throughput before", usual, "messages/s")
        let lockers = RowLockers(4, on: stage.site, favourites: "shop/hot-%", seed: stage.seed)
        try stage.setIsolation("serializable")
        let first = try Stage.outcomes(stage.site.database)
        let saidBefore = stage.speaker.ledger.entries.count
        let inStorm = try stage.throughput(over: seconds * 2) { try stage.heat(since: saidBefore) }
        stage.measure("throughput in the storm", inStorm, "messages/s")
        let taken = try Stage.outcomes(stage.site.database) - first
        lockers.close()
        try stage.setIsolation("read committed")
        let due = stage.said
        stage.time("all that was said in the storm has its outcome", limit: 30) {
            try Stage.outcomes(stage.site.database) >= due
        }
        stage.time("what was parked for a lock is applied", limit: 75) {
            try stage.count("SELECT count(*) FROM parked WHERE waits_for = 'busy'") == 0
        }
        stage.time("throughput is back", limit: 20) { try stage.throughput(over: 3) > usual * 0.7 }
        stage.measure("throughput after", try stage.throughput(over: seconds), "messages/s")
        var errors = 0
        for (name, text) in [
            ("deadlocks", "deadlock detected"), ("locks that did not come", "canceling statement due to lock timeout"),
            ("serialization failures", "could not serialize access"),
        ] {
            let count = try stage.workerErrors(text)
            stage.check(count > 0, "the storm had none: \(name)")
            stage.measure("\(name) that a worker met", Double(count), "")
            errors += count
        }
        let each = Double(errors) / Double(max(1, taken))
        stage.measure("all three for each message", each, "", limit: 2)
        stage.check(each < 6, "a message was tried too often: \(errors) errors for \(taken) messages")
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
}
