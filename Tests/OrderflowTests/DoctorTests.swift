import AMQP
import Postgres
import TestServers
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

    @Test(
        "finds the queue missing of a receiver that the rules name; topology check too, and topology declare makes it")
    func namedReceiver() async throws {
        try await Installation.use { installation in
            try installation.setUp()
            let folder = try Folder()
            defer { folder.remove() }
            let rules = "rules: [{name: crm, phase: output, when: {event: order.completed}, then: {tell: crm}}]"
            try folder.write("file.yaml", rules)
            let program = installation.program
            #expect(try program.run("doctor").output.contains("there are none"))
            let publish = ["rules", "publish", folder.path(""), "--by", "ann", "--note", "a test", "--yes"]
            #expect(try program.run(publish).status == 0)
            let found = try program.run("doctor")
            #expect(found.status == 1 && found.output.contains("missing: queue 'crm.events'"), "\(found.summary)")
            #expect(found.output.contains("v1: 1 rule"), "\(found.summary)")
            let checked = try program.run("topology", "check")
            #expect(checked.status == 1 && checked.output.contains("crm.events"), "\(checked.summary)")
            #expect(try program.run("topology", "export").output.contains(#""name":"crm.events""#))
            #expect(try program.run("topology", "declare").status == 0)
            #expect(try program.run("topology", "check").status == 0)
            let mended = try program.run("doctor")
            #expect(mended.status == 0, "\(mended.summary)")
        }
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

    @Test("names the session whose transaction is open for long, what that does, and how to end it")
    func oldTransaction() async throws {
        try await Installation.use { installation in
            try installation.setUp()
            let culprit = try installation.connect()
            try culprit.execute(
                "SET application_name = 'night report'; CREATE TABLE t (n int); INSERT INTO t VALUES (1)")
            try culprit.begin()
            try culprit.execute("UPDATE t SET n = 2")
            let pid = try culprit.query("SELECT pg_backend_pid()").only().int64(0)
            let held = try installation.connect()
            try waitUntil("it is old enough") {
                try held.query(
                    "SELECT now() - xact_start > interval '6 seconds' FROM pg_stat_activity WHERE pid = \(pid)"
                ).only().bool(0)
            }
            let found = try installation.program.run("doctor", "--patience", "5")
            #expect(found.status == 0, "a warning only: \(found.summary)")
            for text in [
                "warning  transactions", "process \(pid) (user orderflow, night report, from",
                "is idle in transaction for",
                "(SELECT), its transaction open since", "rows that have died since can't be removed from any table",
                "SELECT pg_terminate_backend(\(pid))", "ALTER ROLE orderflow SET idle_in_transaction_session_timeout",
            ] {
                #expect(found.output.contains(text), "\(text): \(found.summary)")
            }
            #expect(
                try installation.program.run("doctor").output.contains("ok       transactions"), "not old by default")
            try culprit.rollback()
        }
    }

    @Test("names the session that others wait for")
    func blocker() async throws {
        try await Installation.use { installation in
            try installation.setUp()
            let culprit = try installation.connect()
            let waiting = try installation.connect()
            try culprit.begin()
            try culprit.execute("LOCK TABLE holds IN ACCESS EXCLUSIVE MODE")
            let pid = try culprit.query("SELECT pg_backend_pid()").only().int64(0)
            var found: Program.Result?
            waiting.waiter = { (wait) throws(PostgresError) in
                if found == nil {
                    let age = try culprit.query(
                        "SELECT clock_timestamp() - xact_start > interval '6 seconds' FROM pg_stat_activity WHERE pid = pg_backend_pid()"
                    )
                    if try age.only().bool(0) {
                        found = try? installation.program.run("doctor")
                        try culprit.rollback()
                    } else {
                        try culprit.query("SELECT pg_sleep(0.1)")
                    }
                } else {
                    wait.poll()
                }
            }
            try waiting.query("SELECT count(*) FROM holds")
            let output = found?.output ?? ""
            #expect(output.contains("warning  locks"), "\(output)")
            #expect(
                output.contains("process \(pid) ") && output.contains("1 sessions wait for it (holds)"), "\(output)")
        }
    }

    @Test("names a replication slot that nobody reads")
    func slot() async throws {
        let name = TestServers.uniqueName("slot")
        try await expect(
            "physical slot \(name) (nobody reads it) holds back", mend: "SELECT pg_drop_replication_slot('\(name)')",
            status: 0,
            after: { installation in
                try installation.connect().query("SELECT pg_create_physical_replication_slot('\(name)', true)")
            })
        try await onThread {
            let server = try PostgresConnection(PostgresConfiguration(uri: TestServers.postgresURL))
            try server.query("SELECT pg_drop_replication_slot('\(name)')")
        }
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
