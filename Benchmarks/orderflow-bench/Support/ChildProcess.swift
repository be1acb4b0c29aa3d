internal import Glibc

/// A program that was started here, and is ended here.
final class ChildProcess {
    let pid: pid_t
    private(set) var status: Int32?
    /// CPU time that it has used; known when it has ended.
    private(set) var cpuSeconds = 0.0

    /// Starts a program. Its output goes to a file, or where ours goes.
    init(_ arguments: [String], environment: [String: String] = [:], logFile: String? = nil) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let logFile {
            posix_spawn_file_actions_addopen(&actions, 1, logFile, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
            posix_spawn_file_actions_adddup2(&actions, 1, 2)
        }
        let variables = Self.inherited.merging(environment) { _, new in new }.map { "\($0.key)=\($0.value)" }
        var pid: pid_t = 0
        let failure = Self.withCStrings(arguments) { arguments in
            Self.withCStrings(variables) { variables in
                arguments[0].map { posix_spawnp(&pid, $0, &actions, nil, arguments, variables) } ?? EINVAL
            }
        }
        guard failure == 0 else {
            throw BenchFailure("can't start \(arguments[0]): \(String(cString: strerror(failure)))")
        }
        self.pid = pid
    }

    /// Runs a program to its end and gives its exit status.
    static func run(_ arguments: [String], environment: [String: String] = [:], logFile: String? = nil) throws -> Int32
    {
        let child = try ChildProcess(arguments, environment: environment, logFile: logFile)
        while !child.hasEnded { usleep(10_000) }
        return child.status ?? -1
    }

    /// Asks it to end.
    func terminate() {
        if !hasEnded { kill(pid, SIGTERM) }
    }

    /// Whether it has ended; its exit status is known then, of a signal its negative number.
    var hasEnded: Bool {
        if status != nil { return true }
        var raw: Int32 = 0
        var usage = rusage()
        guard wait4(pid, &raw, WNOHANG, &usage) == pid else { return false }
        cpuSeconds =
            Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
            + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1_000_000
        status = raw & 0x7F == 0 ? (raw >> 8) & 0xFF : -(raw & 0x7F)
        return true
    }

    /// Waits for its end; after `seconds` it is killed.
    func wait(seconds: Int) -> Int32 {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while !hasEnded {
            if .now > deadline { kill(pid, SIGKILL) }
            usleep(10_000)
        }
        return status ?? -1
    }

    deinit {
        if !hasEnded { kill(pid, SIGKILL) }
    }

    private static var inherited: [String: String] {
        var variables: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let parts = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
            entry += 1
        }
        return variables
    }

    private static func withCStrings<Result>(
        _ texts: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        let copies: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) } + [nil]
        defer { for copy in copies { free(copy) } }
        return copies.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { preconditionFailure("a list of texts ends with a nil") }
            return body(start)
        }
    }
}
