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

    /// So many are read at a time.
    private static let portion = 1_000

    func run() throws {
        let queries = try options.queries()
        let reading = try source.read()
        guard let set = reading.set else { return }
        let versions = RuleVersions(connection: queries.connection)
        let current = try versions.all().first.map { try versions.chosen($0.version) }
        let active = current.flatMap { RuleReading($0.files, label: "v\($0.version)").set } ?? RuleSet(label: "none")
        let comparison = RuleComparison(RuleBook(active), with: RuleBook(set))

        let numbers =
            try sample.map { try queries.sampleOrders($0) }
            ?? queries.orders(placedWithin: Self.seconds(orders ?? "") ?? 0)
        var tally = SimulationTally()
        var products: [String: Product] = [:]
        for start in stride(from: 0, to: numbers.count, by: Self.portion) {
            Console.progress("\(start) of \(numbers.count) orders")
            let chunk = Array(numbers[start..<min(start + Self.portion, numbers.count)])
            for subject in try queries.subjects(chunk, comparison.histories, products: &products) {
                tally.add(subject.order.number, comparison.changes(subject), keepsAll: csv != nil)
            }
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

/// What would change, counted by rule and effect.
private struct SimulationTally {
    private(set) var orders = 0
    private var groups: [RuleComparison.Change: (count: Int, examples: [String])] = [:]
    private var all: [(order: String, change: RuleComparison.Change)] = []

    mutating func add(_ order: String, _ changes: [RuleComparison.Change], keepsAll: Bool) {
        guard !changes.isEmpty else { return }
        orders += 1
        for change in changes {
            var group = groups[change] ?? (0, [])
            group.count += 1
            if group.examples.count < 3 { group.examples.append(order) }
            groups[change] = group
            if keepsAll { all.append((order, change)) }
        }
    }

    var listing: Listing {
        let sorted = groups.sorted { left, right in
            if left.value.count != right.value.count { return left.value.count > right.value.count }
            return (left.key.rule, left.key.effect) < (right.key.rule, right.key.effect)
        }
        return Listing(
            of: sorted,
            [
                ("orders", { .integer(Int64($0.value.count)) }), ("phase", { .text($0.key.phase.rawValue) }),
                ("rule", { .text($0.key.rule) }), ("change", { .text($0.key.isNew ? "new" : "no more") }),
                ("effect", { .text($0.key.effect) }),
                ("examples", { .text($0.value.examples.joined(separator: ", ")) }),
            ])
    }

    /// RFC 4180.
    var csv: String {
        func quoted(_ text: String) -> String { "\"" + text.replacing("\"", with: "\"\"") + "\"" }
        let lines = all.map { entry in
            [
                entry.order, entry.change.phase.rawValue, entry.change.rule, entry.change.isNew ? "new" : "no more",
                entry.change.effect,
            ].map(quoted).joined(separator: ",")
        }
        return (["order,phase,rule,change,effect"] + lines).joined(separator: "\r\n") + "\r\n"
    }
}
