import OrderStore
import Postgres
import TestServers
import Testing

@testable import OrderCore

@Suite("Adoption, and rows that are set aside")
struct AdoptionTests {
    /// Outbox rows of a lane whose session is gone, each with its event; set aside until so many seconds from now.
    static func leave(
        _ database: TestStore, _ receiver: String, subjects: Int, numbers: Int = 1, lane: Int64 = 1_000,
        asideSeconds: Int? = nil
    ) throws {
        let retry = asideSeconds.map { "CASE n WHEN 1 THEN now() + interval '\($0) seconds' END" } ?? "NULL"
        try database.connect().execute(
            """
            INSERT INTO lanes VALUES (\(lane), 'gone') ON CONFLICT DO NOTHING;
            WITH events AS (
                INSERT INTO event_log (day, id, created_at, type, subject, version, cause_source, cause_id, cause_part,
                    receivers, numbers, data)
                SELECT (now() AT TIME ZONE 'UTC')::date, nextval('event_id'), now(), 't.v1', 'S' || s, 1, 's', 'i', 0,
                    ARRAY['\(receiver)'], ARRAY[n], '{}'
                FROM generate_series(1, \(subjects)) AS s, generate_series(1, \(numbers)) AS n
                RETURNING *
            )
            INSERT INTO outbox (subject, receiver, number, event_id, event_day, owner, retry_at)
            SELECT subject, receivers[1], n, id, day, \(lane), \(retry) FROM events, unnest(numbers) AS n;
            """)
    }

    @Test("a dead lane is found among however many that live")
    func manyLanes() async throws {
        try await TestStore.use { database in
            var lanes: [Store] = []
            for _ in 1...20 {
                lanes.append(try database.store())
                _ = try lanes.last?.takeLaneNumber(instance: "live")
            }
            let survivor = try database.store()
            let mine = try survivor.takeLaneNumber(instance: "survivor")
            try Self.leave(database, "erp", subjects: 2)
            #expect(try survivor.adoptOutbox(for: mine).count == 2)
            #expect(try database.count("lanes") == 21)
            #expect(lanes.allSatisfy { $0.connection.isAlive })
        }
    }

    @Test("what is set aside, and what stands behind it, does not keep other rows from being adopted")
    func setAside() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            let mine = try store.takeLaneNumber(instance: "survivor")
            try Self.leave(database, "away", subjects: 4, numbers: 2, asideSeconds: 3_600)
            try Self.leave(database, "erp", subjects: 3)
            #expect(try store.adoptOutbox(for: mine, limit: 4).map(\.row.key.stream.receiver) == ["erp", "erp", "erp"])
            #expect(try store.adoptOutbox(for: mine, limit: 4).isEmpty)
            #expect(try database.count("lanes WHERE number = 1000") == 1)

            // Their time has come: the heads are tried, and what stands behind follows when they are out.
            try database.connect().execute("UPDATE outbox SET retry_at = now() WHERE retry_at IS NOT NULL")
            let heads = try store.adoptOutbox(for: mine)
            #expect(heads.map(\.row.key.stream.subject) == ["S1", "S2", "S3", "S4"])
            #expect(heads.allSatisfy { $0.row.key.number == 1 })
            #expect(try store.adoptOutbox(for: mine).isEmpty)
            try store.deleteConfirmed([heads[0].row.key])
            #expect(try store.adoptOutbox(for: mine).map(\.row.key.stream.subject) == ["S1"])
        }
    }

    @Test("of a receiver that is gone a lane adopts a bounded number of rows to try, and others' rows all the same")
    func boundedRetries() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            let mine = try store.takeLaneNumber(instance: "survivor")
            try Self.leave(database, "away", subjects: 500, asideSeconds: 0)
            try Self.leave(database, "back", subjects: 5, asideSeconds: 0)
            let first = try store.adoptOutbox(for: mine, limit: 2_000)
            #expect(first.filter { $0.row.key.stream.receiver == "away" }.count == 200)
            #expect(first.filter { $0.row.key.stream.receiver == "back" }.count == 5)
            #expect(try store.adoptOutbox(for: mine, limit: 2_000).isEmpty)
            try Self.leave(database, "erp", subjects: 3)
            #expect(try store.adoptOutbox(for: mine, limit: 2_000).count == 3)
        }
    }

    @Test("what waits for a receiver that is gone is counted apart from what can go out")
    func bounds() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            try Self.leave(database, "away", subjects: 4, numbers: 3, asideSeconds: 0)
            try Self.leave(database, "erp", subjects: 5)
            #expect(try store.outboxHolds(atLeast: 5))
            #expect(try !store.outboxHolds(atLeast: 6))
            #expect(try store.setAsideHolds(atLeast: 12))
            #expect(try !store.setAsideHolds(atLeast: 13))
        }
    }
}
