internal import Postgres

/// Orders that wait: few and very many. The very many show whether a worker's memory grows.
struct BacklogPart {
    private struct Result {
        var count: Int
        var ordersPerSecond: Double
        var memory: [(seconds: Double, bytes: Int)]
    }

    private let few: Result
    private let many: Result

    init(_ session: Session, few: Int, many: Int) throws {
        self.few = try Self.measure(session, few)
        self.many = try Self.measure(session, many)
    }

    private static func measure(_ session: Session, _ count: Int) throws -> Result {
        session.progress.begin("a backlog of \(count.grouped)")
        try session.database.refresh()
        let connection = try session.servers.connect(database: session.database.name)
        let backlog = try Backlog(count, seed: session.seed, broker: try session.servers.broker, database: connection)
        try backlog.fill()
        let crew = try WorkerCrew(.ours, database: session.database.name)
        let meter = Meter(connection)
        meter.workers = crew.pids
        try meter.begin()
        let seconds = try backlog.drain {
            try crew.check()
            meter.sample()
        }
        try crew.stop()
        let result = Result(count: count, ordersPerSecond: Double(count) / seconds, memory: meter.memory)
        session.progress.end("a backlog of \(count.grouped): \(Int(result.ordersPerSecond).grouped) orders/s")
        return result
    }

    var section: Report.Section {
        var section = Report.Section(title: "Backlog")
        section.note = "Orders wait in the queues before two processes start; all receivers read their events."
        let quarters = many.memory.map { Double($0.bytes) / 1e6 }.quarters
        section.figures = [
            Figure("backlog.few", "\(few.count.grouped) orders wait: orders/s", .absolute, [few.ordersPerSecond]),
            Figure("backlog.many", "\(many.count.grouped) orders wait: orders/s", .absolute, [many.ordersPerSecond]),
            Figure("backlog.ratio", "many against few", .ratio, [many.ordersPerSecond / few.ordersPerSecond]),
            Figure(
                "backlog.memory", "most RSS of a worker in the last quarter, MB", .absolute, [quarters[3].max() ?? 0]),
            Figure(
                "backlog.memory_growth", "RSS in the last quarter against the second", .ratio,
                [Spread(quarters[3]).median / max(Spread(quarters[1]).median, 0.001)]),
        ]
        let step = max(1, many.memory.count / 120)
        let points = stride(from: 0, to: many.memory.count, by: step).map { index in
            Chart.Point(x: many.memory[index].seconds, y: Double(many.memory[index].bytes) / 1e6)
        }
        section.charts = [
            Chart(
                name: "memory", title: "Memory of a worker while \(many.count.grouped) orders are worked off",
                xTitle: "seconds", yTitle: "RSS, MB", lines: [.init(title: "largest worker", points: points)])
        ]
        return section
    }
}

extension [Double] {
    fileprivate var quarters: [[Double]] {
        (0..<4).map { Array(self[(count * $0 / 4)..<(count * ($0 + 1) / 4)]) }
    }
}
