import Logging
import Synchronization

/// What a worker in this process has said, for tests that wait for something that only its log tells.
package final class WorkerLog: Sendable {
    private let lines = Mutex<[String]>([])

    func take(_ line: String) { lines.withLock { $0.append(line) } }

    /// How often it has said something with these words.
    package func count(of words: String) -> Int {
        lines.withLock { $0.count { $0.contains(words) } }
    }
}

/// Keeps entries, and prints them too where a person wants to look on.
struct WorkerLogHandler: LogHandler {
    let log: WorkerLog
    let isPrinted: Bool
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let merged = metadata.merging(event.metadata ?? [:]) { _, new in new }.sorted { $0.key < $1.key }
        let details = merged.map { " \($0.key)=\($0.value)" }.joined()
        let line = "\(event.level) \(event.message)\(details)"
        log.take(line)
        if isPrinted { print(line) }
    }
}
