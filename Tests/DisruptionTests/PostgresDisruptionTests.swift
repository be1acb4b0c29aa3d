import Postgres
import TestServers
import Testing

@Suite("a PostgreSQL server that freezes or dies", .serialized)
struct PostgresDisruptionTests {
    @Test(
        "a frozen server does not hold a thread beyond the deadline, plain or with TLS",
        arguments: ["disable", "require"])
    func frozen(sslMode: String) async throws {
        try await withServer { pair in
            var configuration = try PostgresConfiguration(uri: pair.postgresURL + "?sslmode=" + sslMode)
            configuration.responseTimeoutMilliseconds = 3_000
            configuration.connectTimeoutSeconds = 10
            let connection = try PostgresConnection(configuration)
            let committing = try PostgresConnection(configuration)
            try committing.begin()
            try pair.postgres.freeze()
            defer { try? pair.postgres.thaw() }

            let text = String(repeating: "x", count: 20_000_000)
            let sending = failure { try connection.query("SELECT $1", [.text(text)]) }
            #expect(sending?.code == .timedOut, "the socket's buffer is full, so sending waits too")
            #expect(!connection.isAlive)

            let commit = failure { try committing.commit() }
            #expect(commit?.code == .timedOut)
            #expect(commit?.isOutcomeUnknown == true)
            #expect(commit?.policy == .reconnect)

            let connecting = failure { _ = try PostgresConnection(configuration) }
            #expect(connecting?.code == .connectFailed)
            #expect(connecting?.policy == .reconnect)

            try pair.postgres.thaw()
            #expect(try PostgresConnection(configuration).query("SELECT 1").count == 1)
        }
    }

    @Test("other work goes on while a frozen server is waited for")
    func otherWork() async throws {
        try await withServer { pair in
            let connection = try PostgresConnection(PostgresConfiguration(uri: pair.postgresURL))
            try pair.postgres.freeze()
            defer { try? pair.postgres.thaw() }
            var turns = 0
            connection.waiter = { (_) throws(PostgresError) in
                turns += 1
                if turns == 1_000 { throw PostgresError(.interrupted, "enough") }
            }
            let error = failure { try connection.query("SELECT 1") }
            #expect(error?.code == .interrupted)
            #expect(turns == 1_000)
        }
    }

    @Test("a killed server is a lost connection, and one that starts again is found")
    func killed() async throws {
        try await withServer { pair in
            let configuration = try PostgresConfiguration(uri: pair.postgresURL)
            let connection = try PostgresConnection(configuration)
            var isKilled = false
            connection.waiter = { wait in
                if !isKilled {
                    isKilled = true
                    try? pair.postgres.kill9()
                }
                wait.poll()
            }
            let lost = failure { try connection.query("SELECT pg_sleep(60)") }
            #expect(lost?.isConnectionLost == true)
            #expect(lost?.policy == .reconnect)
            let refused = failure { _ = try PostgresConnection(configuration) }
            #expect(refused?.code == .connectFailed)
            #expect(refused?.policy == .reconnect)
            try pair.postgres.start()
            #expect(try PostgresConnection(configuration).query("SELECT 1").count == 1)
        }
    }

    /// A pair of servers for one test, on a thread of its own.
    private func withServer(_ body: @Sendable @escaping (ServerPair) throws -> Void) async throws {
        try await onThread {
            let pair = try ServerPair.start(TestServers.uniqueName("pg"))
            defer { try? pair.stop() }
            try body(pair)
        }
    }

    private func failure(_ body: () throws -> Void) -> PostgresError? {
        do {
            try body()
            return nil
        } catch {
            return error as? PostgresError
        }
    }
}
