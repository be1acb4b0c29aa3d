internal import Glibc

/// SIGTERM and SIGINT, turned into a call on a thread of its own.
enum StopSignals {
    /// Call before any other thread is started: they inherit that the signals are blocked.
    ///
    /// The first signal calls `stop`; a second one ends the process at once.
    static func onFirst(_ stop: @escaping @Sendable () -> Void) throws(Failure) {
        signal(SIGPIPE, SIG_IGN)
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        sigaddset(&signals, SIGINT)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        var thread = pthread_t()
        let argument = Unmanaged.passRetained(Waiter(signals, stop))
        let failure = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Waiter>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, argument.toOpaque())
        guard failure == 0 else {
            argument.release()
            throw Failure(.unavailable, "no thread: \(String(cString: strerror(failure)))")
        }
        pthread_detach(thread)
    }

    private final class Waiter: Sendable {
        private let signals: sigset_t
        private let stop: @Sendable () -> Void

        init(_ signals: sigset_t, _ stop: @escaping @Sendable () -> Void) {
            self.signals = signals
            self.stop = stop
        }

        func run() {
            var signals = signals
            var number: Int32 = 0
            sigwait(&signals, &number)
            stop()
            sigwait(&signals, &number)
            _exit(128 + number)
        }
    }
}
