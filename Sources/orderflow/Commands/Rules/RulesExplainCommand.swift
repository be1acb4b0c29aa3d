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
            in the version that counts, asked about the order as it stands: whether it matches, and by which condition. Rules \
            of parts are asked about each part, those of events about each event that was told. \
            To see why a rule did not match then: --version V --as-placed.
            """)

    @Argument(help: "The order's number: code/number.")
    var number: String

    @Option(help: ArgumentHelp("Only this phase.", valueName: "phase"))
    var phase: String?

    @Option(help: ArgumentHelp("Ask this folder instead of the version that counts.", valueName: "folder"))
    var rules: String?

    @Option(help: ArgumentHelp("Ask this version instead of the one that counts.", valueName: "version"))
    var version: Int64?

    @Option(help: ArgumentHelp("Of the rules of events: only about this one, told or not.", valueName: "event"))
    var event: String?

    @Flag(help: "Ask about the order as it was placed: at that moment, with its first receiver, before it was paid.")
    var asPlaced = false

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard rules == nil || version == nil else { throw ValidationError("give --rules or --version") }
        if let event, !EventPayload.names.contains(event) {
            throw ValidationError("there is no event \(event); names are without a version, as order.paid")
        }
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
        let questions = RuleQuestions(
            subject: try subject(state, book, queries), parts: state.allParts,
            told: try event.map { [($0, "")] } ?? queries.events(of: number).map { ($0.name, $0.subject) },
            isAsPlaced: asPlaced)
        let phases = RulePhase.allCases.filter { phase == nil || $0.rawValue == phase }
        let traces = phases.flatMap { phase in
            questions.asked(in: phase).flatMap { about, subject in
                book.trace(phase, subject).map { (about: about, trace: $0) }
            }
        }
        let heading = "the rules \(version == nil ? "now " : "")(\(book.set.label))"
        output.write([
            ReportPart(name: "decisions", heading: "decided", listing: Self.listing(decisions)),
            ReportPart(name: "rules", heading: heading, listing: Self.listing(traces)),
        ])
    }

    private func subject(_ state: OrderState, _ book: RuleBook, _ queries: Queries) throws -> RuleSubject {
        guard asPlaced else { return try queries.subject(state, asking: book) }
        var products: [String: Product] = [:]
        let placed = try queries.placedOrders(
            [number], book.histories, products: &products, reading: KeptMessage.placedOrder)
        guard let order = placed.first else {
            throw Failure(.findings, "\(number) was rejected, and the message with its lines is not kept any more")
        }
        return order.subject
    }

    private func chosenRules(_ configuration: Configuration, _ queries: Queries) throws -> RuleSet {
        if let rules { return try RulesFolder.read(rules).usable(rules) }
        if let version { return try RuleVersions(connection: queries.connection).rules(version).set }
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

    private static func listing(_ traces: [(about: String, trace: RuleTrace)]) -> Listing {
        Listing(
            of: traces,
            [
                ("phase", { .text($0.trace.rule.phase.rawValue) }), ("about", { .text($0.about) }),
                ("rule", { .text($0.trace.rule.name) }),
                ("matches", { .text($0.trace.holds ? ($0.trace.isPassedOver ? "not asked" : "yes") : "no") }),
                ("because", { .text($0.trace.because.joined(separator: "; ")) }),
            ])
    }
}
