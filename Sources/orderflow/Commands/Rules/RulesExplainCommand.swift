internal import ArgumentParser
internal import OrderCore
internal import OrderRules
internal import OrderStore

/// `orderflow rules explain`: which rule decided what about an order, and how all others come out.
struct RulesExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Tell what rules have decided about an order, and each rule's reason now.",
        discussion: """
            First what was decided, by which rule of which version, and by which values. Then every rule that is switched on \
            in the version that counts, asked about the order as it stands: whether it matches, and by which condition.
            """)

    @Argument(help: "The order's number: code/number.")
    var number: String

    @Option(help: ArgumentHelp("Only this phase.", valueName: "phase"))
    var phase: String?

    @Option(help: ArgumentHelp("Ask this folder instead of the version that counts.", valueName: "folder"))
    var rules: String?

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard let phase, RulePhase(rawValue: phase) == nil else { return }
        let known = RulePhase.allCases.map(\.rawValue)
        throw ValidationError("there is no phase \(phase): \(known.joined(separator: ", "))")
    }

    func run() throws {
        let configuration = try options.load()
        let queries = Queries(connection: try configuration.connectDatabase(isReading: true))
        guard let state = try queries.order(number, withContact: true) else {
            throw Failure(.findings, "there is no order \(number)")
        }
        let decisions = try queries.ruleDecisions(of: number)
        let book = RuleBook(try chosenRules(configuration, queries))
        let subject = try queries.subject(state, asking: book)
        let phases = RulePhase.allCases.filter { phase == nil || $0.rawValue == phase }
        let traces = phases.flatMap { phase in book.trace(phase, subject) }
        output.write([
            ReportPart(name: "decisions", heading: "decided", listing: Self.listing(decisions)),
            ReportPart(name: "rules", heading: "the rules now (\(book.set.label))", listing: Self.listing(traces)),
        ])
    }

    private func chosenRules(_ configuration: Configuration, _ queries: Queries) throws -> RuleSet {
        if let rules { return try RulesFolder.read(rules).set ?? RuleSet(label: "files") }
        guard let set = try configuration.countingRules(queries.connection) else {
            throw Failure(.findings, "no rules were ever published: `orderflow rules publish`, or `--rules DIR`")
        }
        return set
    }

    private static func listing(_ decisions: [StoredDecision]) -> Listing {
        Listing(
            of: decisions,
            [
                ("version", { .integer($0.version) }), ("at", { .time($0.at) }), ("phase", { .text($0.phase) }),
                ("rule", { .text($0.rule) }), ("rules", { .text($0.rules) }), ("effect", { .text($0.effect) }),
                ("inputs", { .text($0.inputs) }),
            ])
    }

    private static func listing(_ traces: [RuleTrace]) -> Listing {
        Listing(
            of: traces,
            [
                ("phase", { .text($0.rule.phase.rawValue) }), ("rule", { .text($0.rule.name) }),
                ("matches", { .text($0.holds ? ($0.isPassedOver ? "not asked" : "yes") : "no") }),
                ("because", { .text($0.because.joined(separator: "; ")) }),
            ])
    }
}
