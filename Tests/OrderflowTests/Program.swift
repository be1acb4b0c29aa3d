import Glibc
import TestServers

/// Runs the built program as a user does.
struct Program: Sendable {
    /// Variables beside `PATH`.
    var environment: [String: String] = [:]

    struct Result: Sendable {
        let status: Int32
        let output: String
        let messages: String

        /// What a failing test shows.
        var summary: String { "status \(status)\n\(output)\n\(messages)" }
    }

    /// Runs it to its end in an empty folder; blocks.
    func run(_ arguments: String..., input: String = "") throws -> Result {
        try run(arguments, input: input)
    }

    /// As `run`, with a list.
    func run(_ arguments: [String], input: String = "") throws -> Result {
        let folder = try Folder()
        defer { folder.remove() }
        try folder.write("input", input)
        let process = try start(arguments, in: folder, input: folder.path("input"))
        let status = process.wait()
        return Result(status: status, output: folder.read("output"), messages: folder.read("messages"))
    }

    /// Starts it, with its output in the folder's files `output` and `messages`.
    func start(_ arguments: [String], in folder: Folder, input: String = "/dev/null") throws -> RunningProgram {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let writing = O_WRONLY | O_CREAT | O_TRUNC
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, folder.path("output"), writing, 0o600)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, folder.path("messages"), writing, 0o600)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Threads of tests block signals, which a child would inherit.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        // `env` changes the folder, so that no configuration file is found by chance, and becomes the program.
        let path = "/usr/bin/env"
        var argv = ([path, "-C", folder.path(""), try Self.path] + arguments).map { strdup($0) } + [nil]
        let variables = ["PATH=/usr/bin:/bin"] + environment.map { "\($0.key)=\($0.value)" }
        var envp = variables.map { strdup($0) } + [nil]
        defer { (argv + envp).forEach { free($0) } }
        var pid: pid_t = 0
        let failure = posix_spawn(&pid, path, &actions, &attributes, &argv, &envp)
        guard failure == 0 else { throw ProgramError("cannot run \(path): \(String(cString: strerror(failure)))") }
        return RunningProgram(pid: pid)
    }

    /// The program stands beside the tests.
    private static var path: String {
        get throws {
            var buffer = [CChar](repeating: 0, count: 4096)
            let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
            guard count > 0 else { throw ProgramError("where am I?") }
            let own = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
            return own.prefix(upTo: own.lastIndex(of: "/") ?? own.startIndex) + "/orderflow"
        }
    }
}

struct ProgramError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// A program that runs.
struct RunningProgram: Sendable {
    let pid: pid_t

    func signal(_ signal: Int32) { kill(pid, signal) }

    /// Its exit status, or 128 and the signal that ended it.
    func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    }
}

/// A folder of a test's own.
struct Folder: Sendable {
    private let base: String

    init() throws {
        base = "/tmp/" + TestServers.uniqueName("orderflow")
        guard mkdir(base, 0o700) == 0 else { throw ProgramError("no folder \(base)") }
    }

    func path(_ name: String) -> String { base + "/" + name }

    func write(_ name: String, _ text: String) throws {
        let descriptor = open(path(name), O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard descriptor >= 0, Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
            throw ProgramError("can't write \(path(name))")
        }
    }

    func read(_ name: String) -> String { Self.read(file: path(name)) ?? "" }

    static func read(file: String) -> String? {
        let descriptor = open(file, O_RDONLY)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += chunk[..<count]
        }
    }

    func remove() {
        let names = ["input", "output", "messages", "file.yaml", "rules.yaml", "changes.csv", "secret"]
        for name in names { unlink(path(name)) }
        rmdir(base)
    }
}
