internal import AMQP
internal import ArgumentParser
internal import Postgres

/// `orderflow-bench quick`: our worker and the usual one through the lifecycle mix, in turns.
struct QuickCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quick", abstract: "Measure our worker and the usual one in turns, on the lifecycle mix.",
        discussion: "Expects an empty database and vhost. Writes its section of the performance page.")

    @Option(help: "How many pairs of runs.")
    var pairs = 3

    @Option(help: "Orders in a run of ours.")
    var orders = 6_000

    @Option(help: "Orders in a run of the usual worker: fewer, since it takes longer.")
    var usualOrders = 1_500

    @Option(help: "Another seed is another load.")
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("The page to write the figures into; none: only print them.", valueName: "file"))
    var page: String?

    func run() throws {
        let servers = try Servers()
        let database = try BenchDatabase(servers)
        try database.checkDurability()
        Terminal.note("filling the template: \(Workload.skus.grouped) goods")
        try database.makeTemplate()
        Terminal.note("preparing \(orders.grouped) and \(usualOrders.grouped) orders")
        let ours = Contest(.lanes, Workload(seed: seed, orders: orders))
        let usual = Contest(.usual, Workload(seed: seed, orders: usualOrders))
        var results = Results()
        for pair in 1...max(pairs, 1) {
            // In turns, so that what else the machine does falls on both.
            for contest in pair % 2 == 1 ? [ours, usual] : [usual, ours] {
                let run = try contest.run(servers, database)
                results.add(run, of: contest.contestant)
                Terminal.note("pair \(pair): \(contest.contestant.title): \(run.sentence)")
            }
        }
        try database.remove()
        Terminal.say()
        for line in results.table { Terminal.say(line) }
        if let page { try PerformancePage(results, try Machine(servers)).write(to: page) }
    }
}
