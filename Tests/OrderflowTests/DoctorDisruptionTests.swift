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
