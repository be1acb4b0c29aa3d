/// A column of values that goes to the server as one binary array, for `unnest` or `= ANY`.
///
/// It is one buffer that grows; nothing is allocated for an element. A value that can't be sent (a NUL byte in a text,
/// a number out of range) is noted and thrown when the column is sent. Use it again with `removeAll()`.
/// Not to be changed while it is being sent, and used by one thread at a time.
public final class ArrayColumn {
    /// The type of the elements.
    public let type: PostgresType
    /// How many elements were appended.
    @exclusivity(unchecked) public private(set) var count = 0

    let bytes: ByteBuffer
    @exclusivity(unchecked) private var hasNull = false
    @exclusivity(unchecked) private var fault: (element: Int, reason: EncodingFault)?

    /// Makes an empty column.
    public init(_ type: PostgresType) {
        self.type = type
        bytes = ByteBuffer(capacity: 1024)
        writeHeader()
    }

    /// Empties the column and keeps its memory.
    public func removeAll() {
        count = 0
        hasNull = false
        fault = nil
        bytes.removeAll()
        writeHeader()
    }

    /// Appends NULL.
    public func appendNull() {
        bytes.appendNull()
        hasNull = true
        count += 1
    }

    /// Appends an integer: a number, or for `timestamptz` microseconds since 1970 UTC, for `date` days since 1970-01-01.
    @inlinable
    public func append<Integer: FixedWidthInteger>(_ value: Integer?) {
        guard let value else { return appendNull() }
        appendInteger(Int64(exactly: value))
    }

    /// Appends a truth value.
    public func append(_ value: Bool?) {
        guard let value else { return appendNull() }
        note(bytes.appendBool(value, as: type))
    }

    /// Appends a string to a column of `text` or `jsonb`.
    public func append(_ value: String?) {
        guard let value else { return appendNull() }
        note(bytes.appendString(value, as: type))
    }

    /// Appends a UUID.
    public func append(_ value: PostgresUUID?) {
        guard let value else { return appendNull() }
        note(bytes.appendUUID(value, as: type))
    }

    /// Appends bytes to a column of `bytea`, or UTF-8 to one of `text` or `jsonb` (the server checks it).
    public func append(bytes value: [UInt8]?) {
        guard let value else { return appendNull() }
        value.withUnsafeBytes { append(bytes: $0) }
    }

    /// Appends bytes to a column of `bytea`, or UTF-8 to one of `text` or `jsonb` (the server checks it).
    public func append(bytes value: UnsafeRawBufferPointer) {
        note(bytes.appendBytes(value, as: type))
    }

    @usableFromInline
    func appendInteger(_ value: Int64?) {
        guard let value else { return note(.outOfRange(type)) }
        note(bytes.appendInteger(value, as: type))
    }

    /// Completes the array's header; throws what was wrong with an element.
    func seal(parameter: Int) throws(PostgresError) {
        if let fault { throw fault.reason.error(at: "element \(fault.element) of parameter $\(parameter)") }
        // An empty array has no dimension, so its header ends after the element type.
        bytes.overwrite(at: 0, with: Int32(count == 0 ? 0 : 1))
        bytes.overwrite(at: 4, with: Int32(hasNull ? 1 : 0))
        bytes.overwrite(at: 12, with: Int32(clamping: count))
    }

    var encodedSize: Int {
        count == 0 ? 12 : bytes.count
    }

    private func writeHeader() {
        bytes.append(Int32(1))
        bytes.append(Int32(0))
        bytes.append(type.oid)
        bytes.append(Int32(0))
        bytes.append(Int32(1))
    }

    private func note(_ reason: EncodingFault?) {
        if let reason, fault == nil { fault = (count + 1, reason) }
        count += 1
    }
}

extension ArrayColumn {
    /// Makes a column of integers (or `timestamptz`, `date`) from values at hand.
    public convenience init<Integer: FixedWidthInteger>(_ type: PostgresType, _ values: some Sequence<Integer>) {
        self.init(type)
        for value in values { append(value) }
    }

    /// Makes a column of `text` or `jsonb` from values at hand.
    public convenience init(_ type: PostgresType, _ values: some Sequence<String>) {
        self.init(type)
        for value in values { append(value) }
    }
}
