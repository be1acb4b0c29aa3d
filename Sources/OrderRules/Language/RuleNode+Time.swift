internal import OrderCore
internal import OrderMessages

extension RuleNode {
    /// A moment: `2026-11-01T00:00:00+08:00`.
    func moment() -> Timestamp? {
        guard let text = text() else { return nil }
        guard let time = RFC3339.parse(text) else {
            error("expected a moment with its zone, as 2026-11-01T00:00:00+08:00, got \(kind)")
            return nil
        }
        return time
    }

    /// Seconds east of UTC: `+08:00`, `Z`.
    func zone() -> Int64? {
        guard let text = text() else { return nil }
        if text == "Z" || text == "UTC" { return 0 }
        guard let sign = text.first, sign == "+" || sign == "-", let minutes = Self.minutes(String(text.dropFirst())),
            minutes <= 14 * 60
        else {
            error("expected an offset from UTC, as \"+08:00\", got \(kind)")
            return nil
        }
        return (sign == "-" ? -minutes : minutes) * 60
    }

    /// Minutes since midnight: `08:30`; `24:00` is the end of the day.
    func timeOfDay() -> Int64? {
        guard let text = text() else { return nil }
        guard let minutes = Self.minutes(text), minutes <= 24 * 60 else {
            error("expected a time of day, as \"08:30\", got \(kind)")
            return nil
        }
        return minutes
    }

    /// `{days: 1, hours: 12}`, in seconds; each unit of zero or more.
    func duration(atLeast least: Int64 = 1) -> Int64? {
        guard isMapping else {
            error("expected a duration, as {minutes: 30}, got \(kind)")
            return nil
        }
        guard let known = members(DurationKey.keys, "unit"), known.count == members()?.count else { return nil }
        return duration(of: known, atLeast: least)
    }

    /// The duration that some of the members are.
    func duration(of members: [String: RuleNode], atLeast least: Int64) -> Int64? {
        var sum: Int64 = 0
        var isWhole = true
        for unit in DurationKey.allCases {
            guard let member = members[unit.rawValue] else { continue }
            guard let count = member.integer(0...Self.longest / unit.seconds, "a number of \(unit)") else {
                isWhole = false
                continue
            }
            sum += count * unit.seconds
        }
        guard isWhole else { return nil }
        guard sum >= least else {
            error("expected a duration that is not zero, as {minutes: 30}")
            return nil
        }
        return sum
    }

    /// Ten years.
    private static let longest: Int64 = 3_650 * 86_400

    private static func minutes(_ text: String) -> Int64? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2,
            parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { (48...57).contains($0) } }),
            let hours = Int64(parts[0]), let minutes = Int64(parts[1]), minutes < 60
        else { return nil }
        return hours * 60 + minutes
    }
}
