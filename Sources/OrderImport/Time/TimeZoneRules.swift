/// The offsets of a time zone through history, as the machine's time zone database has them (RFC 8536).
///
/// A clock time that there was twice (clocks set back) is the first of both. One that there never was (clocks set
/// forward) is as much later as the clocks were set: 00:30 where 00:00 became 01:00 is 01:30. Java and Temporal do so too.
struct TimeZoneRules: Sendable {
    let name: String
    /// When the offset changed, seconds since 1970.
    private let transitions: [Int64]
    /// The offset before the first transition, then from each on.
    private let offsets: [Int64]
    /// What holds after the last transition.
    private let rule: PosixTimeZone?

    init(name: String, transitions: [Int64], offsets: [Int64], rule: PosixTimeZone?) {
        self.name = name
        self.transitions = transitions
        self.offsets = offsets
        self.rule = rule
    }

    /// The zone whose clocks are always the same.
    static let utc = TimeZoneRules(name: "UTC", transitions: [], offsets: [0], rule: nil)

    /// Seconds east of UTC at a time.
    func offset(at seconds: Int64) -> Int64 {
        var low = 0
        var high = transitions.count
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle] <= seconds { low = middle + 1 } else { high = middle }
        }
        if low == transitions.count, let rule { return rule.offset(at: seconds) }
        return offsets[low]
    }

    /// The moment when the zone's clocks showed a time.
    func moment(_ civil: CivilTime) -> Moment {
        let shown = civil.secondsAsUTC
        // No zone is further than a day from UTC, and none changes twice within two days.
        let before = offset(at: shown - 86_400)
        let after = offset(at: shown + 86_400)
        let earlier = shown - max(before, after)
        let later = shown - min(before, after)
        let seconds: Int64
        if earlier + offset(at: earlier) == shown {
            seconds = earlier
        } else if later + offset(at: later) == shown {
            seconds = later
        } else {
            seconds = shown - before
        }
        return Moment(
            microseconds: seconds * 1_000_000 + civil.microsecond, offsetSeconds: offset(at: seconds))
    }
}
