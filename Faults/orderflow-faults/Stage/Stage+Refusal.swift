import Postgres
import TestServers
import TestSite

extension Stage {
    /// The database refuses to take anything for a while: all that has no outcome must stay with the broker, and the work
    /// must go on by itself afterwards.
    ///
    /// - Parameter error: how the database's log tells of it.
    /// - Parameter isWhole: nothing at all is taken; what fits into pages that are there may go on being taken else.
    /// - Parameter watch: a session from before, which still may read.
    /// - Parameter meanwhile: done again and again while it lasts.
    func refuse(
        _ what: String, error: String, for seconds: Double, isWhole: Bool = true, watch: PostgresConnection,
        begin: () throws -> Void, meanwhile: () -> Void = {}, end: () throws -> Void
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
        // One that starts meanwhile waits like the others: a worker that ends by itself is a finding.
        crew.kill9(Array(crew.workers.prefix(1)))
        let over = ContinuousClock.now + .seconds(seconds)
        while .now < over {
            meanwhile()
            play(0.1)
        }
        let outcomes = try Self.outcomes(watch)
        check(outcomes == last || !isWhole, "\(outcomes - last) messages were taken: \(what)")
        try checkNothingAcked(what, watch, meanwhile)
        try end()
        check(try logged(error) > errors, "the database has not refused anything: \(what)")
        time("work goes on by itself after: \(what)", limit: 15) { try Self.outcomes(watch) > outcomes }
        let due = said
        time("all is caught up after: \(what)", limit: 30) { try Self.outcomes(watch) >= due }
    }

    /// All that was said and has no outcome is with the broker. Nobody says anything meanwhile: it tells late what it has.
    private func checkNothingAcked(_ what: String, _ watch: PostgresConnection, _ meanwhile: () -> Void) throws {
        load.place(perSecond: 0)
        try waitUntil("senders are done: \(what)") {
            meanwhile()
            return load.isIdle && speaker.isIdle
        }
        let said = said
        check(try Self.outcomes(watch) < said, "no load: \(what)")
        time("nothing is acked: \(what)", limit: 10) {
            meanwhile()
            return try heldByBroker() >= said - Self.outcomes(watch)
        }
        load.place(perSecond: usualRate)
    }
}
