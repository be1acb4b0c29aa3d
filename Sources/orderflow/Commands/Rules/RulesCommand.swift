internal import ArgumentParser
internal import OrderRules

/// `orderflow rules`: the rules of operations.
struct RulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules", abstract: "Check, try and publish the rules of operations.",
        subcommands: [
            RulesCheckCommand.self, RulesTestCommand.self, RulesPublishCommand.self, RulesListCommand.self,
            RulesShowCommand.self, RulesDiffCommand.self, RulesRollbackCommand.self, RulesSimulateCommand.self,
            RulesExplainCommand.self,
            RulesSchemaCommand.self,
        ])
}

/// A folder of rule files.
struct RulesFolder: ParsableArguments {
    @Argument(help: "The folder with the rules: *.yaml, and *.txt of lists.", completion: .directory)
    var folder: String

    /// Reads the rules, and prints what is found; a set with errors ends the command.
    func read(label: String = "files", known: KnownCodes = KnownCodes()) throws -> RuleReading {
        try Self.read(folder, label: label, known: known)
    }

    /// The same of any folder.
    static func read(
        _ folder: String, label: String = "files", known: KnownCodes = KnownCodes()
    ) throws -> RuleReading {
        let files: RuleFiles
        do throws(RuleFilesError) {
            files = try RuleFiles(folder: folder)
        } catch {
            throw Failure(.usage, error.description)
        }
        let reading = RuleReading(files, label: label, known: known)
        for finding in reading.findings { Console.data(shown(finding, in: folder)) }
        let errors = reading.findings.count { $0.severity == .error }
        guard errors == 0 else {
            throw Failure(.findings, "\(Quantity.text(errors, "error")): the rules can't be used")
        }
        return reading
    }

    /// With the folder before the file, so that terminals and editors find it.
    func shown(_ finding: RuleFinding) -> String { Self.shown(finding, in: folder) }

    private static func shown(_ finding: RuleFinding, in folder: String) -> String {
        var finding = finding
        finding.place.file = (folder.hasSuffix("/") ? folder : folder + "/") + finding.place.file
        return finding.description
    }
}

/// Counts, for people.
enum Quantity {
    /// `1 rule`, `2 rules`
    static func text(_ count: Int, _ thing: String) -> String { count == 1 ? "1 \(thing)" : "\(count) \(thing)s" }
}
