internal import Glibc
internal import Postgres

/// CPU time by who used it, in seconds.
struct CPUTime: Sendable {
    var worker = 0.0
    var broker = 0.0
    var database = 0.0
    var load = 0.0

    var total: Double { worker + broker + database + load }

    static func - (left: CPUTime, right: CPUTime) -> CPUTime {
        CPUTime(
            worker: left.worker - right.worker, broker: left.broker - right.broker,
            database: left.database - right.database, load: left.load - right.load)
    }
}

/// Reads what a run uses: CPU time of all who take part, WAL, memory of the workers.
final class Meter {
    /// The workers, by pid.
    var workers: [pid_t] = []
    /// Seconds since the start, and the most that a worker had in RAM then, in bytes.
    private(set) var memory: [(seconds: Double, bytes: Int)] = []

    private let broker: pid_t?
    private let postmaster: pid_t?
    private let connection: PostgresConnection
    private var start = ContinuousClock.now
    private var cpuAtStart = CPUTime()
    private var walAtStart: Int64 = 0

    init(_ connection: PostgresConnection) {
        self.connection = connection
        broker = getenv("ORDERFLOW_BROKER_PID").flatMap { pid_t(String(cString: $0)) }
        postmaster = ProcessTimes(connection.backendPID)?.parent
    }

    func begin() throws {
        memory = []
        cpuAtStart = cpu()
        walAtStart = try wal()
        start = .now
    }

    /// Takes a sample of the workers' memory once a second.
    func sample() {
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        guard seconds >= (memory.last?.seconds ?? -1) + 1 else { return }
        memory.append((seconds, workers.compactMap { ProcessTimes($0)?.residentBytes }.max() ?? 0))
    }

    /// What was used since the beginning.
    func end() throws -> (cpu: CPUTime, walBytes: Int64) { (cpu() - cpuAtStart, try wal() - walAtStart) }

    private func cpu() -> CPUTime {
        CPUTime(
            worker: workers.reduce(0) { $0 + (ProcessTimes($1)?.seconds ?? 0) },
            broker: broker.map { ProcessTimes($0)?.seconds ?? 0 } ?? 0,
            database: postmaster.map(ProcessTimes.family) ?? 0, load: ProcessTimes(getpid())?.seconds ?? 0)
    }

    private func wal() throws -> Int64 {
        try connection.query("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint").only().int64(0)
    }
}
