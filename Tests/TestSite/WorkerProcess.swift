package import Glibc
import Synchronization
import TestServers

/// `orderflow worker` as a process of its own: it can be killed at any moment, as machines are.
package final class WorkerProcess: Sendable {
    package let pid: pid_t
    private let status = Mutex<Int32?>(nil)

    /// - Parameter environment: further variables, such as a failure point or a library to load first.
    package init(
        postgresURL: String, amqpURL: String, lanes: Int, environment more: [String: String] = [:]
    ) throws {
        let program = try Self.program()
        let environment =
            [
                "PATH=/usr/bin:/bin", "ORDERFLOW_CONFIG=/dev/null", "ORDERFLOW_POSTGRES_URL=\(postgresURL)",
                "ORDERFLOW_AMQP_URL=\(amqpURL)", "ORDERFLOW_WORKER_DRAIN_SECONDS=\(Self.drainSeconds)",
                "ORDERFLOW_SECURITY_SOURCES=shop=*", "ORDERFLOW_INSTANCE=test",
                "ORDERFLOW_SECURITY_STAFF=orderflow=administrator", "ORDERFLOW_LOG_LEVEL=\(Self.logLevel)",
            ].filter { entry in !more.keys.contains { entry.hasPrefix($0 + "=") } } + more.map { "\($0)=\($1)" }
        pid = try Self.spawn([program, "worker", "--lanes", String(lanes)], environment)
    }

    /// How long a drain may take: long, so that a test on a busy machine sees one that has come to its end.
    package static let drainSeconds = 80

    private static var logLevel: String { getenv("ORDERFLOW_TEST_LOG") == nil ? "critical" : "info" }

    /// The program stands beside the tests in the build products.
    package static func program() throws -> String {
        var path = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = readlink("/proc/self/exe", &path, path.count - 1)
        let own = String(decoding: path.prefix(max(0, length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        var folder = own[...]
        while let slash = folder.lastIndex(of: "/") {
            folder = folder[..<slash]
            let candidate = folder + "/orderflow"
            if access(String(candidate), X_OK) == 0 { return String(candidate) }
            if folder.split(separator: "/").count < 2 { break }
        }
        throw Unmet(what: "no program orderflow beside \(own)")
    }

    private static func spawn(_ arguments: [String], _ environment: [String]) throws -> pid_t {
        var pid: pid_t = 0
        var argv = arguments.map { strdup($0) } + [nil]
        var envp = environment.map { strdup($0) } + [nil]
        defer { (argv + envp).forEach { free($0) } }
        // Threads of Swift's pool block signals, and who is spawned there inherits that: it would be deaf to SIGTERM.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let failure = posix_spawn(&pid, arguments[0], nil, &attributes, &argv, &envp)
        guard failure == 0 else {
            throw Unmet(what: "cannot run \(arguments[0]): \(String(cString: strerror(failure)))")
        }
        return pid
    }

    /// Whether it still runs.
    package var isRunning: Bool { exitStatus == nil }

    /// How it ended, as `waitpid` tells it; nil while it runs.
    package var exitStatus: Int32? {
        status.withLock { known in
            if known != nil { return known }
            var status: Int32 = 0
            if waitpid(pid, &status, WNOHANG) == pid { known = status }
            return known
        }
    }

    /// As a power cut: nothing is finished, nothing is said.
    package func kill9() {
        guard isRunning else { return }
        kill(pid, SIGKILL)
        _ = try? waitUntil("the end of a killed worker") { !isRunning }
    }

    /// SIGSTOP: nothing answers, and its connections stay open. `thaw` undoes it.
    package func freeze() { if isRunning { kill(pid, SIGSTOP) } }

    /// It was stopped, and nobody has woken it.
    package var isFrozen: Bool { statusField("State:") == "T" }

    /// SIGCONT.
    package func thaw() { if isRunning { kill(pid, SIGCONT) } }

    /// SIGTERM; to one that has only just begun when it has come to listen.
    package func terminate() {
        _ = try? waitUntil("a worker that listens") { !isRunning || isListening }
        if isRunning { kill(pid, SIGTERM) }
    }

    /// SIGTERM does not kill it any more: a thread waits for it.
    private var isListening: Bool {
        let blocked = statusField("SigBlk:").flatMap { UInt64($0, radix: 16) } ?? 0
        return blocked & 1 << (SIGTERM - 1) != 0
    }

    /// Waits for its end; the status as `waitpid` tells it.
    package func end(within seconds: Double = 90) throws -> Int32 {
        try waitUntil("the end of a worker", within: seconds) { !isRunning }
        return exitStatus ?? -1
    }

    /// Resident memory in KiB.
    package var residentKilobytes: Int { statusField("VmRSS:").flatMap { Int($0) } ?? 0 }

    /// The first word of a line of its status in `/proc`.
    private func statusField(_ name: String) -> String? {
        guard let file = fopen("/proc/\(pid)/status", "r") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        while fgets(&line, Int32(line.count), file) != nil {
            let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if text.hasPrefix(name) { return text.split { $0.isWhitespace }.dropFirst().first.map(String.init) }
        }
        return nil
    }
}
