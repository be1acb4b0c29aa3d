internal import Glibc
internal import Synchronization

/// Runs a closure on a thread of its own: what blocks must never run on Swift's pool, which has one thread a core.
func startThread(_ body: @escaping @Sendable () -> Void) {
    let box = Unmanaged.passRetained(ThreadBody(body))
    var thread: pthread_t = 0
    let status = pthread_create(
        &thread, nil,
        { context in
            guard let context else { return nil }
            let body = Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue()
            body.run()
            return nil
        }, box.toOpaque())
    if status == 0 {
        pthread_detach(thread)
    } else {
        // No thread can be had: run it here, late rather than never.
        box.takeRetainedValue().run()
    }
}

private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

/// Wakes a thread that polls: a descriptor that becomes readable.
final class WakeUp: Sendable {
    /// To be polled for input.
    let descriptor: Int32
    private let writing: Int32

    init() {
        var ends: [Int32] = [-1, -1]
        _ = pipe(&ends)
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        descriptor = ends[0]
        writing = ends[1]
    }

    deinit {
        close(descriptor)
        close(writing)
    }

    /// Makes the descriptor readable.
    func signal() {
        var byte: UInt8 = 1
        _ = write(writing, &byte, 1)
    }

    /// Makes it unreadable again.
    func clear() {
        var bytes = [UInt8](repeating: 0, count: 64)
        while read(descriptor, &bytes, bytes.count) > 0 {}
    }
}

/// The longest rest between two attempts at a connection, in milliseconds: who comes back is found again within seconds.
private let longestDelay = 3_000

/// Makes connections on a helper thread, since name look-up, TLS and log-in block for seconds, and hands them over ready.
///
/// One attempt at a time; the delay before the next grows with each failure, with full jitter, to `longestDelay`.
final class Dialer<Connection: Sendable>: Sendable {
    private struct State {
        var isDialling = false
        var failures = 0
        var result: Result<Connection, any Error>?
    }

    private let wake: WakeUp
    private let dial: @Sendable () throws -> Connection
    private let state = Mutex(State())

    init(wake: WakeUp, _ dial: @escaping @Sendable () throws -> Connection) {
        self.wake = wake
        self.dial = dial
    }

    /// Begins an attempt, unless one is under way or its result waits to be taken.
    func start() {
        let failures = state.withLock { state -> Int? in
            guard !state.isDialling, state.result == nil else { return nil }
            state.isDialling = true
            return state.failures
        }
        guard let failures else { return }
        startThread { [self] in
            if failures > 0 {
                let longest = min(longestDelay, 200 << min(failures, 6))
                usleep(UInt32.random(in: 50...UInt32(longest)) * 1_000)
            }
            let result = Result { try dial() }
            state.withLock { state in
                state.isDialling = false
                state.result = result
                if case .failure = result { state.failures += 1 }
            }
            wake.signal()
        }
    }

    /// The connection that was made is of use: the next attempt comes at once.
    func worked() { state.withLock { $0.failures = 0 } }

    /// The connection that was made is of no use, which counts as an attempt that failed.
    func failed() { state.withLock { $0.failures += 1 } }

    /// The outcome of the last attempt, once.
    func take() -> Result<Connection, any Error>? {
        state.withLock { state in
            defer { state.result = nil }
            return state.result
        }
    }
}
