internal import Glibc
internal import Synchronization

/// Runs a closure that blocks on a thread of its own and awaits its result.
///
/// Swift's pool has one thread a core: two tests that block there would starve all others.
///
/// Only so many run at once: a hundred tests that log in together time out together.
public func onThread<T: Sendable>(_ body: @Sendable @escaping () throws -> T) async throws -> T {
    await ThreadGate.shared.enter()
    defer { ThreadGate.shared.leave() }
    return try await withCheckedThrowingContinuation { continuation in
        let work = Work { continuation.resume(with: Result(catching: body)) }
        var thread = pthread_t()
        let argument = Unmanaged.passRetained(work)
        let failure = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, argument.toOpaque())
        guard failure == 0 else {
            argument.release()
            continuation.resume(throwing: TestServersError("no thread: \(String(cString: strerror(failure)))"))
            return
        }
        pthread_detach(thread)
    }
}

private final class Work: Sendable {
    let run: @Sendable () -> Void

    init(run: @escaping @Sendable () -> Void) {
        self.run = run
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
