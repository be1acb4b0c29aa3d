import Postgres
import TestServers
import Testing

@Suite("each fault has one policy")
struct FaultPolicyTests {
    @Test(
        "by SQLSTATE",
        arguments: [
            ("40001", FaultPolicy.retryBatch), ("40P01", .retryBatch), ("57014", .retryBatch), ("23505", .retryBatch),
            ("55P03", .lockTimeout),
            ("08006", .reconnect), ("57P01", .reconnect), ("57P02", .reconnect), ("57P03", .reconnect),
            ("57P05", .reconnect), ("25P03", .reconnect), ("53300", .reconnect), ("25006", .reconnect),
            ("26000", .reconnect),
            ("53100", .pause), ("53200", .pause), ("53400", .pause), ("58030", .pause), ("XX000", .pause),
            ("28P01", .pause), ("3D000", .pause), ("42P01", .pause), ("42703", .pause), ("0A000", .pause),
            ("21000", .pause), ("23514", .pause), ("08P01", .pause), ("25P02", .pause), ("99999", .pause),
            ("22003", .dataFault), ("22P05", .dataFault), ("23502", .dataFault), ("23503", .dataFault),
            ("54000", .dataFault),
        ])
    func table(state: String, policy: FaultPolicy) {
        #expect(PostgresError(.server, "", sqlState: SQLState(rawValue: state)).policy == policy)
    }

    @Test("a lock that does not come")
    func lockTimeout() async throws {
        try await TestDatabase.use { database in
            let holder = try database.connect()
            let waiter = try database.connect { $0.lockTimeoutMilliseconds = 50 }
            try holder.execute("CREATE TABLE t (n int8); INSERT INTO t VALUES (1)")
            try holder.begin()
            try holder.execute("UPDATE t SET n = 2")
            let error = failure { try waiter.query("UPDATE t SET n = 3") }
            #expect(error?.sqlState == .lockNotAvailable)
            #expect(error?.policy == .lockTimeout)
        }
    }

    @Test("a statement that takes too long")
    func statementTimeout() async throws {
        try await TestDatabase.use { database in
            let connection = try database.connect { $0.statementTimeoutMilliseconds = 50 }
            let error = failure { try connection.query("SELECT pg_sleep(60)") }
            #expect(error?.sqlState == .queryCanceled)
            #expect(error?.policy == .retryBatch)
            #expect(connection.isAlive)
        }
    }

    @Test("a transaction left idle too long loses its connection")
    func idleInTransaction() async throws {
        try await TestDatabase.use { database in
            let connection = try database.connect { $0.idleInTransactionTimeoutMilliseconds = 50 }
            try connection.begin()
            try waitUntil("the session is ended", within: 90) { failure { try connection.readIdle() } != nil }
            #expect(!connection.isAlive)
        }
    }

    @Test("of two transactions that wait for each other, one may try again")
    func deadlock() async throws {
        try await TestDatabase.use { database in
            let first = try database.connect()
            let second = try database.connect()
            try first.execute("CREATE TABLE t (id int8 PRIMARY KEY, n int8); INSERT INTO t VALUES (1, 0), (2, 0)")
            let update = Statement("update", "UPDATE t SET n = n + 1 WHERE id = $1")
            for connection in [first, second] {
                try connection.execute("SET deadlock_timeout = '100ms'")
                try connection.begin()
            }
            try first.run(update, [.int8(1)])
            try second.run(update, [.int8(2)])
            // While the first waits for the second, the second asks for what the first holds.
            var errors: [PostgresError?] = []
            var isNested = false
            first.waiter = { wait in
                if !isNested {
                    isNested = true
                    errors.append(failure { try second.run(update, [.int8(1)]) })
                    try? second.rollback()
                }
                wait.poll()
            }
            errors.append(failure { try first.run(update, [.int8(2)]) })
            let faults = errors.compactMap { $0 }
            #expect(faults.map(\.sqlState) == [.deadlockDetected])
            #expect(faults.map(\.policy) == [.retryBatch])
        }
    }

    @Test("a missing partition is a matter of set-up, a broken check a matter of data")
    func partition() async throws {
        try await TestDatabase.use { database in
            let connection = try database.connect()
            try connection.execute(
                "CREATE TABLE log (day date) PARTITION BY RANGE (day); CREATE TABLE t (n int8 CHECK (n > 0))")
            let missing = failure { try connection.query("INSERT INTO log VALUES ($1)", [.date(0)]) }
            #expect(missing?.sqlState == .checkViolation)
            #expect(missing?.policy == .pause)
            let broken = failure { try connection.query("INSERT INTO t VALUES ($1)", [.int8(0)]) }
            #expect(broken?.sqlState == .checkViolation)
            #expect(broken?.policy == .dataFault)
            #expect(broken?.constraint == "t_n_check")
        }
    }
}
