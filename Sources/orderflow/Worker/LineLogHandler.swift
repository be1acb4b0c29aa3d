internal import Glibc
internal import Logging

/// Writes log entries to the error output, one a line: for people, or one JSON object each.
struct LineLogHandler: LogHandler {
    let format: LogFormat
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    init(format: LogFormat, level: Logger.Level) {
        self.format = format
        logLevel = level
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let time = UTCTime(microseconds: Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1_000).full
        let merged = metadata.merging(event.metadata ?? [:]) { _, new in new }.sorted { $0.key < $1.key }
        switch format {
        case .text:
            let details = merged.map { " \($0.key)=\(Self.quoted("\($0.value)"))" }.joined()
            Console.message("\(time) \(event.level) \(event.message)\(details)")
        case .json:
            let fields: [(name: String, json: String)] = [
                ("time", JSONText.string(time)), ("level", JSONText.string("\(event.level)")),
                ("message", JSONText.string("\(event.message)")),
            ]
            Console.message(JSONText.object(fields + merged.map { ($0.key, JSONText.string("\($0.value)")) }))
        }
    }

    private static func quoted(_ text: String) -> String {
        text.isEmpty || text.contains { $0.isWhitespace || $0 == "\"" || $0 == "=" } ? JSONText.string(text) : text
    }
}
