import Foundation
import Logging
package import OrderWorker
import Synchronization
import TestServers

/// A worker on threads of this process.
package final class RunningWorker: Sendable {
    private let worker: Worker
    private let reason = Mutex<String?>(nil)
    private let hasEnded = Ended()
    /// What it has said.
    package let log = WorkerLog()

    package init(_ settings: WorkerSettings) {
        let isPrinted = ProcessInfo.processInfo.environment["ORDERFLOW_TEST_LOG"] != nil
        let handler = WorkerLogHandler(log: log, isPrinted: isPrinted)
        worker = Worker(settings, log: Logger(label: "worker") { _ in handler })
        Thread.detachNewThread { [self] in
            let sentence = worker.run()
            reason.withLock { $0 = sentence }
            hasEnded.signal()
        }
    }

    /// Waits until it ends by itself; the reason that it gives.
    package func endsByItself(within seconds: Double = 90) -> String? {
        hasEnded.wait(seconds) ? reason.withLock { $0 } : nil
    }

    package func askToStop() { worker.stop() }

    /// Asks for a drain and waits for its end; true when it came in time.
    @discardableResult
    package func stop(within seconds: Double = 90) -> Bool {
        worker.stop()
        return hasEnded.wait(seconds)
    }
}

/// A thread has ended.
private final class Ended: Sendable {
    private let flag = Atomic<Bool>(false)

    func signal() { flag.store(true, ordering: .releasing) }

    func wait(_ seconds: Double) -> Bool {
        (try? waitUntil("the worker has ended", within: seconds) { flag.load(ordering: .acquiring) }) != nil
    }
}
