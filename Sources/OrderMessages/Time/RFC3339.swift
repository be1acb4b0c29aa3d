internal import OrderCore

/// Times as RFC 3339 writes them, read and written by hand: formatters cost more than the rest of a message.
enum RFC3339 {
    /// The times that a message may name: from 2000 to 2099. What lies outside is a mistake of the sender's clock or unit.
    static let accepted = Timestamp(microseconds: 946_684_800_000_000)..<Timestamp(microseconds: 4_102_444_800_000_000)

    /// The last second that a message may name.
    static let latestSecond: Int64 = 4_102_444_799

    /// Reads `2026-11-21T09:30:00.123456+08:00`; digits beyond microseconds are cut off.
    static func parse(_ text: some RandomAccessCollection<UInt8>) -> Timestamp? {
        var bytes = text[...]
        guard let year = digits(4, &bytes), skip("-", &bytes), let month = digits(2, &bytes), skip("-", &bytes),
            let day = digits(2, &bytes), skip("T", &bytes) || skip("t", &bytes),
            let hour = digits(2, &bytes), skip(":", &bytes), let minute = digits(2, &bytes), skip(":", &bytes),
            let second = digits(2, &bytes)
        else { return nil }
        // A leap second counts as the first of the next minute, as PostgreSQL has it.
        guard (1...12).contains(month), (1...daysInMonth(year, month)).contains(day), hour < 24, minute < 60,
            second <= 60, let fraction = fraction(&bytes), let offset = offset(&bytes), bytes.isEmpty
        else { return nil }
        let days = daysSinceEpoch(year, month, day)
        let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second - offset
        return Timestamp(microseconds: seconds * 1_000_000 + fraction)
    }

    private static func digits<Bytes: RandomAccessCollection<UInt8>>(
        _ count: Int, _ bytes: inout Bytes
    ) -> Int64? where Bytes.SubSequence == Bytes {
        var value: Int64 = 0
        for _ in 0..<count {
            guard let byte = bytes.popFirst(), byte &- UInt8(ascii: "0") <= 9 else { return nil }
            value = value * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        return value
    }

    private static func skip<Bytes: RandomAccessCollection<UInt8>>(
        _ wanted: Unicode.Scalar, _ bytes: inout Bytes
    ) -> Bool where Bytes.SubSequence == Bytes {
        guard bytes.first == UInt8(ascii: wanted) else { return false }
        bytes.removeFirst()
        return true
    }

    /// Microseconds.
    private static func fraction<Bytes: RandomAccessCollection<UInt8>>(
        _ bytes: inout Bytes
    ) -> Int64? where Bytes.SubSequence == Bytes {
        guard skip(".", &bytes) else { return 0 }
        var value: Int64 = 0
        var count = 0
        while let byte = bytes.first, byte &- UInt8(ascii: "0") <= 9 {
            if count < 6 { value = value * 10 + Int64(byte - UInt8(ascii: "0")) }
            count += 1
            bytes.removeFirst()
        }
        guard count > 0 else { return nil }
        while count < 6 {
            value *= 10
            count += 1
        }
        return value
    }

    /// Seconds east of UTC.
    private static func offset<Bytes: RandomAccessCollection<UInt8>>(
        _ bytes: inout Bytes
    ) -> Int64? where Bytes.SubSequence == Bytes {
        if skip("Z", &bytes) || skip("z", &bytes) { return 0 }
        let sign: Int64
        if skip("+", &bytes) {
            sign = 1
        } else if skip("-", &bytes) {
            sign = -1
        } else {
            return nil
        }
        guard let hours = digits(2, &bytes), skip(":", &bytes), let minutes = digits(2, &bytes), hours < 24,
            minutes < 60
        else { return nil }
        return sign * (hours * 3_600 + minutes * 60)
    }

    private static func daysInMonth(_ year: Int64, _ month: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days from 1970-01-01 (Howard Hinnant, "chrono-compatible low-level date algorithms").
    private static func daysSinceEpoch(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

extension RFC3339 {
    /// Writes a time in UTC: `2026-11-21T01:30:00Z`, with as many digits of a second as it has, up to six.
    static func write(_ time: Timestamp, to bytes: inout [UInt8]) {
        let (seconds, microseconds) = time.microseconds.floored(by: 1_000_000)
        let (days, secondOfDay) = seconds.floored(by: 86_400)
        let date = civil(daysSinceEpoch: days)
        write(date.year, digits: 4, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        write(date.month, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        write(date.day, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: "T"))
        write(secondOfDay / 3_600, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        write(secondOfDay / 60 % 60, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        write(secondOfDay % 60, digits: 2, to: &bytes)
        if microseconds != 0 {
            bytes.append(UInt8(ascii: "."))
            if microseconds % 1_000 == 0 {
                write(microseconds / 1_000, digits: 3, to: &bytes)
            } else {
                write(microseconds, digits: 6, to: &bytes)
            }
        }
        bytes.append(UInt8(ascii: "Z"))
    }

    /// A time in UTC.
    static func text(_ time: Timestamp) -> String {
        var bytes: [UInt8] = []
        write(time, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func write(_ value: Int64, digits count: Int, to bytes: inout [UInt8]) {
        var divisor: Int64 = 1
        for _ in 1..<count { divisor *= 10 }
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / divisor % 10))
            divisor /= 10
        }
    }

    private static func civil(daysSinceEpoch days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = (days + 719_468).floored(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }
}

extension Int64 {
    /// Quotient and remainder, the remainder never negative.
    fileprivate func floored(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let remainder = ((self % divisor) + divisor) % divisor
        return ((self - remainder) / divisor, remainder)
    }
}
