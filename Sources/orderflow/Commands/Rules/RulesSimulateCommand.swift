internal import ArgumentParser
internal import FoundationEssentials
internal import OrderCore
internal import OrderRules
internal import OrderStore

/// `orderflow rules simulate`: what a folder of rules would have made other, on orders that are there.
struct RulesSimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Ask other rules about stored orders, and tell what would change; changes nothing.",
        discussion: """
            Each order is asked about as it was placed, by the version that counts and by the folder. What stock there was \
            then is not known; carriers and receivers of events, which are chosen for parts and events, are not compared.
            """)

    @OptionGroup var source: RulesFolder

    @Option(help: ArgumentHelp("Orders that were placed within so long: '7 days', '12 hours'.", valueName: "time"))
    var orders: String?

    @Option(help: ArgumentHelp("So many orders at random instead.", valueName: "orders"))
    var sample: Int?

    @Option(help: ArgumentHelp("Also write a line for each change of each order there.", valueName: "file"))
    var csv: String?

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (orders == nil) != (sample == nil) else { throw ValidationError("give --orders or --sample") }
        guard sample ?? 1 > 0 else { throw ValidationError("--sample must be at least 1") }
        if let orders, Self.seconds(orders) == nil {
            throw ValidationError("--orders must be like '7 days', '12 hours' or '90 minutes'")
        }
    }

    func run() throws {
        let configuration = try options.load()
        let queries = Queries(connection: try configuration.connectDatabase(isReading: true))
        guard let set = try source.read().set else { return }
        let active = try configuration.countingRules(queries.connection) ?? RuleSet(label: "none")
        let numbers =
            try sample.map { try queries.sampleOrders($0) }
            ?? queries.orders(placedWithin: Self.seconds(orders ?? "") ?? 0)
        let simulation = RuleSimulation(
            comparison: RuleComparison(RuleBook(active), with: RuleBook(set)), keepsAll: csv != nil
        ) { try configuration.connectDatabase(requiresCurrent: false, isReading: true) }
        let tally = try simulation.run(numbers) { done in
            Console.progress(ProgressBar.text(done, of: numbers.count, "orders"))
        }
        Console.endProgress()
        Console.message(
            "\(numbers.count) orders: \(active.label) against \(source.folder), \(tally.orders) would change")
        output.write(tally.listing, none: "nothing would change")
        if let csv { try Data(tally.csv.utf8).write(to: URL(filePath: csv)) }
    }

    /// `7 days` in seconds.
    private static func seconds(_ text: String) -> Int64? {
        let parts = text.split(separator: " ")
        guard parts.count == 2, let count = Int64(parts[0]), count > 0, count < 100_000 else { return nil }
        switch parts[1] {
        case "day", "days": return count * 86_400
        case "hour", "hours": return count * 3_600
        case "minute", "minutes": return count * 60
        default: return nil
        }
    }
}
