internal import Histogram

/// How long messages take at a part of what a contestant can do at most.
struct Latencies {
    fileprivate struct Result {
        var name: String
        var title: String
        var load: Double
        var histogram: Histogram<UInt64>
    }

    private static let loads = [10, 50, 80]
    /// Ours at each load, the usual worker at half of its own.
    static let steps = loads.count + 1

    private var ours: [Result] = []
    private var usual: Result?

    /// - Parameters:
    ///   - seconds: how long each is measured.
    ///   - saturation: messages a second of each.
    init(_ session: Session, seconds: Double, saturation: (ours: Double, usual: Double)) throws {
        for load in Self.loads {
            ours.append(try Self.measure(session, .ours, "ours", load, of: saturation.ours, seconds))
        }
        usual = try Self.measure(session, .usual, "usual", 50, of: saturation.usual, seconds)
    }

    private static func measure(
        _ session: Session, _ contestant: Contestant, _ name: String, _ load: Int, of saturation: Double,
        _ seconds: Double
    ) throws -> Result {
        let rate = saturation * Double(load) / 100
        let title = "\(contestant.title) at \(load) % (\(Int(rate).grouped) messages/s)"
        session.progress.begin("latency, \(title)")
        try session.database.refresh()
        let schedule = Schedule(rate: rate, seconds: seconds, seed: session.seed)
        let loop = try OpenLoop(schedule, broker: try session.servers.broker)
        let crew = try WorkerCrew(contestant, database: session.database.name)
        try loop.awaitConsumers(contestant.consumers, crew.check)
        let histogram = try loop.run(crew.check)
        try crew.stop()
        let result = Result(name: "latency.\(name).\(load)", title: title, load: rate, histogram: histogram)
        session.progress.end("latency, \(title): p99 \(result.milliseconds(99).shortText) ms")
        return result
    }

    var section: Report.Section {
        var section = Report.Section(title: "Latency, from when a message was due to the last of its events")
        section.note = """
            Open loop: messages are sent at fixed times, and one that could not be sent in time counts from when it was due. \
            Milliseconds. Messages that have no event are left out.
            """
        for result in ours + (usual.map { [$0] } ?? []) { section.figures += result.figures }
        if let usual, let half = ours.first(where: { $0.name.hasSuffix(".50") }) {
            section.figures.append(
                Figure(
                    "latency.p99_ratio", "p99 at half load against the usual worker's at half of its own", .ratio,
                    [half.milliseconds(99) / max(usual.milliseconds(99), 0.001)]))
        }
        section.charts = [
            Chart(
                name: "latency", title: "Latency by percentile", xTitle: "percentile", yTitle: "ms",
                lines: (ours + (usual.map { [$0] } ?? [])).map(\.line))
        ]
        return section
    }
}

extension Latencies.Result {
    fileprivate func milliseconds(_ percentile: Double) -> Double {
        Double(histogram.valueAtPercentile(percentile)) / 1_000
    }

    fileprivate var figures: [Figure] {
        [
            Figure(name + ".p50", "\(title): p50", .absolute, [milliseconds(50)]),
            Figure(name + ".p99", "\(title): p99", .absolute, [milliseconds(99)]),
            Figure(name + ".max", "\(title): max", .absolute, [Double(histogram.max) / 1_000]),
        ]
    }

    fileprivate var line: Chart.Line {
        let percentiles = [1.0, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 99]
        return Chart.Line(title: title, points: percentiles.map { Chart.Point(x: $0, y: milliseconds($0)) })
    }
}
