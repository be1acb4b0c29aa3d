internal import ArgumentParser
internal import OrderRules

/// `orderflow rules schema`: for editors.
struct RulesSchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON Schema of rule files, by which editors complete keys.")

    func run() { Console.data(String(RuleSchema.text.dropLast())) }
}
