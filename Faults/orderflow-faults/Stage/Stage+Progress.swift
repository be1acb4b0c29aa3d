import FaultAuditor
import Foundation
import OrderWorker
import Postgres
import TestServers
import TestSite

// How the work goes on: messages that have had their outcome.
extension Stage {
    /// Messages with an outcome a second, over so many seconds from now.
    ///
    /// - Parameter meanwhile: done again and again.
    func throughput(over seconds: Double, meanwhile: () throws -> Void = {}) throws -> Double {
        let session = try site.connect()
        defer { session.close() }
        let (first, start) = (try Self.outcomes(session), ContinuousClock.now)
        while .now - start < .seconds(seconds) {
            try meanwhile()
            play(0.1)
        }
        return try Double(Self.outcomes(session) - first) / ((ContinuousClock.now - start) / .seconds(1))
    }

    /// Messages with an outcome so far.
    static func outcomes(_ session: PostgresConnection) throws -> Int {
        try session.query("SELECT count(DISTINCT (source, id)) FROM inbox").only().int(0)
    }

    /// Messages that the broker has for the workers, those too that one has in hand; about a second old.
    func heldByBroker() throws -> Int {
        let management = try site.management()
        return try OrderflowTopology.inboundQueues.reduce(0) {
            try $0 + (management.queueDepth(site.name, $1.queue) ?? 0)
        }
    }

    /// For a query of the sessions that lanes have.
    static let fromWorkerSessions =
        "FROM pg_stat_activity WHERE application_name LIKE 'orderflow %' AND datname = current_database()"

    /// Messages that were said so far and must have an outcome of their own, each once.
    var said: Int {
        let entries = speaker.ledger.entries.filter { !$0.source.isEmpty && $0.fate != .kept }
        return Set(entries.map { "\($0.source) \($0.id)" }).count
    }

    /// Those of them that have none yet; below 0 where others have one too.
    func untaken() throws -> Int {
        let session = try site.connect()
        defer { session.close() }
        return try said - Self.outcomes(session)
    }
}
