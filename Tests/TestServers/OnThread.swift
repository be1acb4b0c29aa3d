internal import Glibc

/// Runs a closure that blocks on a thread of its own and awaits its result.
///
/// Swift's pool has one thread a core: two tests that block there would starve all others.
public func onThread<T: Sendable>(_ body: @Sendable @escaping () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
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
