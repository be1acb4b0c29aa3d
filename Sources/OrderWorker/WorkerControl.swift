internal import Synchronization

/// What the threads of a worker share: the wish to stop, and the lanes' pulses.
final class WorkerControl: Sendable {
    private let stopping = Atomic<Bool>(false)
    private let stoppedAt = Mutex<ContinuousClock.Instant?>(nil)
    private let reason = Mutex<String?>(nil)
    private let lanes = Mutex<[(pulse: LanePulse, wake: WakeUp)]>([])
    private let takingIn = Mutex<[LanePulse]>([])

    /// Lanes are to drain and end.
    var isStopping: Bool { stopping.load(ordering: .relaxed) }

    /// Asks the lanes to drain and end.
    func stop() {
        stoppedAt.withLock { $0 = $0 ?? .now }
        stopping.store(true, ordering: .relaxed)
        lanes.withLock { for lane in $0 { lane.wake.signal() } }
    }

    /// Asks the lanes to drain and end because this program can't go on.
    func stop(because sentence: String) {
        reason.withLock { $0 = $0 ?? sentence }
        stop()
    }

    /// Why this program can't go on, where it can't.
    var stopReason: String? { reason.withLock { $0 } }

    /// The wish to stop is so old.
    func hasStopped(for duration: Duration) -> Bool {
        stoppedAt.withLock { $0.map { .now - $0 >= duration } ?? false }
    }

    /// A lane is there.
    func register(_ pulse: LanePulse, _ wake: WakeUp) {
        lanes.withLock { $0.append((pulse, wake)) }
        takingIn.withLock { $0.append(pulse) }
    }

    /// A lane has ended: nobody waits for its pulse.
    func remove(_ pulse: LanePulse) {
        lanes.withLock { $0.removeAll { $0.pulse === pulse } }
    }

    /// A lane takes nothing into batches any more.
    func endIntake(_ pulse: LanePulse) {
        takingIn.withLock { $0.removeAll { $0 === pulse } }
    }

    /// Some lane takes in still.
    var takesIn: Bool { takingIn.withLock { !$0.isEmpty } }

    /// The longest that a lane has not been in its waiting place.
    var longestSilence: Duration {
        lanes.withLock { $0.map(\.pulse.silence).max() ?? .zero }
    }
}
