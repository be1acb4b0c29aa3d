import OrderSimulator
import OrderStore
import TestSite

extension FaultCase {
    /// A worker dies at each named point, at a random passing of it, again and again.
    static let killedWorkers = FaultCase(
        id: "F1", title: "a worker is killed (SIGKILL) at each named point", isShort: true
    ) { stage in
        try stage.open(workers: 2)
        let points = FailurePoint.allCases
        let kills = stage.scale.pick(points.count, 50, 350)
        for round in 0..<kills {
            let point = points[round % points.count]
            let passing = Int.random(in: 1...20, using: &stage.random)
            try stage.killNext(at: point, passing: passing)
        }
        stage.measure("workers killed", Double(kills), "")
    }
}

extension Stage {
    /// Puts a worker with a failure point in the place of one, and waits until it has died there and its events are another's.
    func killNext(at point: FailurePoint, passing: Int) throws {
        guard let old = crew.workers.first else { return note("no worker runs") }
        crew.armNext(["ORDERFLOW_FAILURE": "\(point.rawValue):\(passing)"], isToEnd: true)
        _ = try crew.drain(old)
        time("a replica starts in another's place", limit: 10) { crew.lastArmed != nil }
        guard let armed = crew.lastArmed else { return }
        time("the worker dies \(point.rawValue)", limit: 20) { !armed.isRunning }
        check(armed.exitStatus.map { WaitStatus($0).number } == -9, "the worker did not die \(point.rawValue)")
        time("events of a dead worker are another's", limit: 5) { try orphanedEvents() == 0 }
    }

    /// Unconfirmed events whose lane is dead: nobody holds its lock.
    func orphanedEvents() throws -> Int {
        try count(
            """
            SELECT count(*) FROM outbox AS o WHERE NOT EXISTS (
                SELECT FROM pg_locks AS l WHERE l.locktype = 'advisory' AND l.classid = \(0x6C61_6E65)
                    AND l.objid::bigint = o.owner)
            """)
    }
}
