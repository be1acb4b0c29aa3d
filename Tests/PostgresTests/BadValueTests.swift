import Postgres
import Testing

@Suite("values that don't fit are refused by name")
struct BadValueTests {
    @Test("a NUL byte in a text is an error that names the parameter, and nothing is sent")
    func nulInText() async throws {
        try await TestDatabase.use { database in
            let connection = try database.connect()
            let error = failure { try connection.query("SELECT $1, $2", [.int8(1), .text("a\u{0}b")]) }
            #expect(error?.code == .invalidParameter)
            #expect(error?.message.contains("parameter $2") == true)
            #expect(error?.policy == .dataFault)
            #expect(connection.transactionStatus == .idle)
            #expect(try connection.query("SELECT 1").count == 1)
        }
    }

    @Test("a NUL byte in a column is an error that names the element")
    func nulInColumn() async throws {
        try await TestDatabase.use { database in
            let connection = try database.connect()
            let error = failure { try connection.query("SELECT $1", [.textArray(["a", "b\u{0}", "c"])]) }
            #expect(error?.message.contains("element 2 of parameter $1") == true)
            #expect(error?.sqlState == .characterNotInRepertoire)
        }
    }

    @Test("a number that doesn't fit its column is an error, not another number")
    func range() async throws {
        try await TestDatabase.use { database in
            let connection = try database.connect()
            for column in [
                ArrayColumn(.int4, [Int64.max]), ArrayColumn(.int2, [40_000]), ArrayColumn(.int8, [UInt64.max]),
            ] {
                let error = failure { try connection.query("SELECT $1", [.array(column)]) }
                #expect(error?.sqlState == .numericValueOutOfRange)
            }
            for extreme in [ArrayColumn(.timestamptz, [Int64.min]), ArrayColumn(.date, [Int64.min])] {
                let error = failure { try connection.query("SELECT $1", [.array(extreme)]) }
                #expect(error?.policy == .dataFault)
            }
            let mixed = ArrayColumn(.int8, ["five"])
            expectFailure(.misuse) { try connection.query("SELECT $1", [.array(mixed)]) }
        }
    }

    @Test("bytes that are no UTF-8 are refused by the server as bad data")
    func utf8() async throws {
        try await TestDatabase.use { database in
            let connection = try database.connect()
            let error = failure { try connection.query("SELECT $1", [.utf8([0xC3, 0x28])]) }
            #expect(error?.sqlState == .characterNotInRepertoire)
            #expect(error?.policy == .dataFault)
        }
    }

    @Test("a column of another type, a NULL and a column too many are errors that name the column")
    func wrongColumn() async throws {
        try await TestDatabase.use { database in
            let row = try database.connect().query("SELECT 1::int8 AS amount, NULL::text AS note").only()
            let wrong = failure { _ = try row.text(0) }
            #expect(wrong?.code == .wrongType)
            #expect(wrong?.column == "amount")
            expectFailure(.wrongType) { _ = try row.int32(0) }
            expectFailure(.wrongType) { _ = try row.timestamp(0) }
            let null = failure { _ = try row.text(1) }
            #expect(null?.code == .unexpectedNull)
            #expect(null?.message == #"column "note" is NULL"#)
            expectFailure(.misuse) { _ = try row.text(2) }
            expectFailure(.misuse) { _ = try row.text(-1) }
        }
    }

    @Test("what an error prints does not quote the data")
    func privacy() async throws {
        try await TestDatabase.use { database in
            let connection = try database.connect()
            let malformed = failure { try connection.query("SELECT $1::text::int8", [.text("Jane Doe")]) }
            #expect(malformed?.sqlState == "22P02")
            #expect(malformed?.description.contains("Jane") == false)
            try connection.execute("CREATE TABLE person (name text PRIMARY KEY)")
            try connection.query("INSERT INTO person VALUES ($1)", [.text("Jane Doe")])
            let duplicate = failure { try connection.query("INSERT INTO person VALUES ($1)", [.text("Jane Doe")]) }
            #expect(duplicate?.sqlState == .uniqueViolation)
            #expect(duplicate?.constraint == "person_pkey")
            #expect(duplicate?.table == "person")
            #expect(duplicate?.detail?.contains("Jane") == true)
            #expect(duplicate?.description.contains("Jane") == false)
        }
    }
}
