import Postgres
import Testing

@Suite("columns of values go to the server as one array")
struct ArrayTests {
    @Test("thousands of rows are inserted through unnest in one statement")
    func unnest() async throws {
        try await TestDatabase.use { database in
            let connection = try database.connect()
            try connection.execute(
                "CREATE TABLE item (id int8, sku text, quantity int4, at timestamptz, body jsonb, key uuid, raw bytea)")
            let ids = ArrayColumn(.int8)
            let skus = ArrayColumn(.text)
            let quantities = ArrayColumn(.int4)
            let times = ArrayColumn(.timestamptz)
            let bodies = ArrayColumn(.jsonb)
            let keys = ArrayColumn(.uuid)
            let raws = ArrayColumn(.bytea)
            for number in 0..<5_000 {
                ids.append(number)
                skus.append("sku-\(number)")
                quantities.append(number.isMultiple(of: 3) ? nil : number)
                times.append(Int64(number) * 1_000_000)
                bodies.append(#"{"n": \#(number)}"#)
                keys.append(PostgresUUID(high: 7, low: UInt64(number)))
                raws.append(bytes: [UInt8(truncatingIfNeeded: number)])
            }
            let inserted = try connection.run(
                Statement("insert_item", "INSERT INTO item SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)"),
                [
                    .array(ids), .array(skus), .array(quantities), .array(times), .array(bodies), .array(keys),
                    .array(raws),
                ])
            #expect(inserted.affected == 5_000)
            let rows = try connection.query("SELECT id, sku, quantity, at, body, key, raw FROM item ORDER BY id")
            #expect(rows.count == 5_000)
            for row in rows {
                let number = try row.int(0)
                #expect(try row.text(1) == "sku-\(number)")
                #expect(try row.optionalInt(2) == (number.isMultiple(of: 3) ? nil : number))
                #expect(try row.timestamp(3) == Int64(number) * 1_000_000)
                #expect(try row.text(4) == #"{"n": \#(number)}"#)
                #expect(try row.uuid(5) == PostgresUUID(high: 7, low: UInt64(number)))
                #expect(try row.bytes(6) == [UInt8(truncatingIfNeeded: number)])
            }
        }
    }

    @Test("arrays come back, with NULL elements where they are asked for")
    func arraysBack() async throws {
        try await TestDatabase.use { database in
            let connection = try database.connect()
            let texts = ArrayColumn(.text)
            texts.append("a")
            texts.appendNull()
            texts.append("")
            let flags = ArrayColumn(.bool)
            flags.append(true)
            flags.append(false)
            let row = try connection.query(
                "SELECT $1, $2, $3, $4, $5",
                [.array(texts), .int8Array([1, -2, .max]), .int4Array([3]), .array(flags), .textArray(["ä"])]
            ).only()
            #expect(try row.textArrayWithNulls(0) == ["a", nil, ""])
            #expect(try row.int64Array(1) == [1, -2, .max])
            #expect(try row.int32Array(2) == [3])
            #expect(try row.boolArray(3) == [true, false])
            #expect(try row.textArray(4) == ["ä"])
            expectFailure(.malformedValue) { _ = try row.textArray(0) }
            expectFailure(.wrongType) { _ = try row.int64Array(4) }
            expectFailure(.wrongType) { _ = try row.int64(1) }
        }
    }

    @Test("an empty array is an array, and a column can be used again")
    func emptyAndReuse() async throws {
        try await TestDatabase.use { database in
            let connection = try database.connect()
            let echo = Statement("echo", "SELECT $1, cardinality($1)")
            let column = ArrayColumn(.int8)
            #expect(try connection.run(echo, [.array(column)])[0].int64Array(0) == [])
            column.append(5)
            #expect(try connection.run(echo, [.array(column)])[0].int64Array(0) == [5])
            column.appendNull()
            #expect(try connection.run(echo, [.array(column)])[0].int64ArrayWithNulls(0) == [5, nil])
            column.removeAll()
            #expect(try connection.run(echo, [.array(column)])[0].int32(1) == 0)
            column.append(6)
            #expect(try connection.run(echo, [.array(column)])[0].int64Array(0) == [6])
        }
    }

    @Test("an array of two dimensions is refused rather than flattened")
    func twoDimensions() async throws {
        try await TestDatabase.use { database in
            let row = try database.connect().query("SELECT ARRAY[[1, 2], [3, 4]]").only()
            expectFailure(.malformedValue) { _ = try row.int32Array(0) }
        }
    }
}
