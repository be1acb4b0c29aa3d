internal import FoundationEssentials
internal import Glibc

/// One server of a `ServerPair`: what can happen to it.
public struct PrivateServer: Sendable {
    enum Kind: Sendable { case postgres, broker }

    let instance: String
    let pidFile: String
    let kind: Kind

    /// Starts it, if it does not run, on the ports and data that it had. Returns when it answers.
    public func start() throws(TestServersError) {
        try Checkout.find().services("up", instance: instance)
    }

    /// Shuts it down in an orderly way and waits for its end: sessions end, what is committed is flushed.
    public func stop() throws {
        try end(with: kind == .postgres ? SIGINT : SIGTERM)
    }

    /// PostgreSQL's immediate shutdown: sessions are cut off, nothing is flushed, the next start recovers.
    public func stopImmediately() throws {
        try end(with: SIGQUIT)
    }

    /// Stop and start.
    public func restart() throws {
        try stop()
        try start()
    }

    /// From its next start on PostgreSQL loads this library first.
    public func preload(_ library: String) throws(TestServersError) {
        let file = "\(try Checkout.find().folder(of: instance))/postgres.preload"
        guard let stream = fopen(file, "we") else { throw TestServersError("can't write \(file)") }
        fputs(library, stream)
        fclose(stream)
    }

    /// SIGKILL to the server and its children, as if the machine had died; the files stay as they are.
    public func kill9() throws {
        try end(with: SIGKILL)
    }

    /// SIGSTOP: connections stay open, the kernel still accepts, and nothing answers. `thaw` undoes it. Returns when all of
    /// it stands still: a thread obeys when it next comes out of the kernel, and till then it may answer.
    public func freeze() throws {
        // The parent first: it makes no new children then.
        let processes = try processes()
        for process in processes { process.signal(SIGSTOP) }
        try waitUntil("\(kind) of instance \(instance) standing still", within: 60) {
            processes.allSatisfy(\.standsStill)
        }
    }

    /// SIGCONT to all that `freeze` stopped.
    public func thaw() throws(TestServersError) {
        for process in try processes().reversed() { process.signal(SIGCONT) }
    }

    private func end(with signal: Int32) throws {
        let processes = try processes()
        // PostgreSQL's children end with their parent's signal, and it waits for them; SIGKILL has no such manners.
        for process in signal == SIGKILL ? processes : [processes[0]] { process.signal(signal) }
        // What was frozen could not obey.
        for process in processes { process.signal(SIGCONT) }
        try waitUntil("the end of \(kind) of instance \(instance)", within: 60) {
            processes.allSatisfy { !$0.isAlive }
        }
    }

    /// The server's process first, then its children: PostgreSQL has one for each session. The broker is one process; its
    /// helpers end with it.
    private func processes() throws(TestServersError) -> [ServerProcess] {
        guard let line = readFile(pidFile)?.split(separator: "\n").first, let pid = pid_t(line),
            ServerProcess(pid: pid).isAlive
        else { throw TestServersError("\(kind) of instance \(instance) does not run") }
        let server = ServerProcess(pid: pid)
        return kind == .postgres ? [server] + server.children : [server]
    }
}

private struct ServerProcess: Sendable {
    let pid: pid_t

    func signal(_ signal: Int32) { kill(pid, signal) }

    /// A zombie counts as ended, as it only waits for its parent to look; but not while threads of it are left, which keep
    /// its sockets open.
    var isAlive: Bool {
        guard let fields = fields(of: "/proc/\(pid)/stat") else { return false }
        let threads = fields.count > 17 ? Int(fields[17]) ?? 1 : 1
        return fields.first != "Z" || threads > 1
    }

    /// Each of its threads is stopped, or it has ended.
    var standsStill: Bool {
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")) ?? []
        return threads.allSatisfy { thread in
            guard let state = fields(of: "/proc/\(pid)/task/\(thread)/stat")?.first else { return true }
            return state == "T" || state == "Z"
        }
    }

    /// What a `stat` of `/proc` tells after the name, the state first; nil for what is gone.
    private func fields(of file: String) -> [Substring]? {
        guard let stat = readFile(file), let name = stat.lastIndex(of: ")") else { return nil }
        return stat[name...].dropFirst(2).split(separator: " ")
    }

    var children: [ServerProcess] {
        let list = readFile("/proc/\(pid)/task/\(pid)/children") ?? ""
        return list.split(separator: " ").compactMap { pid_t($0).map(ServerProcess.init) }
    }
}
