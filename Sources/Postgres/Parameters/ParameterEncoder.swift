/// Lays the parameters of one call out as libpq wants them; its memory is used again for the next call.
final class ParameterEncoder {
    private(set) var oids: [UInt32] = []
    private(set) var lengths: [Int32] = []
    private(set) var formats: [Int32] = []
    private(set) var values: [UnsafePointer<CChar>?] = []

    private let scratch = ByteBuffer(capacity: 4096)
    private var places: [Place] = []

    /// PostgreSQL refuses a message of 1 GiB or more.
    private static let sizeLimit = 1 << 30

    /// Where the bytes of a parameter are. The scratch buffer may move while it grows, so there it is an offset.
    private enum Place {
        case null
        case scratch(offset: Int)
        case column(ArrayColumn)
    }

    /// The addresses in `values` hold until the next call, as long as the parameters' columns live.
    func encode(_ parameters: [Parameter]) throws(PostgresError) {
        clear()
        for (index, parameter) in parameters.enumerated() {
            oids.append(parameter.oid)
            try encode(parameter, number: index + 1)
        }
        formats.append(contentsOf: repeatElement(1, count: parameters.count))
        for place in places {
            switch place {
            case .null: values.append(nil)
            case .scratch(let offset): values.append(cPointer(scratch.start + offset))
            case .column(let column): values.append(cPointer(column.bytes.start))
            }
        }
    }

    private func clear() {
        scratch.removeAll()
        oids.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
        formats.removeAll(keepingCapacity: true)
        values.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
    }

    private func encode(_ parameter: Parameter, number: Int) throws(PostgresError) {
        switch parameter {
        case .array(let column):
            try column.seal(parameter: number)
            try place(.column(column), size: column.encodedSize, number: number)
        case .nullArray: try place(.null, size: 0, number: number)
        case .bool(let value): try scalar(value, number) { scratch.appendBool($0, as: .bool) }
        case .int2(let value): try scalar(value, number) { scratch.appendInteger(Int64($0), as: .int2) }
        case .int4(let value): try scalar(value, number) { scratch.appendInteger(Int64($0), as: .int4) }
        case .int8(let value): try scalar(value, number) { scratch.appendInteger($0, as: .int8) }
        case .timestamptz(let value): try scalar(value, number) { scratch.appendInteger($0, as: .timestamptz) }
        case .date(let value): try scalar(value, number) { scratch.appendInteger(Int64($0), as: .date) }
        case .uuid(let value): try scalar(value, number) { scratch.appendUUID($0, as: .uuid) }
        case .text(let value): try scalar(value, number) { scratch.appendString($0, as: .text) }
        case .jsonb(let value): try scalar(value, number) { scratch.appendString($0, as: .jsonb) }
        case .bytea(let value): try bytes(value, as: .bytea, number)
        case .utf8(let value): try bytes(value, as: .text, number)
        case .jsonbUTF8(let value): try bytes(value, as: .jsonb, number)
        }
    }

    private func bytes(_ value: [UInt8]?, as type: PostgresType, _ number: Int) throws(PostgresError) {
        try scalar(value, number) { bytes in bytes.withUnsafeBytes { scratch.appendBytes($0, as: type) } }
    }

    private func scalar<Value>(
        _ value: Value?, _ number: Int, _ append: (Value) -> EncodingFault?
    ) throws(PostgresError) {
        guard let value else { return try place(.null, size: 0, number: number) }
        let offset = scratch.count + MemoryLayout<Int32>.size
        if let fault = append(value) { throw fault.error(at: "parameter $\(number)") }
        try place(.scratch(offset: offset), size: scratch.count - offset, number: number)
    }

    private func place(_ place: Place, size: Int, number: Int) throws(PostgresError) {
        guard size < Self.sizeLimit else {
            throw PostgresError(
                .invalidParameter, "parameter $\(number) is larger than 1 GiB", sqlState: .programLimitExceeded)
        }
        places.append(place)
        lengths.append(Int32(size))
    }

    private func cPointer(_ pointer: UnsafeMutableRawPointer) -> UnsafePointer<CChar> {
        UnsafePointer(pointer.assumingMemoryBound(to: CChar.self))
    }
}
