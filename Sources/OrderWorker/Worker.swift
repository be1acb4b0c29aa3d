internal import Glibc
public import Logging
internal import Synchronization

/// A worker process: a few lanes, each on a thread of its own, and a watchdog.
public final class Worker: Sendable {
    private let settings: WorkerSettings
    private let log: Logger
    private let control = WorkerControl()

    /// A worker that does nothing yet.
    public init(_ settings: WorkerSettings, log: Logger) {
        self.settings = settings
        self.log = log
    }

    /// Takes messages until ``stop()`` is called from another thread, then drains; blocks the calling thread until then.
    ///
    /// Servers that are away are waited for; nothing here throws. It drains by itself when a newer program has taken away
    /// from the schema what this one needs, and returns a sentence that says so.
    @discardableResult
    public func run() -> String? {
        let running = ThreadCount(settings.lanes)
        for index in 1...settings.lanes {
            var log = log
            log[metadataKey: "lane"] = "\(index)"
            startThread { [settings, control, log] in
                Lane(name: "lane-\(index)", settings: settings, control: control, log: log).run()
                running.end()
            }
        }
        watch(while: running)
        running.wait()
        return control.stopReason
    }

    /// Lets the lanes finish what they have in hand, confirm it, and end.
    public func stop() {
        control.stop()
    }

    /// Ends the process when a lane makes no progress: crash marks then tell what it was at.
    private func watch(while running: ThreadCount) {
        let limit = Duration.seconds(settings.watchdogSeconds)
        startThread { [control, log] in
            var watchdog = Watchdog(limit: limit)
            while running.isAny {
                sleep(1)
                guard watchdog.finds(silence: control.longestSilence) else { continue }
                log.critical("a lane makes no progress: the process ends", metadata: ["for": "\(limit)"])
                _exit(70)
            }
        }
    }
}

/// Waits until so many threads have ended.
private final class ThreadCount: Sendable {
    private let left: Mutex<Int>
    private let wake = WakeUp()

    init(_ count: Int) { left = Mutex(count) }

    func end() {
        let isLast = left.withLock { count in
            count -= 1
            return count == 0
        }
        if isLast { wake.signal() }
    }

    var isAny: Bool { left.withLock { $0 > 0 } }

    func wait() {
        while isAny {
            var entry = pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0)
            _ = poll(&entry, 1, 1_000)
        }
    }
}
