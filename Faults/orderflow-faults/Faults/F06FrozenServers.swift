import Glibc
import TestServers
import TestSite

extension FaultCase {
    /// The broker, then PostgreSQL, stands still for a minute: connections stay open, and nothing answers.
    static let frozenServers = FaultCase(id: "F6", title: "the broker, and PostgreSQL, freeze for 60 s") { stage in
        try stage.open(workers: 2, lanes: 2)
        let lookout = Lookout(stage.site)
        let seconds = stage.scale.pick(25.0, 60, 60)
        let rounds = stage.scale.pick(1, 1, 2)
        // PostgreSQL first: a broker that has been frozen does not list its connections for a while.
        for _ in 0..<rounds {
            stage.play(3)
            try stage.freezePostgres(seconds, lookout)
        }
        for _ in 0..<rounds {
            stage.play(3)
            try stage.freezeBroker(seconds, lookout)
        }
    }
}

extension Stage {
    fileprivate func freezeBroker(_ seconds: Double, _ lookout: Lookout) throws {
        try pair.broker.freeze()
        // A lane that has unpublished events for 30 s takes another session, so that others may adopt them.
        try watch("PostgreSQL sessions while the broker is frozen", for: seconds) { try lookout.sessions() }
        try pair.broker.thaw()
        timeRecovery("consuming again after the broker's thaw", limit: 10, lanes: 4, lookout)
    }

    fileprivate func freezePostgres(_ seconds: Double, _ lookout: Lookout) throws {
        let management = try site.management()
        var before: Set<String> = []
        // The broker tells late what it has.
        time("the broker lists the publishing connections", limit: 10) {
            before = try publishers(management)
            return before.count == 4
        }
        try pair.postgres.freeze()
        // What consumes goes back after 20 s with a batch in hand, so that it isn't held up; what publishes has no reason to.
        try watch("publishing connections while PostgreSQL is frozen", for: seconds) {
            try publishers(management).intersection(before).count
        }
        try pair.postgres.thaw()
        timeRecovery("consuming again after PostgreSQL's thaw", limit: 10, lanes: 4, lookout)
    }

    /// Looks each second; the fewest there were is 4, and what is away for a moment comes back.
    private func watch(_ what: String, for seconds: Double, _ count: () throws -> Int) throws {
        var awaySince: ContinuousClock.Instant?
        var longest = Duration.zero
        let end = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < end {
            if try count() >= 4 {
                awaySince = nil
            } else {
                let since = awaySince ?? .now
                awaySince = since
                longest = max(longest, .now - since)
            }
            play(1)
        }
        measure("\(what): fewer than lanes for", longest / .seconds(1), "s", limit: 5)
        check(longest < .seconds(15), "\(what): fewer than lanes for \(longest)")
        check(crew.workers.count == 2, "a worker has ended")
    }

    private func publishers(_ management: ManagementAPI) throws -> Set<String> {
        Set(try management.connections(site.name).filter { $0.value.hasSuffix(" publish") }.keys)
    }
}
