import Postgres
import Testing

@Suite("statements go out in one flight")
struct PipelineTests {
    @Test("results come in the order of the statements")
    func order() async throws {
        try await TestDatabase.use { database in
            let connection = try database.connect()
            let double = Statement("double", "SELECT $1 * 2")
            let results = try connection.pipeline { (pipeline) throws(PostgresError) in
                for number in 0..<100 {
                    let place = try pipeline.send(double, [.int8(Int64(number))])
                    #expect(place == number)
                }
            }
            let doubled = try results.map { try $0[0].int(0) }
            #expect(doubled == Array(stride(from: 0, to: 200, by: 2)))
            #expect(try connection.query("SELECT count(*) FROM pg_prepared_statements").only().int(0) == 1)
        }
    }

    @Test("an error skips the rest, and the connection is usable at once")
    func error() async throws {
        try await TestDatabase.use { database in
            let connection = try database.connect()
            try connection.execute("CREATE TABLE t (n int8)")
            let insert = Statement("insert", "INSERT INTO t VALUES ($1)")
            let divide = Statement("divide", "SELECT 1 / $1")
            let after = Statement("after", "SELECT 'after'")
            let error = failure {
                try connection.run([Call(insert, [.int8(1)]), Call(divide, [.int8(0)]), Call(after)])
            }
            #expect(error?.sqlState == "22012")
            #expect(error?.statement == "divide")
            #expect(connection.transactionStatus == .idle)
            #expect(try connection.query("SELECT count(*) FROM t").only().int(0) == 0, "a flight is all or nothing")
            #expect(try connection.run([Call(insert, [.int8(1)]), Call(divide, [.int8(1)]), Call(after)]).count == 3)
        }
    }

    @Test("an error in a transaction leaves it failed until it is rolled back")
    func errorInTransaction() async throws {
        try await TestDatabase.use { database in
            let connection = try database.connect()
            let error = failure {
                try connection.pipeline { (pipeline) throws(PostgresError) in
                    try pipeline.begin()
                    try pipeline.send(Statement(unprepared: "SELECT no_such_column"))
                    try pipeline.commit()
                }
            }
            #expect(error?.sqlState == "42703")
            #expect(error?.policy == .pause)
            #expect(connection.transactionStatus == .failed)
            try connection.rollback()
            #expect(connection.transactionStatus == .idle)
        }
    }

    @Test("COMMIT of a failed transaction is an error")
    func commitRefused() async throws {
        try await TestDatabase.use { database in
            let connection = try database.connect()
            try connection.begin()
            let division = failure { try connection.execute("SELECT 1 / 0") }
            #expect(division?.sqlState == "22012")
            let error = failure { try connection.commit() }
            #expect(error?.code == .commitRefused)
            #expect(error?.policy == .retryBatch)
            #expect(connection.transactionStatus == .idle)
        }
    }

    @Test("begin, work and commit fit into one flight")
    func oneFlight() async throws {
        try await TestDatabase.use { database in
            let connection = try database.connect()
            try connection.execute("CREATE TABLE t (n int8)")
            let results = try connection.pipeline { (pipeline) throws(PostgresError) in
                try pipeline.begin()
                try pipeline.send(Statement("insert", "INSERT INTO t VALUES ($1)"), [.int8(7)])
                try pipeline.commit()
            }
            #expect(results.map(\.commandTag) == ["BEGIN", "INSERT 0 1", "COMMIT"])
            #expect(connection.transactionStatus == .idle)
            #expect(try connection.query("SELECT n FROM t").only().int(0) == 7)
        }
    }

    @Test("what was sent before the caller gave up does not become permanent")
    func abandoned() async throws {
        try await TestDatabase.use { database in
            let connection = try database.connect()
            try connection.execute("CREATE TABLE t (n int8)")
            let error = failure {
                try connection.pipeline { (pipeline) throws(PostgresError) in
                    try pipeline.send(Statement("insert", "INSERT INTO t VALUES ($1)"), [.int8(7)])
                    try pipeline.send(Statement("text", "SELECT $1"), [.text("\u{0}")])
                }
            }
            #expect(error?.code == .invalidParameter)
            #expect(error?.statement == "text")
            #expect(try connection.query("SELECT count(*) FROM t").only().int(0) == 0)
        }
    }

    @Test("an empty flight is no error")
    func empty() async throws {
        try await TestDatabase.use { database in
            let results = try database.connect().run([])
            #expect(results.isEmpty)
        }
    }

    @Test("a name that stands for two texts or two lists of types is refused")
    func ambiguousName() async throws {
        try await TestDatabase.use { database in
            let connection = try database.connect()
            try connection.run(Statement("same", "SELECT $1"), [.int8(1)])
            expectFailure(.misuse) { try connection.run(Statement("same", "SELECT $1, 2"), [.int8(1)]) }
            expectFailure(.misuse) { try connection.run(Statement("same", "SELECT $1"), [.text("1")]) }
            #expect(try connection.run(Statement("same", "SELECT $1"), [.int8(2)])[0].int(0) == 2)
        }
    }

    @Test("a statement that could not be prepared is prepared anew when it is used again")
    func prepareAgain() async throws {
        try await TestDatabase.use { database in
            let connection = try database.connect()
            let late = Statement("late", "SELECT n FROM late")
            let error = failure { try connection.run(late) }
            #expect(error?.sqlState == "42P01")
            try connection.execute("CREATE TABLE late (n int8)")
            #expect(try connection.run(late).isEmpty)
        }
    }

    @Test("a plan that no longer fits asks for a new connection")
    func cachedPlan() async throws {
        try await TestDatabase.use { database in
            let connection = try database.connect()
            try connection.execute("CREATE TABLE t (n int8)")
            let all = Statement("all", "SELECT * FROM t")
            try connection.run(all)
            try connection.execute("ALTER TABLE t ADD COLUMN m int8")
            let error = failure { try connection.run(all) }
            #expect(error?.sqlState == "0A000")
            #expect(error?.policy == .reconnect)
        }
    }
}
