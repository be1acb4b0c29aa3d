internal import Glibc

/// What the kernel counts for a process.
struct ProcessTimes {
    /// CPU time of its own.
    let seconds: Double
    /// CPU time of its children that have ended.
    let childSeconds: Double
    /// Memory in RAM, in bytes.
    let residentBytes: Int
    let parent: pid_t

    /// Nil when there is no such process any more.
    init?(_ pid: pid_t) {
        // The name stands in brackets and may hold anything.
        guard let text = TextFile.read("/proc/\(pid)/stat"), let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ").map { Double($0) ?? 0 }
        guard fields.count > 21 else { return nil }
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        parent = pid_t(fields[1])
        seconds = (fields[11] + fields[12]) / ticks
        childSeconds = (fields[13] + fields[14]) / ticks
        residentBytes = Int(fields[21]) * sysconf(Int32(_SC_PAGESIZE))
    }

    /// CPU time of a process and of all that it started, living and ended.
    static func family(of pid: pid_t) -> Double {
        guard let head = ProcessTimes(pid) else { return 0 }
        let children = (TextFile.read("/proc/\(pid)/task/\(pid)/children") ?? "").split(separator: " ")
        return children.compactMap { pid_t($0) }.reduce(head.seconds + head.childSeconds) { sum, child in
            sum + (ProcessTimes(child)?.seconds ?? 0)
        }
    }
}
