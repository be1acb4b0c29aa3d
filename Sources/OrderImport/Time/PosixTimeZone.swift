/// The rule behind the last transition of a zone, as POSIX writes it: `CET-1CEST,M3.5.0,M10.5.0/3`.
struct PosixTimeZone: Sendable {
    /// A day of each year when clocks change.
    private struct Change {
        var day: Day
        /// Seconds after midnight of the clock before the change; may be negative or beyond the day.
        var time: Int64
    }

    private enum Day {
        case weekday(month: Int64, week: Int64, day: Int64)
        /// From 1, 29 February never counted.
        case julian(Int64)
        /// From 0, 29 February counted.
        case ofYear(Int64)
    }

    private let standard: Int64
    private let summer: (offset: Int64, start: Change, end: Change)?

    /// Reads a rule, or `nil` where it is none.
    init?(_ text: String) {
        var rest = Array(text.utf8)[...]
        guard Self.name(&rest), let west = Self.duration(&rest) else { return nil }
        standard = -west
        guard !rest.isEmpty else {
            summer = nil
            return
        }
        guard Self.name(&rest) else { return nil }
        let offset = rest.first == UInt8(ascii: ",") ? standard + 3_600 : Self.duration(&rest).map { -$0 }
        guard let offset, let start = Self.change(&rest), let end = Self.change(&rest), rest.isEmpty else {
            return nil
        }
        summer = (offset, start, end)
    }

    /// Seconds east of UTC at a time.
    func offset(at seconds: Int64) -> Int64 {
        guard let summer else { return standard }
        let year = CivilTime(secondsAsUTC: seconds + standard).year
        let start = Self.seconds(of: summer.start, year) - standard
        let end = Self.seconds(of: summer.end, year) - summer.offset
        let isSummer = start < end ? (start..<end).contains(seconds) : !(end..<start).contains(seconds)
        return isSummer ? summer.offset : standard
    }

    private static func seconds(of change: Change, _ year: Int64) -> Int64 {
        let newYear = CivilTime.days(year, 1, 1)
        let day: Int64
        switch change.day {
        case .julian(let number):
            day = newYear + number - 1 + (CivilTime.isLeap(year) && number >= 60 ? 1 : 0)
        case .ofYear(let number):
            day = newYear + number
        case .weekday(let month, let week, let weekday):
            let first = CivilTime.days(year, month, 1)
            // 1 January 1970 was a Thursday.
            let shift = (weekday - (first + 4) % 7 + 14) % 7
            let last = CivilTime.days(in: month, of: year)
            day = first + min(shift + (week - 1) * 7, shift + (last - 1 - shift) / 7 * 7)
        }
        return day * 86_400 + change.time
    }

    private static func name(_ rest: inout ArraySlice<UInt8>) -> Bool {
        if rest.first == UInt8(ascii: "<") {
            guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return false }
            rest = rest[(end + 1)...]
            return true
        }
        let letters = rest.prefix { ($0 | 0x20) >= UInt8(ascii: "a") && ($0 | 0x20) <= UInt8(ascii: "z") }
        rest = rest.dropFirst(letters.count)
        return letters.count >= 3
    }

    private static func number(_ rest: inout ArraySlice<UInt8>) -> Int64? {
        let digits = rest.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        rest = rest.dropFirst(digits.count)
        return Int64(String(decoding: digits, as: UTF8.self))
    }

    private static func take(_ wanted: Unicode.Scalar, _ rest: inout ArraySlice<UInt8>) -> Bool {
        guard rest.first == UInt8(ascii: wanted) else { return false }
        rest.removeFirst()
        return true
    }

    /// `[+-]hh[:mm[:ss]]` in seconds.
    private static func duration(_ rest: inout ArraySlice<UInt8>) -> Int64? {
        let isNegative = take("-", &rest)
        if !isNegative { _ = take("+", &rest) }
        guard var seconds = number(&rest).map({ $0 * 3_600 }) else { return nil }
        for unit in [60, 1] as [Int64] where take(":", &rest) {
            guard let part = number(&rest) else { return nil }
            seconds += part * unit
        }
        return isNegative ? -seconds : seconds
    }

    /// `,M3.5.0/2`
    private static func change(_ rest: inout ArraySlice<UInt8>) -> Change? {
        guard take(",", &rest) else { return nil }
        let day: Day
        if take("M", &rest) {
            guard let month = number(&rest), take(".", &rest), let week = number(&rest), take(".", &rest),
                let weekday = number(&rest), (1...12).contains(month), (1...5).contains(week),
                (0...6).contains(weekday)
            else { return nil }
            day = .weekday(month: month, week: week, day: weekday)
        } else if take("J", &rest) {
            guard let number = number(&rest), (1...365).contains(number) else { return nil }
            day = .julian(number)
        } else {
            guard let number = number(&rest), (0...365).contains(number) else { return nil }
            day = .ofYear(number)
        }
        guard take("/", &rest) else { return Change(day: day, time: 7_200) }
        return duration(&rest).map { Change(day: day, time: $0) }
    }
}
