import Postgres
import TestServers
import Testing

@Suite("Doctor, disturbed", .serialized)
struct DoctorDisruptionTests {
    @Test("tells frozen servers from those that answer, and is not frozen itself")
    func frozen() async throws {
        try await onThread {
            let pair = try ServerPair.start(TestServers.uniqueName("doc"))
            let result = Swift.Result { try examine(pair) }
            try pair.stop()
            try result.get()
        }
    }

    @Test("names a prepared transaction that nobody ends, which outlives a restart")
    func prepared() async throws {
        try await onThread {
            let pair = try ServerPair.start(TestServers.uniqueName("doc"))
            let result = Swift.Result { try prepare(pair) }
            try pair.stop()
            try result.get()
        }
    }

    private func prepare(_ pair: ServerPair) throws {
        let configuration = try PostgresConfiguration(uri: pair.postgresURL)
        let before = try PostgresConnection(configuration)
        // What ALTER SYSTEM sets is written anew with each start of a private server.
        try before.query("COPY (SELECT 'max_prepared_transactions = 2') TO PROGRAM 'cat >> postgresql.conf'")
        before.close()
        try pair.postgres.restart()
        let program = Program(environment: [
            "ORDERFLOW_POSTGRES_URL": pair.postgresURL, "ORDERFLOW_AMQP_URL": pair.amqpURL,
        ])
        #expect(try program.run("migrate").status == 0)
        let session = try PostgresConnection(configuration)
        try session.begin()
        try session.execute("UPDATE epochs SET reason = 'half done'")
        try session.execute("PREPARE TRANSACTION 'half done'")
        session.close()
        try pair.postgres.restart()
        try waitUntil("doctor names it") {
            let found = try program.run("doctor", "--patience", "1").output
            return found.contains("'half done' of user") && found.contains("ROLLBACK PREPARED 'half done'")
        }
    }

    private func examine(_ pair: ServerPair) throws {
        let program = Program(environment: [
            "ORDERFLOW_POSTGRES_URL": pair.postgresURL, "ORDERFLOW_AMQP_URL": pair.amqpURL,
        ])
        #expect(try program.run("migrate").status == 0)
        #expect(try program.run("doctor", "--quick").status == 0)
        try pair.postgres.freeze()
        try pair.broker.freeze()
        let frozen = try program.run("doctor", "--quick")
        try pair.postgres.thaw()
        try pair.broker.thaw()
        #expect(frozen.status == 3, "\(frozen.summary)")
        #expect(frozen.output.contains("away     database"), "\(frozen.summary)")
        #expect(frozen.output.contains("away     broker"), "\(frozen.summary)")
        try waitUntil("both to answer again") { try program.run("doctor", "--quick").status == 0 }
    }
}
