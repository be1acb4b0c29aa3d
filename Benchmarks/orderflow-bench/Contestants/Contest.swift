internal import AMQP
internal import Glibc
internal import Postgres

/// A contestant and its load.
struct Contest {
    let contestant: Contestant
    let workload: Workload

    init(_ contestant: Contestant, _ workload: Workload) {
        self.contestant = contestant
        self.workload = workload
    }

    /// On empty queues, and on the run's database as it is.
    ///
    /// - Parameter started: called with the pids of the workers when the clock starts.
    func run(
        _ servers: Servers, _ database: String, seconds limit: Int = 300, started: ([pid_t]) throws -> Void = { _ in }
    ) throws -> Run {
        let connection = try servers.connect(database: database)
        let before = try Stored(connection)
        let load = try Load(workload, broker: try servers.broker, database: connection)
        let crew = try WorkerCrew(contestant, database: database)
        let meter = Meter(connection)
        meter.workers = crew.pids
        func check() throws {
            try crew.check()
            meter.sample()
        }
        try load.awaitConsumers(contestant.consumers, check)
        let seconds = try load.run(seconds: limit, check) {
            try started(crew.pids)
            try meter.begin()
        }
        let used = try meter.end()
        try crew.stop()
        let stored = try Stored(connection) - before
        try stored.check(workload, contestant.title)
        return Run(
            orders: workload.orders, messages: workload.messages, events: stored.events, seconds: seconds,
            cpu: used.cpu, walBytes: used.walBytes, memory: meter.memory)
    }
}

/// The processes of a contestant while it runs.
struct WorkerCrew {
    private let title: String
    private let children: [ChildProcess]

    init(_ contestant: Contestant, database: String) throws {
        title = contestant.title
        children = try contestant.processes.map { arguments in
            try ChildProcess([Self.program, arguments[0], "--database", database] + arguments.dropFirst())
        }
    }

    var pids: [pid_t] { children.map(\.pid) }

    /// Throws where one has ended by itself.
    func check() throws {
        for child in children where child.hasEnded {
            throw BenchFailure("\(title) has ended by itself with \(child.status ?? -1)")
        }
    }

    func stop() throws {
        for child in children { child.terminate() }
        for child in children where child.wait(seconds: 30) != 0 {
            throw BenchFailure("\(title) ended with \(child.status ?? -1)")
        }
    }

    private static let program =
        CommandLine.arguments.first.map { path in
            path.contains("/") ? path : "/proc/self/exe"
        } ?? "/proc/self/exe"
}
