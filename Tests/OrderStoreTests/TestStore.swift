import OrderStore
import Postgres
import TestServers

/// A migrated database of its own for one test, on the private server.
struct TestStore: Sendable {
    let name: String

    /// Runs a test on a thread of its own, with a fresh database that is dropped afterwards.
    static func use(_ body: @Sendable @escaping (TestStore) throws -> Void) async throws {
        try await onThread {
            let database = TestStore(name: TestServers.uniqueName("store"))
            try database.create()
            defer { database.drop() }
            try body(database)
        }
    }

    /// As `use`, for a test that starts threads of its own.
    static func useFromThreads(_ body: (TestStore) async throws -> Void) async throws {
        let database = TestStore(name: TestServers.uniqueName("store"))
        try await onThread { try database.create() }
        do {
            try await body(database)
        } catch {
            try await onThread { database.drop() }
            throw error
        }
        try await onThread { database.drop() }
    }

    private func create() throws {
        try Self.administer("CREATE DATABASE \(name)")
        try Migrator(Migrations.all).migrate(connect())
    }

    private func drop() { try? Self.administer("DROP DATABASE \(name) WITH (FORCE)") }

    /// Waits for a checkpoint: on a slow disk for minutes.
    private static func administer(_ sql: String) throws {
        var configuration = try PostgresConfiguration(uri: TestServers.postgresURL)
        configuration.responseTimeoutMilliseconds = nil
        try PostgresConnection(configuration).execute(sql)
    }

    /// Three lanes at work at the same moment, each with a session of its own, round after round.
    func inLanes(
        rounds: Int, _ body: @escaping @Sendable (_ store: Store, _ lane: Int, _ round: Int) throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in 0..<3 {
                group.addTask {
                    try await onThread {
                        let store = try store()
                        for round in 0..<rounds { try body(store, lane, round) }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    func connect() throws -> PostgresConnection {
        var configuration = try PostgresConfiguration(uri: TestServers.postgresURL)
        configuration.database = name
        return try PostgresConnection(configuration)
    }

    func store() throws -> Store {
        try Store(connection: connect())
    }

    func queries() throws -> Queries {
        Queries(connection: try connect())
    }

    /// As if warehouses and sellers had been as they are for long: who waits is not looked at again for their sake.
    func letReferenceAge() throws {
        for table in ["warehouses", "sellers"] {
            try connect().execute("UPDATE \(table) SET updated_at = updated_at - interval '1 minute'")
        }
    }

    func count(_ sql: String) throws -> Int64 {
        try connect().query("SELECT count(*) FROM \(sql)").only().int64(0)
    }
}
