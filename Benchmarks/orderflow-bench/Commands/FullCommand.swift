internal import ArgumentParser

/// `orderflow-bench full`: how fast our worker is, and what limits it.
struct FullCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "full", abstract: "Measure speed, its limits, cost and latency.",
        discussion: """
            Expects an empty database and vhost. Under 15 minutes on two idle cores. Ends with a line a bar, and with 1 where \
            one is short.
            """)

    @Option(help: "How many pairs of runs of ours and the usual worker.")
    var pairs = 5

    @Option(help: "How many pairs of runs of ours with different loads or set-ups.")
    var rounds = 3

    @Option(help: "Orders in a run of ours; the usual worker gets an eighth of them.")
    var orders = 10_000

    @Option(help: ArgumentHelp("How long each latency is measured.", valueName: "seconds"))
    var seconds = 12

    @Option(help: "Another seed is another load.")
    var seed: UInt64 = 1

    @OptionGroup var publication: Publication

    func run() throws {
        let session = try Session(seed: seed, steps: pairs * 3 + rounds * 6 + Latencies.steps + 1)
        let lifecycle = try Lifecycle(session, pairs: pairs, orders: orders, usualOrders: orders / 8, limits: true)
        let saturation = (
            ours: Spread(lifecycle.ours.map(\.messagesPerSecond)).median,
            usual: Spread(lifecycle.usual.map(\.messagesPerSecond)).median
        )
        let latencies = try Latencies(session, seconds: Double(seconds), saturation: saturation)
        let variants = try Variants(session, rounds: rounds, orders: orders)
        let goods = try hotAgainstUniform(session)
        let processes = try processesAgainstLanes(session)
        let allocations = try allocations(session)
        try session.database.remove()
        var report = Report(
            "full", try Machine(session.servers),
            scale: """
                \(pairs) pairs of runs with the usual worker and the limits, \(rounds) of the others: \(orders.grouped) orders a \
                run (usual worker: \((orders / 8).grouped)), each on a fresh database.
                """)
        report.sections = [
            lifecycle.speed, lifecycle.limits, lifecycle.cost, lifecycle.phases, allocations, latencies.section,
            variants.section, goods, processes,
        ]
        try publication.publish(report)
    }

    private func hotAgainstUniform(_ session: Session) throws -> Report.Section {
        let pairs = try Pairs(
            session, count: rounds, ("one hot SKU", .ours, session.workload(.oneHotSKU, orders: orders)),
            ("uniform SKUs", .ours, session.workload(.uniformSKUs, orders: orders)))
        var section = pairs.section(
            "One hot SKU in every order", ("goods.hot", "one hot SKU"), ("goods.uniform", "uniform SKUs"))
        section.figures.append(Figure("goods.ratio", "one hot SKU against uniform SKUs", .ratio, pairs.ratios))
        return section
    }

    private func processesAgainstLanes(_ session: Session) throws -> Report.Section {
        let workload = session.workload(orders: orders)
        let pairs = try Pairs(
            session, count: rounds, ("4 processes", .lanes(processes: 4, each: 1), workload),
            ("1 process", .lanes(processes: 1, each: 4), workload))
        var section = pairs.section(
            "Processes and lanes", ("processes.4x1", "4 processes with a lane each"),
            ("processes.1x4", "1 process with 4 lanes"))
        section.figures.append(
            Figure("processes.ratio", "4 processes against 1, at equal lanes", .ratio, pairs.ratios))
        return section
    }

    /// In a short run of its own, since counting costs time.
    private func allocations(_ session: Session) throws -> Report.Section {
        var section = Report.Section(title: "Allocations")
        session.progress.begin("allocations")
        guard let counter = AllocationCounter() else {
            session.progress.end("allocations: not counted, perf can't put a probe on malloc here")
            return section
        }
        try session.database.refresh()
        let contest = Contest(.ours, session.workload(orders: max(orders / 8, 24)))
        let run = try contest.run(session.servers, session.database.name, started: counter.begin)
        let each = Double(counter.count() ?? 0) / Double(run.messages)
        session.progress.end("allocations: \(each.shortText) a message")
        section.figures = [Figure("ours.allocations", "orderflow: allocations a message in", .absolute, [each])]
        return section
    }
}
