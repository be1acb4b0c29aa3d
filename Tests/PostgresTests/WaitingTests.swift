import Postgres
import TestServers
import Testing

@Suite("waiting leaves the thread free for other work")
struct WaitingTests {
    @Test("the waiter runs while a statement does, and can use another connection")
    func otherWork() async throws {
        try await TestDatabase.use { database in
            let connection = try database.connect()
            let other = try database.connect()
            try other.execute("SELECT pg_advisory_lock(1)")
            var answers = 0
            connection.waiter = { (wait) throws(PostgresError) in
                // What the statement waits for comes only from here.
                if answers == 0 { answers += try other.query("SELECT pg_advisory_unlock(1)").count }
                wait.poll()
            }
            #expect(try connection.query("SELECT pg_advisory_lock(1), 42").only().int(1) == 42)
            #expect(answers == 1)
        }
    }

    @Test("a waiter that returns early is asked again")
    func spurious() async throws {
        try await TestDatabase.use { database in
            let connection = try database.connect()
            let other = try database.connect()
            try other.execute("SELECT pg_advisory_lock(1)")
            var turns = 0
            connection.waiter = { (_) throws(PostgresError) in
                turns += 1
                if turns == 100 { try other.execute("SELECT pg_advisory_unlock(1)") }
            }
            #expect(try connection.query("SELECT pg_advisory_lock(1)").count == 1)
            #expect(turns >= 100)
        }
    }

    @Test("a server that does not answer before the deadline counts as gone")
    func deadline() async throws {
        try await TestDatabase.use { database in
            let connection = try database.connect { $0.responseTimeoutMilliseconds = 200 }
            let error = failure { try connection.query("SELECT pg_sleep(60)") }
            #expect(error?.code == .timedOut)
            #expect(error?.isConnectionLost == true)
            #expect(error?.isOutcomeUnknown == true)
            #expect(!connection.isAlive)
        }
    }

    @Test("a waiter that gives up ends the connection, in simple commands too")
    func interrupted() async throws {
        try await TestDatabase.use { database in
            for simple in [true, false] {
                let connection = try database.connect()
                connection.waiter = { (_) throws(PostgresError) in
                    throw PostgresError(.interrupted, "shutting down")
                }
                let error = failure {
                    if simple { try connection.execute("SELECT 1") } else { try connection.query("SELECT 1") }
                }
                #expect(error?.code == .interrupted)
                #expect(!connection.isAlive)
            }
        }
    }

    @Test("a waiter that uses its own connection is refused")
    func reentrant() async throws {
        try await TestDatabase.use { database in
            let connection = try database.connect()
            var refusal: PostgresError?
            connection.waiter = { wait in
                refusal = refusal ?? failure { try connection.query("SELECT 2") }
                wait.poll()
            }
            #expect(try connection.query("SELECT 1").only().int(0) == 1)
            #expect(refusal?.code == .misuse)
            connection.waiter = { wait in wait.poll() }
        }
    }

    @Test("another thread cancels what runs")
    func cancel() async throws {
        try await TestDatabase.use { database in
            let connection = try database.connect()
            let other = try database.connect()
            let canceller = try #require(connection.canceller)
            // A request that arrives before the statement does is lost, so it is made again and again.
            connection.waiter = { (_) throws(PostgresError) in
                canceller.cancel()
                try other.query("SELECT pg_sleep(0.01)")
            }
            let error = failure { try connection.query("SELECT pg_sleep(60)") }
            #expect(error?.sqlState == .queryCanceled)
            #expect(connection.isAlive)
        }
    }

    @Test("notices go to whoever listens")
    func notices() async throws {
        try await TestDatabase.use { database in
            let connection = try database.connect()
            var heard: [String] = []
            try connection.execute("DO $$ BEGIN RAISE NOTICE 'unheard'; END $$")
            connection.onNotice = { heard.append($0) }
            try connection.execute("DO $$ BEGIN RAISE NOTICE 'hello'; END $$")
            #expect(heard.count == 1)
            #expect(heard.first?.contains("hello") == true)
        }
    }
}
