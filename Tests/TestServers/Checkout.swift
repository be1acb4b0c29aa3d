internal import Glibc

/// The checkout that these tests were built from; its scripts start and stop servers.
struct Checkout {
    let path: String

    /// Walks up from this file, links resolved, until the scripts are found.
    static func find(from file: String = #filePath) throws(TestServersError) -> Checkout {
        guard let resolved = realpath(file, nil) else { throw TestServersError("the tests' sources are gone: \(file)") }
        defer { free(resolved) }
        var path = String(cString: resolved)
        while let slash = path.lastIndex(of: "/") {
            path = String(path[..<slash])
            if access(path + "/scripts/services", X_OK) == 0 { return Checkout(path: path) }
        }
        throw TestServersError("no scripts/services above \(file)")
    }

    /// The folder of an instance's state.
    func folder(of instance: String) -> String { "\(path)/.local/\(instance)" }

    /// Runs `scripts/services` and waits for it.
    func services(_ command: String, instance: String) throws(TestServersError) {
        try Self.run([path + "/scripts/services", command, "--instance", instance])
    }

    /// Runs a program and waits for it.
    static func run(_ arguments: [String]) throws(TestServersError) {
        var pid: pid_t = 0
        var argv = arguments.map { strdup($0) } + [nil]
        defer { argv.forEach { free($0) } }
        // Threads of Swift's pool block signals, and who is spawned there inherits that: servers would be deaf to SIGTERM.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let failure = posix_spawn(&pid, arguments[0], nil, &attributes, &argv, environ)
        guard failure == 0 else {
            throw TestServersError("cannot run \(arguments[0]): \(String(cString: strerror(failure)))")
        }
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
        guard status == 0 else {
            throw TestServersError("`\(arguments.joined(separator: " "))` failed (wait status \(status))")
        }
    }
}
