import Postgres
import TestServers
import TestSite

extension Stage {
    /// The database refuses to take anything for a while: all that has no outcome must stay with the broker, and the work
    /// must go on by itself afterwards.
    ///
    /// - Parameter error: how the database's log tells of it.
    /// - Parameter watch: a session from before, which still may read.
    /// - Parameter meanwhile: done again and again while it lasts.
    func refuse(
        _ what: String, error: String, for seconds: Double, watch: PostgresConnection, begin: () throws -> Void,
        meanwhile: () -> Void = {}, end: () throws -> Void
    ) throws {
        let errors = try logged(error)
        try begin()
        var (last, since) = (-1, ContinuousClock.now)
        time("nothing is taken any more: \(what)", limit: 15) {
            meanwhile()
            let outcomes = try Self.outcomes(watch)
            if outcomes != last { (last, since) = (outcomes, .now) }
            return .now - since > .seconds(1.5)
        }
        let over = ContinuousClock.now + .seconds(seconds)
        while .now < over {
            meanwhile()
            play(0.1)
        }
        let outcomes = try Self.outcomes(watch)
        check(outcomes == last, "\(outcomes - last) messages were taken: \(what)")
        try checkNothingAcked(what, outcomes, meanwhile)
        try end()
        check(try logged(error) > errors, "the database has not refused anything: \(what)")
        time("work goes on by itself after: \(what)", limit: 15) { try Self.outcomes(watch) > outcomes }
        let due = said
        time("all is caught up after: \(what)", limit: 30) { try Self.outcomes(watch) >= due }
    }

    /// All that was said and has no outcome is with the broker. Nobody says anything meanwhile: it tells late what it has.
    private func checkNothingAcked(_ what: String, _ outcomes: Int, _ meanwhile: () -> Void) throws {
        load.place(perSecond: 0)
        try waitUntil("senders are done: \(what)") {
            meanwhile()
            return load.isIdle && speaker.isIdle
        }
        let open = said - outcomes
        check(open > 0, "no load: \(what)")
        time("nothing is acked: \(what)", limit: 10) {
            meanwhile()
            return try heldByBroker() >= open
        }
        load.place(perSecond: usualRate)
    }
}
