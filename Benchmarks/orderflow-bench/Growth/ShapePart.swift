/// The lifecycle mix with more processes, and with other batches.
struct ShapePart {
    private var processes: [(count: Int, runs: [Run])] = []
    private var batches: [(size: Int, runs: [Run])] = []

    private static let processCounts = [1, 2, 4]
    private static let batchSizes = [1, 5, 20, 50, 100, 200, 500, 1_000]

    static func steps(rounds: Int) -> Int { (processCounts.count + batchSizes.count) * rounds }

    init(_ session: Session, orders: Int, rounds: Int) throws {
        let workload = session.workload(orders: orders)
        let short = session.workload(orders: max(orders / 4, 24))
        processes = Self.processCounts.map { ($0, []) }
        batches = Self.batchSizes.map { ($0, []) }
        // In turns, so that what else the machine does falls on all.
        for _ in 0..<rounds {
            for (index, (count, _)) in processes.enumerated() {
                let run = try session.run(.lanes(processes: count, each: 2), workload, "\(count) processes")
                processes[index].runs.append(run)
            }
            for (index, (size, _)) in batches.enumerated() {
                let contestant = Contestant.lanes(processes: 2, each: 2, batch: size)
                let run = try session.run(contestant, size < 50 ? short : workload, "batches of \(size)")
                batches[index].runs.append(run)
            }
        }
    }

    var sections: [Report.Section] {
        [
            section(
                "Processes", "Two lanes each, on two cores.", "processes", processes,
                { "\($0) process\($0 == 1 ? "" : "es")" }, xTitle: "processes"),
            section(
                "Batches", "Two processes with two lanes; \"most messages of a batch\" is changed.", "batch", batches,
                { "batches of at most \($0)" }, xTitle: "most messages of a batch"),
        ]
    }

    private func section(
        _ title: String, _ note: String, _ name: String, _ results: [(Int, [Run])], _ label: (Int) -> String,
        xTitle: String
    ) -> Report.Section {
        var section = Report.Section(title: title, note: note)
        section.figures = results.map { value, runs in
            Figure("\(name).\(value)", "\(label(value)): messages/s", .absolute, runs.map(\.messagesPerSecond))
        }
        let points = results.map { value, runs in
            Chart.Point(x: Double(value), y: Spread(runs.map(\.messagesPerSecond)).median)
        }
        section.charts = [
            Chart(
                name: name, title: title, xTitle: xTitle, yTitle: "messages/s",
                lines: [.init(title: "orderflow", points: points)])
        ]
        return section
    }
}
