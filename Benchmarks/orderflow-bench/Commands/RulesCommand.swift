internal import ArgumentParser
internal import OrderCore
internal import OrderRules

/// `orderflow-bench rules`: what rules cost, alone, in the worker, and when they are tried on stored orders.
struct RulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules", abstract: "Measure what rules cost: alone, in the worker, tried on stored orders.",
        discussion: """
            Expects an empty database and vhost. About five minutes on two idle cores. Ends with a line a bar, and with 1 \
            where one is short; of what --only leaves out no bar is judged, and no document is written.
            """)

    /// What can be measured by itself.
    enum Part: String, ExpressibleByArgument, CaseIterable {
        case cost, worker, simulation
    }

    @Option(help: ArgumentHelp("The rules.", valueName: "folder"))
    var rules = "config/rules"

    @Option(help: "How many pairs of runs with rules and without.")
    var pairs = 5

    @Option(help: "Orders in a run.")
    var orders = 5_000

    @Option(help: "How often each is measured alone, and tried on stored orders.")
    var rounds = 3

    @Option(help: "Stored orders that rules are tried on.")
    var stored = 100_000

    @Option(help: ArgumentHelp("Measure only this.", valueName: "part"))
    var only: Part?

    @Option(help: "Another seed is another load.")
    var seed: UInt64 = 1

    @OptionGroup var publication: Publication

    func run() throws {
        let files = try RuleFiles(folder: rules)
        guard let set = RuleReading(files, label: "v1").set else { throw BenchFailure("\(rules) has mistakes") }
        let parts = only.map { [$0] } ?? Part.allCases
        let session = try Session(seed: seed, steps: RuleCostPart.steps(rounds) + pairs * 2 + rounds)
        var sections: [Report.Section] = []
        if parts.contains(.cost) {
            sections.append(RuleCostPart(session.progress, shipped: set, seed: seed, rounds: rounds).section)
        }
        if parts.contains(.worker) {
            let template = try session.publish(files, in: session.database.template + "_rules")
            sections.append(try RulePairs(session, template: template, pairs: pairs, orders: orders).section)
            try session.database.remove(template)
        }
        if parts.contains(.simulation) {
            let part = try SimulationPart(
                session, program: Self.orderflow, folder: rules, orders: stored, rounds: rounds)
            sections.append(part.section)
        }
        try session.database.remove()
        var report = Report(
            "rules", try Machine(session.servers),
            scale: """
                \(set.rules.count) rules ship. \(pairs) pairs of runs with rules and without: \(orders.grouped) orders a run.
                """)
        report.sections = sections
        if only == nil {
            try publication.publish(report)
        } else {
            ReportTable(report: report).print()
        }
    }

    /// The program, beside this one.
    private static var orderflow: String {
        let path = CommandLine.arguments.first ?? ""
        return (path.lastIndex(of: "/").map { String(path[...$0]) } ?? "") + "orderflow"
    }
}
