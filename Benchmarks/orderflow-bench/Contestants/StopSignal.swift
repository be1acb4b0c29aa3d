internal import Glibc

/// SIGTERM as a call on a thread of its own. Made before any other thread, which inherits that the signal is blocked.
struct StopSignal {
    private var signals = sigset_t()

    init() {
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    func onSignal(_ stop: @escaping @Sendable () -> Void) throws {
        let signals = signals
        try PlainThread.start {
            var signals = signals
            var number: Int32 = 0
            sigwait(&signals, &number)
            stop()
        }
    }
}

/// A thread, since what blocks must not run on Swift's pool.
enum PlainThread {
    static func start(_ body: @escaping @Sendable () -> Void) throws {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(Body(body))
        let failure = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, context.toOpaque())
        guard failure == 0 else {
            context.release()
            throw BenchFailure("no thread: \(String(cString: strerror(failure)))")
        }
        pthread_detach(thread)
    }

    private final class Body: Sendable {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) {
            self.run = run
        }
    }
}
