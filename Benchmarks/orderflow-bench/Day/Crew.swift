/// The worker processes of a demo.
struct Crew {
    let logFiles: [String]
    private let processes: [ChildProcess]

    /// What an unpaid order waits for before it ends, so that no payment on its way is too late: here none is for long.
    private static let quickClocks = ["ORDERFLOW_WORKER_MARKER_GRACE_SECONDS": "1"]

    init(_ orderflow: String, configuration: String, count: Int, logFolder: String) throws {
        logFiles = (1...max(count, 1)).map { "\(logFolder)/worker-\($0).log" }
        processes = try logFiles.map { file in
            try ChildProcess(
                [orderflow, "worker", "--config", configuration], environment: Self.quickClocks, logFile: file)
        }
    }

    /// Throws where one has ended by itself.
    func check() throws {
        for (process, file) in zip(processes, logFiles) where process.hasEnded {
            throw BenchFailure("a worker has ended by itself with \(process.status ?? -1), see \(file)")
        }
    }

    /// SIGTERM, and how each ended.
    func stop() -> [Int32] {
        for process in processes { process.terminate() }
        return processes.map { $0.wait(seconds: 30) }
    }
}
