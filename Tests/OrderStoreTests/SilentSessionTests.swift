import Glibc
import OrderStore
import Postgres
import TestServers
import Testing

@Suite("Sessions that have gone silent")
struct SilentSessionTests {
    @Test("a worker that is frozen in the middle of a flight loses its session, and with it its locks")
    func midFlight() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            let frozen = try database.connect()
            var ended = 0
            let failure = #expect(throws: PostgresError.self) {
                try frozen.pipeline { (pipeline) throws(PostgresError) in
                    try pipeline.begin()
                    try pipeline.send(Statement(unprepared: "SELECT pg_advisory_xact_lock(1)"))
                    // Enough that the client does not keep it back until the end.
                    try pipeline.send(
                        Statement(unprepared: "SELECT length($1)"), [.text(String(repeating: "x", count: 100_000))])
                    let deadline = ContinuousClock.now + .seconds(60)
                    while ended == 0, .now < deadline {
                        ended = (try? store.endSilentSessions()) ?? 0
                        poll(nil, 0, 200)
                    }
                }
            }
            #expect(failure?.isConnectionLost == true)
            #expect(ended == 1)
            #expect(try store.connection.query("SELECT pg_try_advisory_lock(1)").only().bool(0))
        }
    }
}
