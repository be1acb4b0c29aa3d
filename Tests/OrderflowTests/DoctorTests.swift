import AMQP
import Postgres
import Testing

@Suite("Doctor")
struct DoctorTests {
    /// Breaks something in a sound installation, and expects doctor to find it and to name the way out.
    private func expect(
        _ finding: String, mend: String, status: Int32, sourceLocation: SourceLocation = #_sourceLocation,
        after harm: @Sendable @escaping (Installation) throws -> Void
    ) async throws {
        try await Installation.use { installation in
            try installation.setUp()
            #expect(try installation.program.run("doctor").status == 0, sourceLocation: sourceLocation)
            try harm(installation)
            let result = try installation.program.run("doctor")
            #expect(result.status == status, "\(result.summary)", sourceLocation: sourceLocation)
            #expect(result.output.contains(finding), "\(result.summary)", sourceLocation: sourceLocation)
            #expect(result.output.contains(mend), "\(result.summary)", sourceLocation: sourceLocation)
        }
    }

    @Test("finds that today's partition is missing")
    func partition() async throws {
        try await expect(
            "wrong    partitions", mend: "make_log_partitions(7)", status: 1,
            after: { installation in
                try installation.connect().execute(
                    """
                    DO $$ BEGIN
                        EXECUTE 'DROP TABLE message_log_' || to_char(now() AT TIME ZONE 'UTC', 'YYYYMMDD');
                    END $$
                    """)
            })
    }

    @Test("finds a queue with other arguments, and names the argument")
    func queueArguments() async throws {
        try await expect(
            "x-dead-letter-exchange is none, and should be", mend: "delete it, run `orderflow topology declare`",
            status: 1,
            after: { installation in
                let connection = try installation.connectBroker()
                try connection.deleteQueue("orders.internal")
                try connection.declare(.quorum("orders.internal", arguments: ["x-delivery-limit": 5]))
                connection.close()
            })
    }

    @Test("finds a missing binding")
    func binding() async throws {
        try await expect(
            "missing: binding 'orderflow.in' to 'staff.commands'", mend: "`orderflow topology declare`", status: 1,
            after: { installation in
                let connection = try installation.connectBroker()
                try connection.unbind(
                    Binding(exchange: "orderflow.in", queue: "staff.commands", routingKey: "staff.command"))
                connection.close()
            })
    }

    @Test("finds a database that may lose what it has acknowledged")
    func settings() async throws {
        try await expect(
            "synchronous_commit is off", mend: "set synchronous_commit = on", status: 1,
            after: { installation in
                try installation.connect().execute(
                    "ALTER DATABASE \(installation.name) SET synchronous_commit = off")
            })
    }

    @Test("warns of what waits for a decision, and stays at 0")
    func dead() async throws {
        try await expect(
            "warning  dead messages  1 wait for a decision", mend: "`orderflow dead groups`", status: 0,
            after: { installation in
                try installation.connect().execute(
                    """
                    INSERT INTO dead_messages (queue, headers, body, body_length, body_hash, reason, fingerprint)
                    VALUES ('orders.internal', '{}', '', 0, gen_random_uuid(), 'no JSON', 'f')
                    """)
            })
    }
}
