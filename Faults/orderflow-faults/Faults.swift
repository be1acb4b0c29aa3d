import ArgumentParser

/// Breaks everything that can break while load runs, and says whether a single promise was broken.
@main
struct Faults: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "orderflow-faults",
        abstract: "Break things under load, and have an auditor judge what came of it.",
        subcommands: [RunCommand.self, SimulateCommand.self, ListCommand.self], defaultSubcommand: RunCommand.self)
}

/// `orderflow-faults run`
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run the cases; exit 1 where one is not clean.")

    @Option(help: "short (with the tests), usual or full.")
    var scale = Scale.usual

    @Option(help: ArgumentHelp("Only these, such as F1,F4.", valueName: "ids"))
    var only: String?

    @Option(help: "Another seed is another run. [default: the time]")
    var seed: UInt64?

    @Option(help: "How many cases run at a time, each on servers of its own.")
    var atOnce = 3

    @Option(help: ArgumentHelp("Also write the results there, as JSON.", valueName: "file"))
    var report: String?

    @Option(help: ArgumentHelp("Write the results into reliability.md there.", valueName: "folder"))
    var docs: String?

    func validate() throws {
        guard atOnce > 0 else { throw ValidationError("--at-once must be at least 1") }
        let known = FaultCase.all.map(\.id)
        for id in ids where !known.contains(id) {
            throw ValidationError("no case is named \(id): there are \(known.joined(separator: ", "))")
        }
    }

    func run() throws {
        let seed = seed ?? UInt64.random(in: 1...999_999)
        let cases = FaultCase.all.filter { fault in
            ids.isEmpty ? scale != .short || fault.isShort : ids.contains(fault.id)
        }
        Terminal.note("\(cases.count) cases, \(scale.rawValue) form, seed \(seed)")
        let report = FaultReport(
            scale: scale, seed: seed, results: Runner(cases, scale, seed: seed).run(atOnce: atOnce))
        report.print()
        if let path = self.report { try report.write(to: path) }
        if let docs { try ReliabilityPage(report).write(to: "\(docs)/reliability.md") }
        if !report.isClean { throw ExitCode(1) }
    }

    private var ids: [String] { only?.split(separator: ",").map { $0.uppercased() } ?? [] }
}

/// `orderflow-faults list`
struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the cases.")

    func run() {
        for fault in FaultCase.all { print("\(fault.id)\t\(fault.title)\(fault.isShort ? " (short form too)" : "")") }
    }
}
