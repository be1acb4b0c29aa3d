public import OrderCore

/// Times as RFC 3339 writes them, read by hand: formatters cost more than the rest of a message.
public struct RFC3339 {
    /// The times that a message may name: from 2000 to 2099. What lies outside is a mistake of the sender's clock or unit.
    static let accepted = Timestamp(microseconds: 946_684_800_000_000)..<Timestamp(microseconds: 4_102_444_800_000_000)

    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    private init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// Reads `2026-11-21T09:30:00.123456+08:00`; digits beyond microseconds are cut off.
    static func parse(_ text: UnsafeBufferPointer<UInt8>) -> Timestamp? {
        var reader = RFC3339(text)
        return reader.time()
    }

    /// Reads a time; nil where the text is none.
    public static func parse(_ text: String) -> Timestamp? {
        var text = text
        return text.withUTF8 { parse($0) }
    }

    private mutating func time() -> Timestamp? {
        guard let year = digits(4), skip("-"), let month = digits(2), skip("-"), let day = digits(2),
            skip("T") || skip("t"), let hour = digits(2), skip(":"), let minute = digits(2), skip(":"),
            let second = digits(2), let fraction = fraction(), let offset = offset(), position == bytes.count
        else { return nil }
        // A leap second counts as the first of the next minute, as PostgreSQL has it.
        guard (1...12).contains(month), (1...Calendar.daysInMonth(year, month)).contains(day), hour < 24, minute < 60,
            second <= 60
        else { return nil }
        let days = Calendar.daysSinceEpoch(year, month, day)
        let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second - offset
        return Timestamp(microseconds: seconds * 1_000_000 + fraction)
    }

    @inline(__always)
    private mutating func digits(_ count: Int) -> Int64? {
        guard position + count <= bytes.count else { return nil }
        var value: Int64 = 0
        for _ in 0..<count {
            let digit = bytes[position] &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            value = value &* 10 &+ Int64(digit)
            position += 1
        }
        return value
    }

    @inline(__always)
    private mutating func skip(_ wanted: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: wanted) else { return false }
        position += 1
        return true
    }

    /// Microseconds.
    private mutating func fraction() -> Int64? {
        guard skip(".") else { return 0 }
        var value: Int64 = 0
        var count = 0
        while position < bytes.count, bytes[position] &- UInt8(ascii: "0") <= 9 {
            if count < 6 { value = value * 10 + Int64(bytes[position] - UInt8(ascii: "0")) }
            count += 1
            position += 1
        }
        guard count > 0 else { return nil }
        while count < 6 {
            value *= 10
            count += 1
        }
        return value
    }

    /// Seconds east of UTC.
    private mutating func offset() -> Int64? {
        if skip("Z") || skip("z") { return 0 }
        let sign: Int64
        if skip("+") {
            sign = 1
        } else if skip("-") {
            sign = -1
        } else {
            return nil
        }
        guard let hours = digits(2), skip(":"), let minutes = digits(2), hours < 24, minutes < 60 else { return nil }
        return sign * (hours * 3_600 + minutes * 60)
    }
}

extension RFC3339 {
    /// Writes a time in UTC: `2026-11-21T01:30:00Z`, with three or six digits of a second where it has any.
    static func write(_ time: Timestamp, to buffer: inout ByteBuffer) {
        let (seconds, microseconds) = Calendar.floored(time.microseconds, by: 1_000_000)
        let (days, secondOfDay) = Calendar.floored(seconds, by: 86_400)
        let date = Calendar.civil(daysSinceEpoch: days)
        buffer.reserve(27)
        buffer.append(decimal: UInt64(clamping: date.year), digits: 4)
        buffer.append(UInt8(ascii: "-"))
        buffer.append(decimal: UInt64(date.month), digits: 2)
        buffer.append(UInt8(ascii: "-"))
        buffer.append(decimal: UInt64(date.day), digits: 2)
        buffer.append(UInt8(ascii: "T"))
        buffer.append(decimal: UInt64(secondOfDay / 3_600), digits: 2)
        buffer.append(UInt8(ascii: ":"))
        buffer.append(decimal: UInt64(secondOfDay / 60 % 60), digits: 2)
        buffer.append(UInt8(ascii: ":"))
        buffer.append(decimal: UInt64(secondOfDay % 60), digits: 2)
        if microseconds != 0 {
            buffer.append(UInt8(ascii: "."))
            if microseconds % 1_000 == 0 {
                buffer.append(decimal: UInt64(microseconds / 1_000), digits: 3)
            } else {
                buffer.append(decimal: UInt64(microseconds), digits: 6)
            }
        }
        buffer.append(UInt8(ascii: "Z"))
    }

    /// A time in UTC.
    static func text(_ time: Timestamp) -> String {
        var buffer = ByteBuffer(capacity: 32)
        write(time, to: &buffer)
        return buffer.withBytes { String(decoding: $0, as: UTF8.self) }
    }
}
