internal import Glibc

/// Why a value can't be sent.
enum EncodingFault {
    case nulByte
    case outOfRange(PostgresType)
    case wrongType(PostgresType, given: StaticString)

    func error(at place: String) -> PostgresError {
        switch self {
        case .nulByte:
            PostgresError(
                .invalidParameter, "\(place) holds a NUL byte, which PostgreSQL can't store in a text",
                sqlState: .characterNotInRepertoire)
        case .outOfRange(let type):
            PostgresError(
                .invalidParameter, "\(place) doesn't fit \(type.rawValue)", sqlState: .numericValueOutOfRange)
        case .wrongType(let type, let given):
            PostgresError(.misuse, "\(place) is \(type.rawValue), but was given \(given)")
        }
    }
}

/// One value in PostgreSQL's binary format: its length, then its bytes.
extension ByteBuffer {
    func appendNull() {
        append(Int32(-1))
    }

    func appendInteger(_ value: Int64, as type: PostgresType) -> EncodingFault? {
        switch type {
        case .int8:
            append(Int32(8))
            append(value)
        case .int4:
            guard let narrow = Int32(exactly: value) else { return .outOfRange(type) }
            append(Int32(4))
            append(narrow)
        case .int2:
            guard let narrow = Int16(exactly: value) else { return .outOfRange(type) }
            append(Int32(2))
            append(narrow)
        case .timestamptz:
            let (shifted, overflow) = value.subtractingReportingOverflow(PostgresEpoch.microseconds)
            if overflow { return .outOfRange(type) }
            append(Int32(8))
            append(shifted)
        case .date:
            let (shifted, overflow) = value.subtractingReportingOverflow(Int64(PostgresEpoch.days))
            guard !overflow, let days = Int32(exactly: shifted) else { return .outOfRange(type) }
            append(Int32(4))
            append(days)
        default:
            return .wrongType(type, given: "an integer")
        }
        return nil
    }

    func appendBool(_ value: Bool, as type: PostgresType) -> EncodingFault? {
        guard type == .bool else { return .wrongType(type, given: "a Boolean") }
        append(Int32(1))
        append(UInt8(value ? 1 : 0))
        return nil
    }

    func appendUUID(_ value: PostgresUUID, as type: PostgresType) -> EncodingFault? {
        guard type == .uuid else { return .wrongType(type, given: "a UUID") }
        append(Int32(16))
        append(value.high)
        append(value.low)
        return nil
    }

    func appendString(_ value: String, as type: PostgresType) -> EncodingFault? {
        guard type == .text || type == .jsonb else { return .wrongType(type, given: "a string") }
        var value = value
        return value.withUTF8 { appendBytes(UnsafeRawBufferPointer($0), as: type) }
    }

    func appendBytes(_ bytes: UnsafeRawBufferPointer, as type: PostgresType) -> EncodingFault? {
        // More than 1 GiB is refused later, for the parameter as a whole; until then the length only must not trap.
        let length = Int32(clamping: bytes.count)
        switch type {
        case .bytea:
            append(length)
        case .text:
            if bytes.holdsNul { return .nulByte }
            append(length)
        case .jsonb:
            if bytes.holdsNul { return .nulByte }
            append(Int32(clamping: bytes.count + 1))
            append(UInt8(1))
        default:
            return .wrongType(type, given: "bytes")
        }
        append(bytes)
        return nil
    }
}

extension UnsafeRawBufferPointer {
    fileprivate var holdsNul: Bool {
        guard let baseAddress else { return false }
        return memchr(baseAddress, 0, count) != nil
    }
}
