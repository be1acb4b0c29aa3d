import OrderStore
import Postgres
import TestServers

/// A migrated database of its own for one test, on the private server.
struct TestStore: Sendable {
    let name: String

    /// Runs a test on a thread of its own, with a fresh database that is dropped afterwards.
    static func use(_ body: @Sendable @escaping (TestStore) throws -> Void) async throws {
        try await useFromThreads { database in try await onThread { try body(database) } }
    }

    /// As `use`, for a test that starts threads of its own.
    static func useFromThreads(_ body: (TestStore) async throws -> Void) async throws {
        let database = TestStore(name: TestServers.uniqueName("store"))
        try await administer("CREATE DATABASE \(database.name)")
        do {
            try await onThread { _ = try Migrator(Migrations.all).migrate(database.connect()) }
            try await body(database)
        } catch {
            try await administer("DROP DATABASE \(database.name) WITH (FORCE)")
            throw error
        }
        try await administer("DROP DATABASE \(database.name) WITH (FORCE)")
    }

    private static func administer(_ sql: String) async throws {
        try await onThread {
            try PostgresConnection(PostgresConfiguration(uri: TestServers.postgresURL)).execute(sql)
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

    func count(_ sql: String) throws -> Int64 {
        try connect().query("SELECT count(*) FROM \(sql)").only().int64(0)
    }
}
