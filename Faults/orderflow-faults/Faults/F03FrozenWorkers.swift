import OrderSimulator
import OrderStore
import TestSite

extension FaultCase {
    /// Workers freeze at each named point, for longer than broker and database wait for them, and wake.
    static let frozenWorkers = FaultCase(
        id: "F3", title: "workers freeze (SIGSTOP) past heartbeat and lock release, and wake", isLong: true
    ) { stage in
        try stage.open(workers: 2)
        let lookout = Lookout(stage.site)
        for _ in 0..<stage.scale.pick(1, 1, 4) {
            try stage.freezeAtEachPoint(lookout)
            stage.play(3)
        }
        // And at no point of our choice.
        for _ in 0..<stage.scale.pick(0, 1, 4) {
            stage.crew.workers.first?.freeze()
            stage.play(45)
            stage.thaw(lookout)
        }
    }
}

extension Stage {
    /// One worker for each point freezes there, while two others go on; all wake when they have been given up.
    fileprivate func freezeAtEachPoint(_ lookout: Lookout) throws {
        let healthy = crew.workers.count
        for point in FailurePoint.allCases {
            let passing = Int.random(in: 1...10, using: &random)
            // Of a large batch a part is with the server before its commit is, which is the worst moment of all.
            load.place(perSecond: point == .beforeCommit ? usualRate * 4 : usualRate)
            crew.armNext(["ORDERFLOW_FAILURE": "\(point.rawValue):\(passing):freeze"], isToEnd: false)
            crew.scale(to: crew.workers.count + 1)
            time("a replica starts", limit: 10) { crew.lastArmed != nil }
            guard let armed = crew.lastArmed else { continue }
            time("the worker freezes \(point.rawValue)", limit: 20) { armed.isFrozen }
        }
        load.place(perSecond: usualRate)
        let frozenAt = try lookout.count("SELECT (extract(epoch FROM now()) * 1000000)::bigint")
        // A session that is idle ends after 30 s, one in a transaction after 10; who looks for dead lanes does every 2 s.
        time("events of frozen workers are told by others", limit: 40) {
            try lookout.count(
                """
                SELECT count(*) FROM outbox AS o JOIN event_log AS e ON e.day = o.event_day AND e.id = o.event_id
                WHERE e.created_at < to_timestamp(\(frozenAt) / 1000000.0)
                """) == 0
        }
        // The broker gives up after two heartbeats of 10 s and a bit.
        time("the broker gives frozen workers up", limit: 40) { try lookout.consumers() <= healthy }
        check(crew.workers.count(where: \.isFrozen) == FailurePoint.allCases.count, "a worker is not frozen any more")
        thaw(lookout)
        crew.scale(to: healthy)
    }

    /// Wakes all; each is to work again, over new connections.
    fileprivate func thaw(_ lookout: Lookout) {
        for worker in crew.workers { worker.thaw() }
        time("woken workers consume again", limit: 10) {
            let all = crew.workers.count
            return try lookout.consumers() >= all && lookout.sessions() >= all
        }
    }
}
