import Postgres
import TestServers
import Testing

/// A database of its own for one test, on the private server.
struct TestDatabase: Sendable {
    let name: String

    /// Runs a test on a thread of its own, with a fresh database that is dropped afterwards.
    static func use(_ body: @Sendable @escaping (TestDatabase) throws -> Void) async throws {
        try await onThread {
            let database = TestDatabase(name: TestServers.uniqueName("postgres"))
            try database.create()
            defer { database.drop() }
            try body(database)
        }
    }

    /// As `use`, for a test that starts threads of its own.
    static func useFromThreads(_ body: (TestDatabase) async throws -> Void) async throws {
        let database = TestDatabase(name: TestServers.uniqueName("postgres"))
        try await onThread { try database.create() }
        do {
            try await body(database)
        } catch {
            try await onThread { database.drop() }
            throw error
        }
        try await onThread { database.drop() }
    }

    private func create() throws { try Self.administer("CREATE DATABASE \(name)") }

    private func drop() { try? Self.administer("DROP DATABASE \(name) WITH (FORCE)") }

    /// Waits for a checkpoint: on a slow disk for minutes.
    private static func administer(_ sql: String) throws {
        var configuration = try PostgresConfiguration(uri: TestServers.postgresURL)
        configuration.responseTimeoutMilliseconds = nil
        try PostgresConnection(configuration).execute(sql)
    }

    func connect(_ adjust: (inout PostgresConfiguration) -> Void = { _ in }) throws -> PostgresConnection {
        var configuration = try PostgresConfiguration(uri: TestServers.postgresURL)
        configuration.database = name
        adjust(&configuration)
        return try PostgresConnection(configuration)
    }
}

/// Runs something that must fail, and returns how.
func failure(_ body: () throws -> Void) -> PostgresError? {
    do {
        try body()
        return nil
    } catch {
        return error as? PostgresError
    }
}

/// Expects a failure of this kind.
func expectFailure(
    _ code: PostgresError.Code, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) {
    let error = failure(body)
    #expect(error?.code == code, sourceLocation: sourceLocation)
}
