internal import Glibc

/// CPU time of one thread by what it was doing.
struct PhaseClock: Sendable {
    enum Phase: String, CaseIterable {
        case receive, decode, load, decide, write, publish, ack
    }

    private(set) var nanoseconds: [Phase: Int64] = [:]
    private var last: Int64 = 0

    /// What comes now is not counted before the next lap begins.
    mutating func start() { last = Self.now }

    /// Since the last lap it was this.
    mutating func lap(_ phase: Phase) {
        let now = Self.now
        nanoseconds[phase, default: 0] += now - last
        last = now
    }

    static func + (left: PhaseClock, right: PhaseClock) -> PhaseClock {
        var sum = left
        sum.nanoseconds.merge(right.nanoseconds, uniquingKeysWith: +)
        return sum
    }

    /// CPU time of this thread, in nanoseconds.
    static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
