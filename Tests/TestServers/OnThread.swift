internal import Glibc
internal import Synchronization

/// Runs a closure that blocks on a thread of its own and awaits its result.
///
/// Swift's pool has one thread a core: two tests that block there would starve all others.
///
/// Only so many run at once: a hundred tests that log in together time out together.
public func onThread<T: Sendable>(_ body: @Sendable @escaping () throws -> T) async throws -> T {
    await ThreadGate.shared.enter()
    let result = await Task(executorPreference: FreshThreads()) { Result { try body() } }.value
    ThreadGate.shared.leave()
    return try result.get()
}

/// Runs a closure on a thread of its own, at once and for as long as it likes: what tests talk to, not a test.
public func detachThread(_ body: @Sendable @escaping () -> Void) {
    let work = Unmanaged.passRetained(Work(body))
    var thread = pthread_t()
    let failure = pthread_create(
        &thread, nil,
        { argument in
            guard let argument else { return nil }
            Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run()
            return nil
        }, work.toOpaque())
    guard failure == 0 else {
        // No thread can be had: run it here, late rather than never.
        return work.takeRetainedValue().run()
    }
    pthread_detach(thread)
}

private final class Work: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @Sendable @escaping () -> Void) {
        self.run = run
    }
}

/// Runs each job on a thread of its own. It is a job of the test's task still: its issues are told under the test's name.
private final class FreshThreads: TaskExecutor {
    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        detachThread { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

/// Lets so many in at once, the others in the order in which they came.
private final class ThreadGate: Sendable {
    static let shared = ThreadGate(width: 12)

    private struct State {
        var free: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    init(width: Int) {
        state = Mutex(State(free: width))
    }

    func enter() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.free > 0 else {
                    state.waiting.append(continuation)
                    return false
                }
                state.free -= 1
                return true
            }
            if isFree { continuation.resume() }
        }
    }

    func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            if state.waiting.isEmpty {
                state.free += 1
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume()
    }
}
