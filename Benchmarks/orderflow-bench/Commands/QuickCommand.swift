internal import ArgumentParser

/// `orderflow-bench quick`: our worker and the usual one through the lifecycle mix, in turns.
struct QuickCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quick", abstract: "Measure our worker and the usual one in turns, on the lifecycle mix.",
        discussion: "Expects an empty database and vhost. About two minutes.")

    @Option(help: "How many pairs of runs.")
    var pairs = 3

    @Option(help: "Orders in a run of ours.")
    var orders = 5_000

    @Option(help: "Orders in a run of the usual worker: fewer, since it takes longer.")
    var usualOrders = 1_200

    @Option(help: "Another seed is another load.")
    var seed: UInt64 = 1

    @OptionGroup var publication: Publication

    func run() throws {
        let session = try Session(seed: seed, steps: pairs * 2)
        let lifecycle = try Lifecycle(
            session, pairs: pairs, orders: orders, usualOrders: usualOrders, limits: false)
        try session.database.remove()
        var report = Report(
            "quick", try Machine(session.servers),
            scale:
                "\(pairs) pairs of runs: \(orders.grouped) orders (orderflow), \(usualOrders.grouped) (usual worker).")
        report.sections = [lifecycle.speed, lifecycle.cost]
        try publication.publish(report)
    }
}
