/// Judges whether a lane has made no progress for too long.
///
/// It looks about once a second. Where its own looks lie far apart, the whole process stood still (a machine that was
/// suspended, a container that was paused): no lane is to blame for that time, and each gets the whole limit afresh.
struct Watchdog {
    private let limit: Duration
    private var lookedAt: ContinuousClock.Instant
    private var awakeSince: ContinuousClock.Instant

    /// A process that could not run even the watchdog for so long was not running.
    private static let standstill = Duration.seconds(5)

    init(limit: Duration, now: ContinuousClock.Instant = .now) {
        self.limit = limit
        lookedAt = now
        awakeSince = now
    }

    /// Whether a lane that was last in its waiting place `silence` ago is stuck.
    mutating func finds(silence: Duration, now: ContinuousClock.Instant = .now) -> Bool {
        if now - lookedAt > Self.standstill { awakeSince = now }
        lookedAt = now
        return min(silence, now - awakeSince) > limit
    }
}
