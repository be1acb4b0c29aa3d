import Foundation
import Glibc
import TestSite

/// How much processor time the workers of a crew take, those too that end meanwhile, as far as it was looked at.
struct CPUMeter {
    private var known: [pid_t: Double] = [:]
    private let start = ContinuousClock.now
    /// Seconds of processor time since the first look.
    private(set) var used = 0.0

    init(_ crew: Crew) { for worker in crew.workers { known[worker.pid] = Self.seconds(of: worker.pid) } }

    /// Looks again: what a process used after the last look before its end is not seen.
    mutating func look(at crew: Crew) {
        for worker in crew.workers {
            guard let seconds = Self.seconds(of: worker.pid) else { continue }
            used += seconds - (known[worker.pid] ?? 0)
            known[worker.pid] = seconds
        }
    }

    /// Percent of one core, on average.
    var percent: Double { 100 * used / max(0.001, (.now - start) / .seconds(1)) }

    /// User and system time: the 14th and 15th fields, counted behind the name, which may have spaces.
    private static func seconds(of pid: pid_t) -> Double? {
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            let name = text.lastIndex(of: ")")
        else { return nil }
        let fields = text[name...].split(separator: " ")
        guard fields.count > 13, let user = Double(fields[12]), let system = Double(fields[13]) else { return nil }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }
}
