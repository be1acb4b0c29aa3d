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
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0..<0x20:
                raw("\\u00")
                bytes.append(Self.digits[Int(byte >> 4)])
                bytes.append(Self.digits[Int(byte & 15)])
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
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

extension Timestamp {
    /// RFC 3339 in UTC with microseconds, as PostgreSQL reads it.
    var text: String {
        let (days, time) = Self.split(microseconds, by: 86_400_000_000)
        let (year, month, day) = Self.civil(days)
        let (seconds, fraction) = Self.split(time, by: 1_000_000)
        let date = "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))"
        let clock = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { Self.padded($0, 2) }
        return "\(date)T\(clock.joined(separator: ":")).\(Self.padded(fraction, 6))Z"
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

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
