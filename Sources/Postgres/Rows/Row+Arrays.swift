/// One-dimensional arrays. An element that is NULL is an error, except where the name says otherwise.
extension Row {
    /// An array of `int8`, `int4` or `int2`.
    public func int64Array(_ column: Int) throws(PostgresError) -> [Int64] {
        try required(optionalInt64Array(column), column)
    }

    /// An array of `int8`, `int4` or `int2`; nil when the array itself is NULL.
    public func optionalInt64Array(_ column: Int) throws(PostgresError) -> [Int64]? {
        try array(column) { (value) throws(PostgresError) in try value.integer() }
    }

    /// An array of `int4` or `int2`.
    public func int32Array(_ column: Int) throws(PostgresError) -> [Int32] {
        try required(optionalInt32Array(column), column)
    }

    /// An array of `int4` or `int2`; nil when the array itself is NULL.
    public func optionalInt32Array(_ column: Int) throws(PostgresError) -> [Int32]? {
        try array(column) { (value) throws(PostgresError) in
            guard value.type != PostgresType.int8.oid else { throw value.wrongType("an array of int4") }
            return Int32(truncatingIfNeeded: try value.integer())
        }
    }

    /// An array of text.
    public func textArray(_ column: Int) throws(PostgresError) -> [String] {
        try required(optionalTextArray(column), column)
    }

    /// An array of text; nil when the array itself is NULL.
    public func optionalTextArray(_ column: Int) throws(PostgresError) -> [String]? {
        try array(column) { (value) throws(PostgresError) in try value.text() }
    }

    /// An array of text whose elements may be NULL.
    public func textArrayWithNulls(_ column: Int) throws(PostgresError) -> [String?] {
        try required(arrayWithNulls(column) { (value) throws(PostgresError) in try value.text() }, column)
    }

    /// An array of `int8`, `int4` or `int2` whose elements may be NULL.
    public func int64ArrayWithNulls(_ column: Int) throws(PostgresError) -> [Int64?] {
        try required(arrayWithNulls(column) { (value) throws(PostgresError) in try value.integer() }, column)
    }

    /// An array of `uuid`.
    public func uuidArray(_ column: Int) throws(PostgresError) -> [PostgresUUID] {
        try required(array(column) { (value) throws(PostgresError) in try value.uuid() }, column)
    }

    /// An array of `bool`.
    public func boolArray(_ column: Int) throws(PostgresError) -> [Bool] {
        try required(array(column) { (value) throws(PostgresError) in try value.bool() }, column)
    }

    /// An array of `timestamptz`, in microseconds since 1970 UTC.
    public func timestampArray(_ column: Int) throws(PostgresError) -> [Int64] {
        try required(array(column) { (value) throws(PostgresError) in try value.timestamp() }, column)
    }

    private func array<Element>(
        _ column: Int, _ decode: (ColumnValue) throws(PostgresError) -> Element
    ) throws(PostgresError) -> [Element]? {
        guard let value = try value(column) else { return nil }
        var elements: [Element] = []
        try value.forEachElement { (element) throws(PostgresError) in
            guard let element else { throw value.malformed("holds a NULL element") }
            elements.append(try decode(element))
        }
        return elements
    }

    private func arrayWithNulls<Element>(
        _ column: Int, _ decode: (ColumnValue) throws(PostgresError) -> Element
    ) throws(PostgresError) -> [Element?]? {
        guard let value = try value(column) else { return nil }
        var elements: [Element?] = []
        try value.forEachElement { (element) throws(PostgresError) in
            if let element { elements.append(try decode(element)) } else { elements.append(nil) }
        }
        return elements
    }
}

extension ColumnValue {
    /// The binary array format: dimensions, flags, element type, then for the one dimension count and lower bound.
    fileprivate func forEachElement(_ body: (ColumnValue?) throws(PostgresError) -> Void) throws(PostgresError) {
        guard Self.arrayTypes.contains(type) else { throw wrongType("an array") }
        let dimensions = try load(Int32.self)
        guard dimensions != 0 else { return }
        guard dimensions == 1 else { throw malformed("is an array of \(dimensions) dimensions") }
        let elementType = try load(UInt32.self, at: 8)
        let count = try load(Int32.self, at: 12)
        var offset = 20
        for _ in 0..<max(count, 0) {
            let length = Int(try load(Int32.self, at: offset))
            offset += 4
            guard length >= 0 else {
                try body(nil)
                continue
            }
            guard offset + length <= bytes.count else { throw malformed("is cut short") }
            let slice = UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + length])
            try body(ColumnValue(result: result, column: column, type: elementType, bytes: slice))
            offset += length
        }
    }

    /// Arrays of this module's types, and of `varchar`, `bpchar` and `name`.
    private static let arrayTypes: Set<UInt32> = Set(PostgresType.allCases.map(\.arrayOID) + [1015, 1014, 1003])
}
