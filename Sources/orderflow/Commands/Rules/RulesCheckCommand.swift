internal import ArgumentParser
internal import OrderCore
internal import OrderRules

/// `orderflow rules check`: every mistake with its place.
struct RulesCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Tell every mistake in a folder of rules, with its place and what was meant; connects nowhere.",
        discussion: "Ends with 1 where there are errors; warnings are told, and the rules can be used.")

    @OptionGroup var source: RulesFolder

    func run() throws {
        let reading = try source.read()
        guard let set = reading.set else { return }
        let counts = [
            Quantity.text(set.rules.count, "rule"), Quantity.text(set.lists.count, "list"),
            Quantity.text(reading.examples.count, "example"),
        ]
        let warnings = reading.findings.count
        Console.message(
            counts.joined(separator: ", ") + ": fine"
                + (warnings == 0 ? "" : ", with \(Quantity.text(warnings, "warning"))"))
    }
}
