internal import ArgumentParser
internal import FoundationEssentials
internal import Glibc
internal import OrderCore
internal import OrderRules
internal import OrderStore

/// `orderflow rules simulate`: what a folder of rules would have made other, on orders that are there.
struct RulesSimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Ask other rules about stored orders, and tell what would change; changes nothing.",
        discussion: """
            Each order is asked about as it was placed, by the version that counts and by the folder; about carriers and \
            merging each of its parts. What stock there was then is not known; who hears of events is not compared.
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
        let set = try source.read().usable(source.folder)
        try requireWritable()
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
        if let csv { try Data(tally.csv.utf8).write(to: URL(filePath: csv)) }
        Console.message(
            "\(Quantity.text(numbers.count, "order")): \(active.label) against \(source.folder), "
                + "\(tally.orders) would change")
        for line in notLookedAt(tally, simulation.comparison) { Console.message(line) }
        write(tally, set.differences(from: active))
    }

    private func notLookedAt(_ tally: SimulationTally, _ comparison: RuleComparison) -> [String] {
        var lines: [String] = []
        if tally.leftOut > 0 {
            let orders = Quantity.text(tally.leftOut, "rejected order")
            lines.append("not looked at: \(orders), whose lines are not kept any more")
        }
        if comparison.leavesOutEvents { lines.append("not looked at: who hears of events (phase output)") }
        return lines
    }

    private func write(_ tally: SimulationTally, _ differences: [RuleSetDifference]) {
        guard !tally.listing.rows.isEmpty || !differences.isEmpty || output.format == .json else {
            return Console.message("nothing would change")
        }
        if tally.listing.rows.isEmpty { Console.message("no rule would answer otherwise") }
        let beside = Listing(
            of: differences,
            [
                ("kind", { .text($0.kind.rawValue) }), ("name", { .text($0.name) }),
                ("change", { .text($0.change.rawValue) }), ("detail", { .text($0.detail) }),
            ])
        output.write([
            ReportPart(name: "changes", heading: "what rules would answer", listing: tally.listing),
            ReportPart(
                name: "beside", heading: "also other (what sourcing would make of it is not worked out)",
                listing: beside),
        ])
    }

    /// Known before the work, rather than after it.
    private func requireWritable() throws(Failure) {
        guard let csv else { return }
        // Appending nothing leaves what an earlier run has written, should this one fail.
        guard let file = fopen(csv, "a") else { throw Failure(.usage, "\(csv) can't be written") }
        fclose(file)
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
