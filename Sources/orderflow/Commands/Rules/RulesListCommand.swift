internal import ArgumentParser
internal import OrderCore
internal import OrderRules
internal import OrderStore

/// `orderflow rules list`: the versions.
struct RulesListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the published versions, the newest first: it counts.")

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let versions = try RuleVersions(connection: options.load().connectDatabase(isReading: true)).all()
        let listing = Listing(
            of: versions,
            [
                ("version", { .integer($0.version) }), ("publishedAt", { .time($0.publishedAt) }),
                ("by", { .text($0.publishedBy) }), ("note", { .text($0.note) }),
                ("restores", { .integer($0.restores) }),
            ])
        output.write(listing, none: "no rules were ever published")
    }
}

/// `orderflow rules show`: the files of a version.
struct RulesShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print the files of a version, or the rules that it has.")

    @Argument(help: "The version; the newest unless told.")
    var version: Int64?

    @Flag(help: "Only a line a rule: phase, priority, name, title.")
    var brief = false

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let versions = RuleVersions(connection: try options.load().connectDatabase(isReading: true))
        guard brief else {
            for (name, text) in try versions.chosen(version).files.texts.sorted(by: { $0.key < $1.key }) {
                Console.data("# \(name)\n\(text)")
            }
            return
        }
        let set = try versions.rules(version).set
        let order = RulePhase.allCases
        let sorted = set.rules.sorted {
            (order.firstIndex(of: $0.phase) ?? 0, $0.priority, $0.name)
                < (order.firstIndex(of: $1.phase) ?? 0, $1.priority, $1.name)
        }
        let listing = Listing(
            of: sorted,
            [
                ("phase", { .text($0.phase.rawValue) }), ("priority", { .integer($0.priority) }),
                ("rule", { .text($0.name) }), ("title", { .text($0.title) }),
                ("enabled", { .text($0.isEnabled ? "yes" : "no") }), ("when", { .text($0.condition.text) }),
            ])
        output.write(listing, none: "\(set.label) has no rules")
    }
}
