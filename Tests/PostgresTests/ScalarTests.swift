import Postgres
import Testing

@Suite("values go to the server and come back as they were")
struct ScalarTests {
    @Test("every scalar type, with its smallest and largest value")
    func scalars() async throws {
        try await TestDatabase.use { database in
            let connection = try database.connect()
            let uuid = PostgresUUID(high: 0x0123_4567_89ab_cdef, low: 0xfedc_ba98_7654_3210)
            let row = try connection.query(
                "SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10",
                [
                    .bool(true), .int2(.min), .int4(.max), .int8(.min), .text("żółw 東京 👩‍👩‍👧"), .bytea([0, 1, 255]),
                    .uuid(uuid), .timestamptz(1_700_000_000_123_456), .date(19_675), .jsonb(#"{"a": [1, "ß"]}"#),
                ]
            ).only()
            #expect(try row.bool(0))
            #expect(try row.int64(1) == Int64(Int16.min))
            #expect(try row.int32(2) == .max)
            #expect(try row.int64(3) == .min)
            #expect(try row.text(4) == "żółw 東京 👩‍👩‍👧")
            #expect(try row.bytes(5) == [0, 1, 255])
            #expect(try row.uuid(6) == uuid)
            #expect(try row.timestamp(7) == 1_700_000_000_123_456)
            #expect(try row.date(8) == 19_675)
            #expect(try row.text(9) == #"{"a": [1, "ß"]}"#)
        }
    }

    @Test("the server reads them as the same values")
    func meaning() async throws {
        try await TestDatabase.use { database in
            let connection = try database.connect()
            try connection.execute("SET TimeZone = 'UTC'")
            let row = try connection.query(
                "SELECT $1::text, $2::text, $3::text",
                [.timestamptz(0), .date(-1), .uuid(PostgresUUID(high: 1, low: 2))]
            ).only()
            #expect(try row.text(0) == "1970-01-01 00:00:00+00")
            #expect(try row.text(1) == "1969-12-31")
            #expect(try row.text(2) == PostgresUUID(high: 1, low: 2).description)
        }
    }

    @Test("NULL of every type is nil")
    func nulls() async throws {
        try await TestDatabase.use { database in
            let row = try database.connect().query(
                "SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11",
                [
                    .bool(nil), .int2(nil), .int4(nil), .int8(nil), .text(nil), .bytea(nil), .uuid(nil),
                    .timestamptz(nil), .date(nil), .jsonb(nil), .nullArray(.text),
                ]
            ).only()
            let nulls = (0...10).filter { row.isNull($0) }
            #expect(nulls.count == 11)
            #expect(try row.optionalBool(0) == nil)
            #expect(try row.optionalInt64(3) == nil)
            #expect(try row.optionalText(4) == nil)
            #expect(try row.optionalUUID(6) == nil)
            #expect(try row.optionalTimestamp(7) == nil)
            #expect(try row.optionalTextArray(10) == nil)
        }
    }

    @Test("empty strings and bytes are not NULL")
    func empty() async throws {
        try await TestDatabase.use { database in
            let row = try database.connect().query("SELECT $1, $2", [.text(""), .bytea([])]).only()
            #expect(try row.text(0) == "")
            #expect(try row.bytes(1) == [])
        }
    }

    @Test("a value of 20 MB passes, with both sides sending at once")
    func large() async throws {
        try await TestDatabase.use { database in
            let connection = try database.connect()
            let text = String(repeating: "0123456789ü", count: 2_000_000)
            let results = try connection.run(
                [
                    Call(Statement("echo", "SELECT $1"), [.text(text)]),
                    Call(Statement("echo", "SELECT $1"), [.text(text)]),
                ])
            #expect(try results[0][0].text(0) == text)
            let length = try results[1][0].withBytes(0) { $0.count }
            #expect(length == text.utf8.count)
        }
    }

    @Test("infinite times are the outermost numbers, and an enum is text")
    func special() async throws {
        try await TestDatabase.use { database in
            let connection = try database.connect()
            try connection.execute("CREATE TYPE colour AS ENUM ('red', 'blue')")
            let row = try connection.query(
                "SELECT 'infinity'::timestamptz, '-infinity'::timestamptz, 'blue'::colour, 'x'::varchar(3)"
            ).only()
            #expect(try row.timestamp(0) == .max)
            #expect(try row.timestamp(1) == .min)
            #expect(try row.text(2) == "blue")
            #expect(try row.text(3) == "x")
        }
    }
}
