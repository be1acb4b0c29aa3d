import Postgres
import TestServers
import Testing

@Suite("a connection that breaks says so")
struct LostConnectionTests {
    @Test("killed while a statement runs")
    func killedMidway() async throws {
        try await TestDatabase.use { database in
            let connection = try database.connect()
            let killer = try database.connect()
            var killed = false
            try connection.begin()
            connection.waiter = { wait in
                if !killed {
                    killed = true
                    _ = try? killer.query("SELECT pg_terminate_backend($1)", [.int4(connection.backendPID)])
                }
                wait.poll()
            }
            let error = failure { try connection.query("SELECT pg_sleep(60)") }
            connection.waiter = { wait in wait.poll() }
            #expect(error?.isConnectionLost == true)
            #expect(error?.policy == .reconnect)
            #expect(error?.isOutcomeUnknown == false, "inside a transaction nothing can have been committed")
            #expect(!connection.isAlive)
            expectFailure(.connectionLost) { try connection.query("SELECT 1") }
        }
    }

    @Test("killed while a commit is under way: the outcome is unknown")
    func killedInCommit() async throws {
        try await TestDatabase.use { database in
            let connection = try database.connect()
            try connection.execute(
                """
                CREATE TABLE t (n int8);
                CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(60); RETURN NULL; END $$;
                CREATE CONSTRAINT TRIGGER dawdle AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED
                    FOR EACH ROW EXECUTE FUNCTION dawdle();
                """)
            let killer = try database.connect()
            try connection.begin()
            try connection.query("INSERT INTO t VALUES (1)")
            connection.waiter = { wait in
                _ = try? killer.query("SELECT pg_terminate_backend($1)", [.int4(connection.backendPID)])
                wait.poll()
            }
            let error = failure { try connection.commit() }
            connection.waiter = { wait in wait.poll() }
            #expect(error?.isConnectionLost == true)
            #expect(error?.isOutcomeUnknown == true)
        }
    }

    @Test("killed while idle: noticed by reading, and by the next statement")
    func killedIdle() async throws {
        try await TestDatabase.use { database in
            let killer = try database.connect()
            let first = try database.connect()
            let second = try database.connect()
            for connection in [first, second] {
                try killer.query("SELECT pg_terminate_backend($1)", [.int4(connection.backendPID)])
            }
            try waitUntil("the end of the session is noticed", within: 90) { failure { try first.readIdle() } != nil }
            #expect(!first.isAlive)
            try waitUntil("both sessions have ended", within: 90) {
                try killer.query(
                    "SELECT 1 FROM pg_stat_activity WHERE pid = $1", [.int4(second.backendPID)]
                ).isEmpty
            }
            let error = failure { try second.execute("SELECT 1") }
            #expect(error?.isConnectionLost == true)
            #expect(error?.policy == .reconnect)
        }
    }

    @Test("a closed connection is a lost one")
    func closed() async throws {
        try await TestDatabase.use { database in
            let connection = try database.connect()
            connection.close()
            connection.close()
            #expect(!connection.isAlive)
            #expect(connection.descriptor == nil)
            #expect(connection.transactionStatus == .unknown)
            expectFailure(.connectionLost) { try connection.execute("SELECT 1") }
        }
    }
}
