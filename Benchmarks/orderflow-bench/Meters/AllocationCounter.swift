internal import Glibc

/// Counts what processes allocate, by a probe that `perf` puts on `malloc`. Needs root; each call then costs a microsecond or
/// two, so that a run which counts says nothing about speed.
final class AllocationCounter {
    private let file = "/tmp/orderflow-bench-\(getpid()).allocations"
    private var perf: ChildProcess?
    private static let event = "probe_libc:malloc"

    /// Nil where it can't be counted.
    init?() {
        let maps = (TextFile.read("/proc/self/maps") ?? "").split(separator: "\n")
        guard let library = maps.first(where: { $0.hasSuffix("/libc.so.6") })?.split(separator: " ").last else {
            return nil
        }
        let probe = ["perf", "probe", "-q", "-f", "-x", String(library), "malloc"]
        guard (try? ChildProcess.run(probe, logFile: "/dev/null")) == 0 else { return nil }
    }

    /// Begins to count; ends with the processes.
    func begin(_ pids: [pid_t]) throws {
        let list = pids.map(String.init).joined(separator: ",")
        perf = try ChildProcess(
            ["perf", "stat", "-x", ",", "-e", Self.event, "-p", list, "-o", file], logFile: "/dev/null")
    }

    /// How many, once the processes have ended.
    func count() -> Int? {
        _ = perf?.wait(seconds: 10)
        let lines = (TextFile.read(file) ?? "").split(separator: "\n")
        return lines.first { $0.contains(Self.event) }?.split(separator: ",").first.flatMap { Int($0) }
    }

    deinit {
        unlink(file)
        _ = try? ChildProcess.run(["perf", "probe", "-q", "-d", Self.event], logFile: "/dev/null")
    }
}
