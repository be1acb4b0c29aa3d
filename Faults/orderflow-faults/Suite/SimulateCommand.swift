import ArgumentParser
import Foundation
import OrderSimulator

/// `orderflow-faults simulate`
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Put seeded histories to the laws of the domain; exit 1 where one is broken.",
        discussion: "A history that breaks a law is shrunk, and printed as a regression test.")

    @Option(help: "How many.")
    var histories: UInt64 = 100_000

    @Option(help: "How many are played at a time.")
    var threads = 2

    @Option(help: "Begin with this seed.")
    var from: UInt64 = 0

    @Option(help: ArgumentHelp("Write the result into reliability.md there.", valueName: "folder"))
    var docs: String?

    func validate() throws {
        guard histories > 0, threads > 0 else { throw ValidationError("--histories and --threads must be at least 1") }
    }

    func run() async throws {
        let start = ContinuousClock.now
        let count = Simulation.seeds(forHistories: histories).count
        let report = await Simulation.run(seeds: from..<from + UInt64(count), threads: threads) { report in
            Terminal.tick("\(report.histories) of \(histories) histories, \(report.messages) messages")
        }
        Terminal.endTicks()
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        for failure in report.failures { Terminal.note("\(failure)") }
        let laws = report.laws.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.key.rawValue) \($0.value)" }
        let sentence =
            "\(report.histories) histories (\(laws.joined(separator: ", "))) of \(report.messages) messages in "
            + "\(Int(seconds)) s: \(report.failures.count) break a law; never seen: "
            + (report.coverage.gaps.isEmpty ? "nothing" : report.coverage.gaps.joined(separator: ", "))
        Terminal.note(sentence)
        if let docs {
            try PagePart("simulator", ["Run on \(FaultReport.today), seeds from \(from): \(sentence)."]).write(
                to: "\(docs)/reliability.md")
        }
        if !report.failures.isEmpty { throw ExitCode(1) }
    }
}
