internal import ArgumentParser
internal import OrderStore

/// `orderflow dead`: messages that are wrong for good.
struct DeadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead", abstract: "See dead messages, and replay or drop them.",
        subcommands: [
            DeadGroupsCommand.self, DeadListCommand.self, DeadShowCommand.self, DeadReplayCommand.self,
            DeadDropCommand.self,
        ])
}

/// `orderflow dead groups`
struct DeadGroupsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "groups", abstract: "Count dead messages by what is wrong with them, most frequent first.")

    @OptionGroup var filter: DeadFilterOptions
    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let groups = try options.queries().deadGroups(filter.value)
        output.write(Self.listing(groups), none: "no message is dead")
    }

    static func listing(_ groups: [DeadGroup]) -> Listing {
        Listing(
            of: groups,
            [
                ("group", { .text($0.fingerprint) }), ("type", { .text($0.types) }),
                ("messages", { .integer($0.messages) }), ("replayable", { .integer($0.replayable) }),
                ("deliveries", { .integer($0.deliveries) }), ("tries", { .integer($0.tries) }),
                ("firstAt", { .time($0.firstAt) }), ("lastAt", { .time($0.lastAt) }), ("reason", { .text($0.reason) }),
            ])
    }
}

/// `orderflow dead list`
struct DeadListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List dead messages, newest first.")

    @Option(help: ArgumentHelp("Only with this fingerprint, as `dead groups` shows it.", valueName: "fingerprint"))
    var group: String?

    @Option(help: "dead, replayed or dropped.")
    var state = "dead"

    @OptionGroup var filter: DeadFilterOptions
    @OptionGroup var list: ListOptions

    func validate() throws {
        guard ["dead", "replayed", "dropped"].contains(state) else {
            throw ValidationError("--state is dead, replayed or dropped")
        }
    }

    func run() throws {
        var wanted = filter.value
        wanted.group = group
        wanted.state = state
        let listing = Listing(
            of: try list.queries().dead(wanted, limit: list.limit),
            [
                ("number", { .integer($0.number) }), ("queue", { .text($0.message.queue) }),
                ("type", { .text($0.message.type) }), ("order", { .text($0.orderNumber) }),
                ("lastAt", { .time($0.lastAt) }), ("deliveries", { .integer($0.deliveries) }),
                ("tries", { .integer($0.tries) }), ("group", { .text($0.fingerprint) }),
                ("reason", { .text($0.reason) }),
            ])
        list.write(listing, none: "no message is \(state)")
    }
}
