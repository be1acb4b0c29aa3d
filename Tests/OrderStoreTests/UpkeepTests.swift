import OrderStore
import Postgres
import TestServers
import Testing

@testable import OrderCore

@Suite("Upkeep")
struct UpkeepTests {
    @Test("partitions are made ahead, once, and dropped when they are old and nothing unconfirmed stands in them")
    func partitions() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            #expect(try store.makePartitions(daysAhead: 7) == 0)
            #expect(try store.makePartitions(daysAhead: 9) == 4)
            #expect(try store.makePartitions(daysAhead: 9) == 0)
            // Yesterday's are there too; one of them holds an event that is not confirmed.
            try database.connect().execute(
                "INSERT INTO outbox VALUES ('s', 'r', 1, 1, (now() AT TIME ZONE 'UTC')::date - 1, 1)")
            let dropped = try store.dropPartitions(olderThanDays: 0)
            #expect(dropped.count == 1 && dropped[0].hasPrefix("message_log_"))
            try database.connect().execute("DELETE FROM outbox")
            #expect(try store.dropPartitions(olderThanDays: 0).count == 1)
        }
    }

    @Test("the worker's own role may have old partitions dropped, and gives way to whoever uses a log")
    func dropAsWorker() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            try store.connection.execute("SET ROLE orderflow_worker")
            let reader = try database.connect()
            try reader.execute("BEGIN; SELECT count(*) FROM message_log")
            #expect(try store.dropPartitions(olderThanDays: 0).allSatisfy { $0.hasPrefix("event_log_") })
            try reader.execute("COMMIT")
            #expect(try store.dropPartitions(olderThanDays: 0).allSatisfy { $0.hasPrefix("message_log_") })
            #expect(try store.dropPartitions(olderThanDays: 0).isEmpty)
            #expect(try database.count("pg_inherits WHERE inhparent = 'message_log'::regclass") == 8)
            #expect(throws: PostgresError.self) { try store.connection.execute("DROP TABLE event_log") }
        }
    }

    @Test("without a partition for today a batch fails as set-up, not as a message's fault")
    func missingPartition() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            try store.dropPartitions(olderThanDays: -1)
            let error = try #require(throws: StoreError.self) {
                try store.run([.test("product", .reference(.product(Product(sku: "A"))))])
            }
            #expect(error.policy == .pause)
        }
    }

    @Test("the inbox is purged in chunks; dead and parked rows stay")
    func purge() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            try database.connect().execute(
                """
                INSERT INTO inbox (source, id, part, content_hash, received_at, outcome)
                SELECT 's', n::text, 0, gen_random_uuid(), now() - interval '30 days',
                    CASE n % 10 WHEN 0 THEN 'dead' WHEN 1 THEN 'parked' ELSE 'done' END
                FROM generate_series(1, 100) AS n
                """)
            let now = try store.load(LoadRequest()).now
            try store.rollback()
            #expect(try store.purgeInbox(receivedBefore: now, limit: 50) == 50)
            #expect(try store.purgeInbox(receivedBefore: now, limit: 50) == 30)
            #expect(try database.count("inbox") == 20)
        }
    }

    @Test("one process leads the daily work, and another when it is gone")
    func lead() async throws {
        try await TestStore.use { database in
            let first = try database.store()
            let second = try database.store()
            #expect(try first.takeLead())
            #expect(try !second.takeLead())
            first.connection.close()
            try waitUntil("the lead is free") { try second.takeLead() }
            #expect(try second.epoch() == 1)
        }
    }

    @Test("an epoch starts only while no lane holds its number, and a lane that begins meanwhile reads the new one")
    func epoch() async throws {
        try await TestStore.use { database in
            let epochs = Epochs(connection: try database.connect())
            let lane = try database.store()
            _ = try lane.takeLaneNumber(instance: "a")
            #expect(throws: StoreError.self) { try epochs.start(by: "ann", reason: "restored") }
            #expect(try epochs.runningLanes().count == 1)
            #expect(try lane.standing().epoch == 1)
            lane.connection.close()
            try waitUntil("the lane's lock is free") { try epochs.runningLanes().isEmpty }

            let marker = try database.connect()
            try marker.execute("INSERT INTO queue_markers (queue, asked_at) VALUES ('q', now())")
            #expect(try epochs.start(by: "ann", reason: "restored to noon") == 2)
            let newest = try #require(try epochs.all().first)
            #expect(newest.number == 2 && newest.startedBy == "ann" && newest.reason == "restored to noon")
            let next = try database.store()
            _ = try next.takeLaneNumber(instance: "b")
            #expect(try next.standing() == Standing(epoch: 2, oldestServed: 1))
            // A marker of the time that is lost stands for none of the new ones.
            try marker.execute("INSERT INTO queue_markers (queue, asked_at) VALUES ('q', now())")
            #expect(try marker.query("SELECT min(number) FROM queue_markers").only().int64(0) > 1_000_000)
        }
    }
}
