import Postgres
import TestServers
import Testing

@Suite("migrations bring a database to the program's schema")
struct MigratorTests {
    private static let list = [
        Migration(number: 1, name: "first", sql: "CREATE TABLE a (n int8);\nCREATE TABLE b (n int8);\n"),
        Migration(
            number: 2, name: "index", sql: "-- no transaction\nCREATE INDEX CONCURRENTLY IF NOT EXISTS a_n ON a (n);\n"),
        Migration(number: 3, name: "third", sql: "-- contract\nINSERT INTO a VALUES (1)"),
    ]

    @Test("pending ones are applied once, in order, and recorded")
    func applied() async throws {
        try await TestDatabase.use { database in
            let connection = try database.connect()
            let migrator = try Migrator(Self.list)
            #expect(try migrator.pending(on: connection).map(\.number) == [1, 2, 3])
            #expect(try connection.query("SELECT to_regclass('schema_migration') IS NULL").only().bool(0))
            expectFailure(.migration(.notMigrated)) { try migrator.requireCurrent(on: connection) }
            #expect(try migrator.migrate(connection).map(\.number) == [1, 2, 3])
            #expect(try migrator.migrate(connection).isEmpty)
            try migrator.requireCurrent(on: connection)
            let rows = try connection.query("SELECT number, name, applied_by FROM schema_migration ORDER BY number")
            let names = try rows.map { try $0.text(1) }
            #expect(names == ["first", "index", "third"])
            #expect(try connection.query("SELECT count(*) FROM a").only().int(0) == 1)
        }
    }

    @Test("the connection keeps its own time limits")
    func limits() async throws {
        try await TestDatabase.use { database in
            let connection = try database.connect {
                $0.lockTimeoutMilliseconds = 1_234
                $0.responseTimeoutMilliseconds = 5_678
            }
            try Migrator(Self.list).migrate(connection)
            #expect(try connection.query("SELECT current_setting('lock_timeout')").only().text(0) == "1234ms")
            #expect(connection.responseTimeoutMilliseconds == 5_678)
        }
    }

    @Test("one that fails leaves nothing of itself, and those before it stay")
    func failing() async throws {
        try await TestDatabase.use { database in
            let connection = try database.connect()
            let bad = Migration(number: 2, name: "bad", sql: "CREATE TABLE c (n int8); SELECT no_such_column;")
            let error = failure { try Migrator([Self.list[0], bad]).migrate(connection) }
            #expect(error?.sqlState == "42703")
            #expect(error?.message.hasPrefix("migration 2 bad: ") == true)
            #expect(connection.transactionStatus == .idle)
            #expect(try connection.query("SELECT to_regclass('c') IS NULL AND to_regclass('b') IS NOT NULL")[0].bool(0))
            #expect(try Migrator(Self.list).migrate(connection).map(\.number) == [2, 3])
        }
    }

    @Test("a schema that is older, newer, changed or has a gap is told apart")
    func faults() async throws {
        try await TestDatabase.use { database in
            let connection = try database.connect()
            try Migrator(Array(Self.list.prefix(2))).migrate(connection)
            let whole = try Migrator(Self.list)
            expectFailure(.migration(.behind([3]))) { try whole.requireCurrent(on: connection) }
            try whole.migrate(connection)
            let older = try Migrator(Array(Self.list.prefix(2)))
            expectFailure(.migration(.ahead(3))) { try older.requireCurrent(on: connection) }
            expectFailure(.migration(.ahead(3))) { try older.migrate(connection) }
            let changed = [Self.list[0], Self.list[1], Migration(number: 3, name: "third", sql: "SELECT 3")]
            expectFailure(.migration(.changed(3))) { try Migrator(changed).migrate(connection) }
            try connection.execute("DELETE FROM schema_migration WHERE number = 2")
            expectFailure(.migration(.gap(2))) { try whole.migrate(connection) }
            expectFailure(.migration(.badList)) { _ = try Migrator([Self.list[0], Self.list[2]]) }
        }
    }

