internal import ArgumentParser
internal import OrderCore
internal import OrderRules
internal import OrderStore

/// `orderflow rules check`: every mistake with its place.
struct RulesCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Tell every mistake in a folder of rules, with its place and what was meant.",
        discussion: "Ends with 1 where there are errors; warnings are told, and the rules can be used.")

    @OptionGroup var source: RulesFolder

    @Flag(help: "Look at the warehouses, channels and partners that the database knows, too; else it connects nowhere.")
    var database = false

    @OptionGroup var options: ConfigurationOptions

    func run() throws {
        let known = database ? try KnownCodes(Queries(connection: try options.load().connectDatabase())) : KnownCodes()
        let reading = try source.read(known: known)
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
