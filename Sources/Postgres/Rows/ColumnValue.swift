/// A value that is not NULL, in PostgreSQL's binary format, with what is needed to say what is wrong with it.
///
/// `bytes` point into `result`, which Swift may free after its last use: reading them keeps it alive by name.
struct ColumnValue {
    let result: ResultHandle
    let column: Int32
    let type: UInt32
    let bytes: UnsafeRawBufferPointer

    func integer() throws(PostgresError) -> Int64 {
        switch type {
        case PostgresType.int8.oid: try load(Int64.self)
        case PostgresType.int4.oid: Int64(try load(Int32.self))
        case PostgresType.int2.oid: Int64(try load(Int16.self))
        default: throw wrongType("an integer")
        }
    }

    func bool() throws(PostgresError) -> Bool {
        guard type == PostgresType.bool.oid else { throw wrongType("bool") }
        return try load(UInt8.self) != 0
    }

    func timestamp() throws(PostgresError) -> Int64 {
        guard type == PostgresType.timestamptz.oid else { throw wrongType("timestamptz") }
        let value = try load(Int64.self)
        // The smallest number stands for -infinity and stays; infinity and what lies beyond the range saturate.
        guard value != .min else { return .min }
        let (shifted, overflow) = value.addingReportingOverflow(PostgresEpoch.microseconds)
        return overflow ? .max : shifted
    }

    func date() throws(PostgresError) -> Int32 {
        guard type == PostgresType.date.oid else { throw wrongType("date") }
        let value = try load(Int32.self)
        guard value != .min else { return .min }
        let (shifted, overflow) = value.addingReportingOverflow(PostgresEpoch.days)
        return overflow ? .max : shifted
    }

    func uuid() throws(PostgresError) -> PostgresUUID {
        guard type == PostgresType.uuid.oid else { throw wrongType("uuid") }
        guard bytes.count == 16 else { throw malformed("is not 16 bytes long") }
        return PostgresUUID(high: try load(UInt64.self), low: try load(UInt64.self, at: 8))
    }

    func text() throws(PostgresError) -> String {
        guard type != PostgresType.bytea.oid else { throw wrongType("text") }
        return try withRawBytes { String(decoding: $0, as: UTF8.self) }
    }

    /// Lends the bytes of a `bytea`, or the UTF-8 of anything that is text.
    func withRawBytes<Output>(
        _ body: (UnsafeRawBufferPointer) throws(PostgresError) -> Output
    ) throws(PostgresError) -> Output {
        let bytes = try rawBytes()
        defer { withExtendedLifetime(result) {} }
        return try body(bytes)
    }

    private func rawBytes() throws(PostgresError) -> UnsafeRawBufferPointer {
        if type == PostgresType.jsonb.oid {
            guard try load(UInt8.self) == 1 else { throw malformed("is a jsonb of an unknown version") }
            return UnsafeRawBufferPointer(rebasing: bytes.dropFirst())
        }
        guard type == PostgresType.bytea.oid || Self.isText(type) else { throw wrongType("text or bytea") }
        return bytes
    }

    /// `text`, `varchar`, `bpchar`, `name`, `json`, literals without a type; what is not built in is taken for an enum.
    private static func isText(_ type: UInt32) -> Bool {
        switch type {
        case 25, 1043, 1042, 19, 114, 705: true
        default: type >= 16_384
        }
    }

    func load<Integer: FixedWidthInteger>(_: Integer.Type, at offset: Int = 0) throws(PostgresError) -> Integer {
        guard offset + MemoryLayout<Integer>.size <= bytes.count else { throw malformed("is cut short") }
        defer { withExtendedLifetime(result) {} }
        return Integer(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Integer.self))
    }

    func wrongType(_ wanted: String) -> PostgresError {
        let given = PostgresType.allCases.first { $0.oid == type }?.rawValue
        return error(.wrongType, "is of type \(given ?? "with identifier \(type)"), not \(wanted)")
    }

    func malformed(_ what: String) -> PostgresError {
        error(.malformedValue, what)
    }

    private func error(_ code: PostgresError.Code, _ what: String) -> PostgresError {
        let name = result.columnName(column)
        var error = PostgresError(code, "column \"\(name)\" \(what)", statement: result.statement)
        error.column = name
        return error
    }
}
