internal import Glibc
internal import Synchronization

/// Batches for threads that take them in turn. A step begins when the one before the last is done, as with the load.
final class Feed: Sendable {
    struct Batch: Sendable {
        let step: Int
        let messages: [Incoming]
    }

    private struct State {
        var next = 0
        /// Batches of each step that are not done.
        var left: [Int: Int]
        var ready = 0
        var ended = 0
        var hasBegun = false
        var failure: (any Error)?
    }

    private let batches: [Batch]
    private let state: Mutex<State>

    /// - Parameter steps: the messages of each.
    init(_ steps: [[Incoming]], batch size: Int) {
        batches = steps.enumerated().flatMap { step, messages in
            stride(from: 0, to: messages.count, by: size).map { start in
                Batch(step: step, messages: Array(messages[start..<min(start + size, messages.count)]))
            }
        }
        state = Mutex(State(left: Dictionary(batches.map { ($0.step, 1) }, uniquingKeysWith: +)))
    }

    var count: Int { batches.count }

    /// The next batch, once its time has come; nil when there is none left.
    func take() -> Batch? {
        while true {
            var isOver = false
            let batch: Batch? = state.withLock { state in
                isOver = state.next == batches.count || state.failure != nil
                guard state.hasBegun, !isOver else { return nil }
                let batch = batches[state.next]
                guard !state.left.contains(where: { $0.key <= batch.step - 2 && $0.value > 0 }) else { return nil }
                state.next += 1
                return batch
            }
            if batch != nil || isOver { return batch }
            usleep(100)
        }
    }

    func done(_ batch: Batch) { state.withLock { $0.left[batch.step, default: 0] -= 1 } }

    // A thread is ready; it has ended, or failed.
    func ready() { state.withLock { $0.ready += 1 } }
    func ended() { state.withLock { $0.ended += 1 } }
    func failed(_ error: any Error) { state.withLock { $0.failure = $0.failure ?? error } }

    /// Starts when so many threads are ready, and gives the seconds until they have ended.
    func run(threads: Int) throws -> Double {
        while try check({ $0.ready }) < threads { usleep(1_000) }
        let start = ContinuousClock.now
        state.withLock { $0.hasBegun = true }
        while try check({ $0.ended }) < threads { usleep(500) }
        return (ContinuousClock.now - start) / .seconds(1)
    }

    private func check(_ count: (State) -> Int) throws -> Int {
        let (failure, count) = state.withLock { ($0.failure, count($0)) }
        if let failure { throw failure }
        return count
    }
}
