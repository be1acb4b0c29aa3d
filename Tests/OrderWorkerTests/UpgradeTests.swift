import OrderStore
import Postgres
import TestServers
import TestSite
import Testing

@Suite("Programs of two versions run side by side while one replaces the other")
struct UpgradeTests {
    /// What a newer program records of its migration.
    private static func record(oldestServed: Int) -> String {
        """
        INSERT INTO schema_migration (number, name, checksum, oldest_served)
        VALUES (\(Migrations.all.count + 1), 'next', 'x', \(oldestServed));
        """
    }

    @Test("a migration that only adds disturbs no worker that runs, nor one that starts")
    func expansion() async throws {
        try await Site.use { site in
            try site.open()
            try site.place("shop/1")
            try site.waitFor("shop/1", "awaiting_payment")
            try site.database.execute(
                Self.record(oldestServed: 1)
                    + "ALTER TABLE orders ADD COLUMN next text; ALTER TABLE inbox ADD COLUMN next text DEFAULT 'x' NOT NULL"
            )
            try site.place("shop/2")
            try site.waitFor("shop/2", "awaiting_payment")
            let second = try site.startWorker()
            try site.wait("the second consumes") { second.log.count(of: "consuming") > 0 }
            for number in 3...20 { try site.place("shop/\(number)") }
            try site.wait("all are there") { try site.count("SELECT count(*) FROM orders") == 20 }
            #expect(try site.count("SELECT count(*) FROM dead_messages") == 0)
            try site.audit()
        }
    }

    @Test("a migration that takes away ends the older worker: it drains, buries nothing, and says why")
    func contraction() async throws {
        try await Site.use(workers: 0) { site in
            let worker = try site.startWorker()
            try site.open()
            // Each row that an older program writes breaks a rule which it does not know: no message is to blame.
            try site.database.execute(
                Self.record(oldestServed: Migrations.all.count + 1)
                    + "ALTER TABLE orders ADD COLUMN next text NOT NULL")
            for number in 1...5 { try site.place("shop/\(number)") }
            try site.flush()
            let reason = worker.endsByItself()
            #expect(reason?.contains("took away what programs before migration") == true, "\(reason ?? "it runs on")")
            #expect(try site.count("SELECT count(*) FROM dead_messages") == 0)
            #expect(try site.count("SELECT count(*) FROM orders") == 0)
            // What it had in hand is there for the newer one.
            try site.wait("the messages are back") { try site.depth(of: "orders.internal") == 5 }
        }
    }

    @Test("a worker that has nothing to do notices it too, and the process ends with 2")
    func idle() async throws {
        try await Site.use(workers: 0) { site in
            let process = try site.startProcess()
            try site.open()
            try site.database.execute(Self.record(oldestServed: Migrations.all.count + 1))
            #expect(try process.end() >> 8 == 2)
        }
    }
}
