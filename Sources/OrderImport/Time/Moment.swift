/// A point in time, and the offset of the clock that told it.
struct Moment: Sendable, Hashable, Comparable {
    /// Since 1970, UTC.
    var microseconds: Int64
    /// Of the clock, east of UTC.
    var offsetSeconds: Int64

    static func < (left: Moment, right: Moment) -> Bool { left.microseconds < right.microseconds }

    /// RFC 3339 with the clock's offset.
    var text: String {
        var fraction = microseconds % 1_000_000
        if fraction < 0 { fraction += 1_000_000 }
        let civil = CivilTime(secondsAsUTC: (microseconds - fraction) / 1_000_000 + offsetSeconds)
        // RFC 3339 has no seconds in offsets; zones had them before 1972 only.
        let minutes = abs(offsetSeconds) / 60
        let date = "\(pad(civil.year, 4))-\(pad(civil.month, 2))-\(pad(civil.day, 2))"
        let time = "\(pad(civil.hour, 2)):\(pad(civil.minute, 2)):\(pad(civil.second, 2))"
        let offset = "\(offsetSeconds < 0 ? "-" : "+")\(pad(minutes / 60, 2)):\(pad(minutes % 60, 2))"
        return "\(date)T\(time)\(fraction == 0 ? "" : ".\(pad(fraction, 6))")\(offset)"
    }

    private func pad(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
