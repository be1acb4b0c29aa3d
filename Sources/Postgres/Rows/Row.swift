internal import CPostgres

/// One row of a result: values by column index, from 0.
///
/// Each accessor throws when the column has another type (`wrongType`) or is NULL (`unexpectedNull`); the ones named
/// `optional…` give nil for NULL.
public struct Row: Sendable {
    let result: ResultHandle
    let index: Int32

    /// Whether the value is NULL.
    public func isNull(_ column: Int) -> Bool {
        PQgetisnull(result.pointer, index, Int32(clamping: column)) == 1
    }

    /// An `int8`, `int4` or `int2`.
    public func int64(_ column: Int) throws(PostgresError) -> Int64 {
        try required(optionalInt64(column), column)
    }

    /// An `int8`, `int4` or `int2`, or nil.
    public func optionalInt64(_ column: Int) throws(PostgresError) -> Int64? {
        guard let value = try value(column) else { return nil }
        return try value.integer()
    }

    /// An `int8`, `int4` or `int2`.
    public func int(_ column: Int) throws(PostgresError) -> Int {
        Int(try int64(column))
    }

    /// An `int8`, `int4` or `int2`, or nil.
    public func optionalInt(_ column: Int) throws(PostgresError) -> Int? {
        try optionalInt64(column).map { Int($0) }
    }

    /// An `int4` or `int2`.
    public func int32(_ column: Int) throws(PostgresError) -> Int32 {
        try required(optionalInt32(column), column)
    }

    /// An `int4` or `int2`, or nil.
    public func optionalInt32(_ column: Int) throws(PostgresError) -> Int32? {
        guard let value = try value(column) else { return nil }
        guard value.type != PostgresType.int8.oid else { throw value.wrongType("int4") }
        return Int32(truncatingIfNeeded: try value.integer())
    }

    /// A `bool`.
    public func bool(_ column: Int) throws(PostgresError) -> Bool {
        try required(optionalBool(column), column)
    }

    /// A `bool`, or nil.
    public func optionalBool(_ column: Int) throws(PostgresError) -> Bool? {
        try value(column)?.bool()
    }

    /// A `text`, `varchar`, `char`, `name`, enum, `json` or `jsonb`, as a string.
    public func text(_ column: Int) throws(PostgresError) -> String {
        try required(optionalText(column), column)
    }

    /// A `text`, `varchar`, `char`, `name`, enum, `json` or `jsonb`, as a string; or nil.
    public func optionalText(_ column: Int) throws(PostgresError) -> String? {
        try value(column)?.text()
    }

    /// A copy of a `bytea`, or of the UTF-8 of a text.
    public func bytes(_ column: Int) throws(PostgresError) -> [UInt8] {
        try required(optionalBytes(column), column)
    }

    /// A copy of a `bytea`, or of the UTF-8 of a text; or nil.
    public func optionalBytes(_ column: Int) throws(PostgresError) -> [UInt8]? {
        guard let value = try value(column) else { return nil }
        return try value.withRawBytes { [UInt8]($0) }
    }

    /// Lends a `bytea`, or the UTF-8 of a text, without copying; the pointer is valid only inside `body`.
    public func withBytes<Output>(
        _ column: Int, _ body: (UnsafeRawBufferPointer) throws(PostgresError) -> Output
    ) throws(PostgresError) -> Output {
        try required(value(column), column).withRawBytes(body)
    }

    /// A `timestamptz`, in microseconds since 1970 UTC; `infinity` is the largest number, `-infinity` the smallest.
    public func timestamp(_ column: Int) throws(PostgresError) -> Int64 {
        try required(optionalTimestamp(column), column)
    }

    /// A `timestamptz`, in microseconds since 1970 UTC; or nil.
    public func optionalTimestamp(_ column: Int) throws(PostgresError) -> Int64? {
        try value(column)?.timestamp()
    }

    /// A `date`, in days since 1970-01-01.
    public func date(_ column: Int) throws(PostgresError) -> Int32 {
        try required(optionalDate(column), column)
    }

    /// A `date`, in days since 1970-01-01; or nil.
    public func optionalDate(_ column: Int) throws(PostgresError) -> Int32? {
        try value(column)?.date()
    }

    /// A `uuid`.
    public func uuid(_ column: Int) throws(PostgresError) -> PostgresUUID {
        try required(optionalUUID(column), column)
    }

    /// A `uuid`, or nil.
    public func optionalUUID(_ column: Int) throws(PostgresError) -> PostgresUUID? {
        try value(column)?.uuid()
    }

    @inline(__always)
    func value(_ column: Int) throws(PostgresError) -> ColumnValue? {
        guard column >= 0, column < result.types.count else { throw outOfBounds(column) }
        let place = Int32(truncatingIfNeeded: column)
        let length = PQgetlength(result.pointer, index, place)
        // The length of NULL is 0, so most values need not be asked whether they are NULL.
        guard length > 0 || PQgetisnull(result.pointer, index, place) == 0 else { return nil }
        return ColumnValue(
            result: result, column: place, type: result.types[column],
            bytes: UnsafeRawBufferPointer(start: PQgetvalue(result.pointer, index, place), count: Int(length)))
    }

    private func outOfBounds(_ column: Int) -> PostgresError {
        PostgresError(
            .misuse, "column \(column) asked for, the result has \(result.types.count)", statement: result.statement)
    }

    func required<Value>(_ value: Value?, _ column: Int) throws(PostgresError) -> Value {
        if let value { return value }
        var error = PostgresError(
            .unexpectedNull, "column \"\(result.columnName(Int32(clamping: column)))\" is NULL",
            statement: result.statement)
        error.column = result.columnName(Int32(clamping: column))
        throw error
    }
}
