/// A moment, written in UTC.
struct UTCTime {
    let microseconds: Int64

    /// `2026-11-21 09:30:05Z`
    var short: String {
        let (date, time, _) = parts
        return "\(date) \(time)Z"
    }

    /// RFC 3339: `2026-11-21T09:30:05.123456Z`
    var full: String {
        let (date, time, fraction) = parts
        return fraction == 0 ? "\(date)T\(time)Z" : "\(date)T\(time).\(Self.padded(fraction, 6))Z"
    }

    private var parts: (date: String, time: String, fraction: Int64) {
        let (days, rest) = Self.floorDivide(microseconds, 86_400_000_000)
        let seconds = rest / 1_000_000
        // Howard Hinnant's civil_from_days.
        let shifted = days + 719_468
        let (era, dayOfEra) = Self.floorDivide(shifted, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (
            "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))",
            "\(Self.padded(seconds / 3_600, 2)):\(Self.padded(seconds / 60 % 60, 2)):\(Self.padded(seconds % 60, 2))",
            rest % 1_000_000
        )
    }

    private static func floorDivide(_ value: Int64, _ by: Int64) -> (Int64, Int64) {
        let remainder = value % by
        return remainder < 0 ? (value / by - 1, remainder + by) : (value / by, remainder)
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