    @Test("a program goes on with a newer schema that only adds, and is refused by one that takes away what it uses")
    func expandAndContract() async throws {
        try await TestDatabase.use { database in
            let connection = try database.connect()
            let steps =
                Self.list.prefix(1) + [
                    Migration(number: 2, name: "expand", sql: "ALTER TABLE a ADD COLUMN m int8"),
                    Migration(number: 3, name: "contract", sql: "-- contract, serves 2\nALTER TABLE a DROP COLUMN n"),
                    Migration(number: 4, name: "replace", sql: "-- contract\nDROP TABLE a"),
                ]
            func program(_ count: Int) throws -> Migrator { try Migrator(Array(steps.prefix(count))) }
            try program(2).migrate(connection)
            #expect(try program(1).requireCurrent(on: connection) == 2)
            #expect(try program(1).migrate(connection).isEmpty)
            #expect(try program(1).pending(on: connection).isEmpty)
            try program(3).migrate(connection)
            #expect(failure { try program(1).requireCurrent(on: connection) }?.code == .migration(.ahead(3)))
            #expect(failure { try program(1).migrate(connection) }?.code == .migration(.ahead(3)))
            #expect(try program(2).requireCurrent(on: connection) == 3)
            try program(4).migrate(connection)
            let error = failure { try program(3).requireCurrent(on: connection) }
            #expect(error?.message.contains("migration 4 replace took away") == true)
            #expect(error?.message.contains("update the program") == true)
        }
    }

    @Test("what a migration says in its first lines is read, and nothing else")
    func remarks() {
        func oldest(_ sql: String) -> Int { Migration(number: 12, name: "a", sql: sql).oldestServed }
        #expect(oldest("SELECT 1") == 1)
        #expect(oldest("-- contract\nSELECT 1") == 12)
        #expect(oldest("-- What it is for.\n-- contract, serves 11\nSELECT 1") == 11)
        #expect(oldest("-- no transaction\n-- contract\nSELECT 1") == 12)
        #expect(oldest("SELECT 1;\n-- contract\n") == 1)
        #expect(oldest("-- contract, serves 99\nSELECT 1") == 12)
        #expect(!Migration(number: 1, name: "a", sql: "-- contract\n-- no transaction\nSELECT 1").isTransactional)
    }

    @Test("many at once: one migrates, the others wait and find it done")
    func concurrent() async throws {
        try await TestDatabase.useFromThreads { database in
            let migrator = try Migrator(Self.list)
            let applied = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<4 {
                    group.addTask { try await onThread { try migrator.migrate(database.connect()).count } }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(applied.sorted() == [0, 0, 0, 3])
        }
    }

    @Test("another process that migrates for too long is named as the reason")
    func locked() async throws {
        try await TestDatabase.use { database in
            let holder = try database.connect()
            let connection = try database.connect()
            let canceller = try #require(holder.canceller)
            var migrator = try Migrator([Migration(number: 1, name: "slow", sql: "SELECT pg_sleep(600)")])
            migrator.turnTimeoutMilliseconds = 10
            let impatient = migrator
            var error: PostgresError?
            holder.waiter = { (_) throws(PostgresError) in
                if error == nil, try isAtWork(connection) {
                    error = failure { try impatient.migrate(connection) }
                    canceller.cancel()
                }
                try connection.query("SELECT pg_sleep(0.005)")
            }
            #expect(failure { try migrator.migrate(holder) }?.sqlState == .queryCanceled)
            holder.waiter = { wait in wait.poll() }
            #expect(error?.code == .migration(.locked))
        }
    }

    @Test("a lock on a table that does not come ends the migration instead of blocking everyone")
    func tableLock() async throws {
        try await TestDatabase.use { database in
            let holder = try database.connect()
            let connection = try database.connect()
            try Migrator([Self.list[0]]).migrate(connection)
            try holder.begin()
            try holder.execute("LOCK TABLE a IN ACCESS SHARE MODE")
            let alter = Migration(number: 2, name: "alter", sql: "ALTER TABLE a ADD COLUMN m int8")
            var migrator = try Migrator([Self.list[0], alter])
            migrator.lockTimeoutMilliseconds = 50
            let error = failure { try migrator.migrate(connection) }
            #expect(error?.sqlState == .lockNotAvailable)
            try holder.rollback()
            #expect(try migrator.migrate(connection).count == 1)
        }
    }

    @Test("line endings do not change a checksum, the SQL does")
    func checksum() {
        let unix = Migration(number: 1, name: "a", sql: "SELECT 1;\n\nSELECT 2;\n")
        let windows = Migration(number: 1, name: "b", sql: "SELECT 1;\r\n\r\nSELECT 2;\r\n")
        let other = Migration(number: 1, name: "a", sql: "SELECT 1;\nSELECT 2;\n")
        #expect(unix.checksum == windows.checksum)
        #expect(unix.checksum != other.checksum)
        #expect(Migration(number: 1, name: "", sql: "").checksum == "cbf29ce484222325")
    }
}

/// Whether someone's migration runs in the database.
private func isAtWork(_ connection: PostgresConnection) throws(PostgresError) -> Bool {
    try connection.query(
        """
        SELECT EXISTS (SELECT FROM pg_stat_activity
            WHERE datname = current_database() AND state = 'active' AND query = 'SELECT pg_sleep(600)')
        """
    ).only().bool(0)
}
