internal import Glibc
internal import Synchronization

/// What the threads of the relay share.
final class RelayState: Sendable {
    private struct State {
        var relayed = 0
        var isStopping = false
        var ended = 0
        var clock = PhaseClock()
        var failure: (any Error)?
    }

    private let state = Mutex(State())

    var isStopping: Bool { state.withLock { $0.isStopping } }
    var clock: PhaseClock { state.withLock { $0.clock } }

    func relayed() throws -> Int {
        let (failure, relayed) = state.withLock { ($0.failure, $0.relayed) }
        if let failure { throw failure }
        return relayed
    }

    func add(_ count: Int) { state.withLock { $0.relayed += count } }
    func add(_ clock: PhaseClock) { state.withLock { $0.clock = $0.clock + clock } }
    func failed(_ error: any Error) { state.withLock { $0.failure = $0.failure ?? error } }
    func ended() { state.withLock { $0.ended += 1 } }

    func stop(threads: Int) {
        state.withLock { $0.isStopping = true }
        while state.withLock({ $0.ended }) < threads { usleep(1_000) }
    }
}
