internal import ArgumentParser
internal import OrderCore
internal import OrderMessages
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
    @Argument(help: "The folder with the rules: *.yaml, *.txt of lists, *.csv of tables.", completion: .directory)
    var folder: String

    /// The files; a folder that can't be read ends the command.
    func files() throws(Failure) -> RuleFiles { try Self.files(folder) }

    /// Reads the rules, and prints what is found; a set with errors ends the command.
    func read(known: KnownCodes = KnownCodes()) throws(Failure) -> RuleReading {
        try Self.read(folder, known: known)
    }

    /// The same of any folder.
    static func read(_ folder: String, known: KnownCodes = KnownCodes()) throws(Failure) -> RuleReading {
        let reading = RuleReading(try files(folder), known: known, now: Timestamp(microseconds: WallClock.microseconds))
        try reading.show(in: folder)
        return reading
    }

    static func files(_ folder: String) throws(Failure) -> RuleFiles {
        do throws(RuleFilesError) {
            return try RuleFiles(folder: folder)
        } catch {
            throw Failure(.usage, error.description)
        }
    }
}

extension RuleReading {
    /// Prints what was found; a set with errors ends the command.
    func show(in folder: String) throws(Failure) {
        for finding in findings { Console.data(finding.shown(in: folder)) }
        let errors = findings.count { $0.severity == .error }
        guard errors == 0 else {
            throw Failure(.findings, "\(Quantity.text(errors, "error")): the rules can't be used")
        }
    }
}

extension RuleFinding {
    /// With the folder before the file, so that terminals and editors find it.
    func shown(in folder: String) -> String {
        var finding = self
        finding.place.file = (folder.hasSuffix("/") ? folder : folder + "/") + finding.place.file
        return finding.description
    }
}

/// Counts, for people.
enum Quantity {
    /// `1 rule`, `2 rules`
    static func text(_ count: Int, _ thing: String) -> String { count == 1 ? "1 \(thing)" : "\(count) \(thing)s" }
}
