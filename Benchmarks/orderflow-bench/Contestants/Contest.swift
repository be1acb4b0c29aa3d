internal import AMQP
internal import Glibc
internal import Postgres

/// Who is measured.
enum Contestant: CaseIterable {
    /// Our worker: two processes with two lanes each, as many as it takes by itself on two cores.
    case lanes
    /// One message, one transaction, 32 at a time.
    case usual

    var title: String {
        switch self {
        case .lanes: "orderflow"
        case .usual: "usual worker"
        }
    }

    /// What makes it run, each a process.
    func commands(_ program: String, database: String) -> [[String]] {
        switch self {
        case .lanes:
            Array(repeating: [program, "lanes", "--database", database, "--lanes", "2"], count: 2)
        case .usual: [[program, "usual", "--database", database, "--threads", "32"]]
        }
    }

    /// Consumers of each queue once all of it is there.
    var consumers: Int {
        switch self {
        case .lanes: 4
        case .usual: 32
        }
    }
}

/// One run, measured.
struct Run {
    var orders: Int
    var messages: Int
    var events: Int
    var seconds: Double
    /// CPU time of the workers.
    var workerSeconds: Double

    var ordersPerSecond: Double { Double(orders) / seconds }
    var messagesPerSecond: Double { Double(messages) / seconds }
    var workerMicrosecondsPerMessage: Double { workerSeconds * 1_000_000 / Double(messages) }

    var sentence: String {
        "\(Int(ordersPerSecond).grouped) orders/s, \(Int(messagesPerSecond).grouped) messages/s"
    }
}

/// A contestant and its load.
struct Contest {
    let contestant: Contestant
    private let workload: Workload

    init(_ contestant: Contestant, _ workload: Workload) {
        self.contestant = contestant
        self.workload = workload
    }

    /// On a fresh database and empty queues.
    func run(_ servers: Servers, _ database: BenchDatabase) throws -> Run {
        try database.refresh()
        let connection = try servers.connect(database: database.name)
        let load = try Load(workload, broker: try servers.broker, database: connection)
        let children = try contestant.commands(Self.program, database: database.name).map { try ChildProcess($0) }
        func check() throws {
            for child in children where child.hasEnded {
                throw BenchFailure("\(contestant.title) has ended by itself with \(child.status ?? -1)")
            }
        }
        try load.awaitConsumers(contestant.consumers, check)
        let seconds = try load.run(seconds: 300, check)
        for child in children { child.terminate() }
        for child in children where child.wait(seconds: 30) != 0 {
            throw BenchFailure("\(contestant.title) ended with \(child.status ?? -1)")
        }
        let completed = try connection.query("SELECT count(*) FROM orders WHERE status = 'completed'").only().int(0)
        guard completed == workload.orders else {
            throw BenchFailure("\(contestant.title): \(completed) of \(workload.orders) orders are completed")
        }
        let events = try connection.query("SELECT coalesce(sum(cardinality(receivers)), 0)::bigint FROM event_log")
        return Run(
            orders: workload.orders, messages: workload.messages, events: try events.only().int(0), seconds: seconds,
            workerSeconds: children.reduce(0) { $0 + $1.cpuSeconds })
    }

    private static let program =
        CommandLine.arguments.first.map { path in
            path.contains("/") ? path : "/proc/self/exe"
        } ?? "/proc/self/exe"
}
