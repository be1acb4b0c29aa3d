/// Days of the week and times of day, from seconds alone.
enum Weekday {
    /// From Monday on.
    static let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    private static let daySeconds: Int64 = 86_400

    /// The day of a moment, in a zone so many seconds east of UTC. The first of January 1970 was a Thursday.
    static func name(at time: Timestamp, zoneSeconds: Int64) -> String {
        names[Int(((day(at: time, zoneSeconds: zoneSeconds) + 3) % 7 + 7) % 7)]
    }

    /// Days since the first of January 1970.
    static func day(at time: Timestamp, zoneSeconds: Int64) -> Int64 {
        let seconds = time.wholeSeconds + zoneSeconds
        return seconds >= 0 ? seconds / daySeconds : (seconds - daySeconds + 1) / daySeconds
    }

    /// Minutes since midnight.
    static func minute(at time: Timestamp, zoneSeconds: Int64) -> Int64 {
        let seconds = (time.wholeSeconds + zoneSeconds) % daySeconds
        return (seconds >= 0 ? seconds : seconds + daySeconds) / 60
    }
}

extension Timestamp {
    /// Seconds since the Unix epoch, rounded down.
    fileprivate var wholeSeconds: Int64 {
        microseconds >= 0 ? microseconds / 1_000_000 : (microseconds - 999_999) / 1_000_000
    }
}
