internal import OrderCore

/// Writes JSON into a run of bytes.
struct JSONText {
    private(set) var bytes: [UInt8] = []

    mutating func raw(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    mutating func raw(_ byte: UInt8) {
        bytes.append(byte)
    }

    mutating func raw(_ text: [UInt8]) {
        bytes.append(contentsOf: text)
    }

    mutating func number(_ value: Int64) {
        if value >= 0, value < 10 { return bytes.append(UInt8(ascii: "0") + UInt8(value)) }
        bytes.append(contentsOf: String(value).utf8)
    }

    mutating func string(_ value: String) {
        bytes.append(UInt8(ascii: "\""))
        let isPlain =
            value.utf8.withContiguousStorageIfAvailable { utf8 in
                guard !utf8.contains(where: Self.needsEscape) else { return false }
                bytes.append(contentsOf: utf8)
                return true
            } ?? false
        if !isPlain { for byte in value.utf8 { escape(byte) } }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func escape(_ byte: UInt8) {
        if byte < 0x20 {
            raw("\\u00")
            hexadecimal(UInt64(byte), digits: 2)
        } else {
            if Self.needsEscape(byte) { bytes.append(UInt8(ascii: "\\")) }
            bytes.append(byte)
        }
    }

    private mutating func hexadecimal(_ value: UInt64, digits: Int) {
        for place in stride(from: digits - 1, through: 0, by: -1) {
            bytes.append(Self.digits[Int(value >> (4 * place) & 15)])
        }
    }

    private mutating func decimal(_ value: Int64, digits: Int) {
        var power: Int64 = 1
        for _ in 1..<digits { power *= 10 }
        // A year of five digits is not cut.
        if value < 0 || value >= power * 10 { return number(value) }
        while power > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(value / power % 10))
            power /= 10
        }
    }

    /// A UUID of these 128 bits, as a string.
    mutating func hash(_ value: ContentHash) {
        raw("\"")
        hexadecimal(value.high >> 32, digits: 8)
        raw("-")
        hexadecimal(value.high >> 16, digits: 4)
        raw("-")
        hexadecimal(value.high, digits: 4)
        raw("-")
        hexadecimal(value.low >> 48, digits: 4)
        raw("-")
        hexadecimal(value.low, digits: 12)
        raw("\"")
    }

    /// RFC 3339 in UTC with microseconds, as a string that PostgreSQL reads back.
    mutating func time(_ value: Timestamp) {
        let (days, time) = Self.split(value.microseconds, by: 86_400_000_000)
        let (year, month, day) = Self.civil(days)
        let (seconds, fraction) = Self.split(time, by: 1_000_000)
        raw("\"")
        decimal(year, digits: 4)
        raw("-")
        decimal(month, digits: 2)
        raw("-")
        decimal(day, digits: 2)
        raw("T")
        decimal(seconds / 3600, digits: 2)
        raw(":")
        decimal(seconds / 60 % 60, digits: 2)
        raw(":")
        decimal(seconds % 60, digits: 2)
        raw(".")
        decimal(fraction, digits: 6)
        raw("Z\"")
    }

    private static func split(_ value: Int64, by size: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: size)
        return remainder < 0 ? (quotient - 1, remainder + size) : (quotient, remainder)
    }

    /// Year, month and day of the proleptic Gregorian calendar (Howard Hinnant's `civil_from_days`).
    private static func civil(_ days: Int64) -> (Int64, Int64, Int64) {
        let (era, dayOfEra) = split(days + 719_468, by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    mutating func object<Value>(_ values: [String: Value], _ write: (inout JSONText, Value) -> Void) {
        bytes.append(UInt8(ascii: "{"))
        // In key order, so that equal contents give equal texts.
        for (index, key) in values.keys.sorted().enumerated() {
            guard let value = values[key] else { continue }
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            string(key)
            bytes.append(UInt8(ascii: ":"))
            write(&self, value)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    private static let digits = Array("0123456789abcdef".utf8)

    static func counts(_ values: [String: Int64]) -> [UInt8] {
        var text = JSONText()
        text.object(values) { $0.number($1) }
        return text.bytes
    }

    static func texts(_ values: [String: String]) -> [UInt8] {
        var text = JSONText()
        text.object(values) { $0.string($1) }
        return text.bytes
    }
}
