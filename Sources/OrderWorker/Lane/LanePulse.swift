internal import Synchronization

/// What the watchdog looks at: when a lane last waited, which it does only in `pump`.
final class LanePulse: Sendable {
    private let microseconds = Atomic<Int64>(0)
    private let start = ContinuousClock.now

    init() { beat() }

    /// The lane is in its waiting place: it makes progress.
    func beat() {
        let (seconds, attoseconds) = start.duration(to: .now).components
        microseconds.store(seconds * 1_000_000 + attoseconds / 1_000_000_000_000, ordering: .relaxed)
    }

    /// How long the lane has not been there.
    var silence: Duration {
        start.duration(to: .now) - .microseconds(microseconds.load(ordering: .relaxed))
    }
}
