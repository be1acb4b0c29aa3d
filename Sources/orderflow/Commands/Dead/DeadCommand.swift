internal import ArgumentParser
internal import OrderCore
internal import OrderStore

/// `orderflow dead`: messages that are wrong for good.
struct DeadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead", abstract: "List, show, replay or drop dead messages.",
        subcommands: [DeadListCommand.self, DeadShowCommand.self, DeadReplayCommand.self, DeadDropCommand.self])
}

/// `orderflow dead list`
struct DeadListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List dead messages, newest first.")

    @Flag(help: "Group them by what is wrong with them.")
    var groups = false

    @Option(help: "dead, replayed or dropped.")
    var state = "dead"

    @OptionGroup var list: ListOptions

    func validate() throws {
        guard ["dead", "replayed", "dropped"].contains(state) else {
            throw ValidationError("--state is dead, replayed or dropped")
        }
    }

    func run() throws {
        let queries = try list.queries()
        list.write(groups ? try grouped(queries) : try messages(queries), none: "no message is \(state)")
    }

    private func messages(_ queries: Queries) throws -> Listing {
        Listing(
            of: try queries.dead(state: state, limit: list.limit),
            [
                ("number", { .integer($0.number) }), ("queue", { .text($0.message.queue) }),
                ("type", { .text($0.message.type) }), ("order", { .text($0.orderNumber) }),
                ("lastAt", { .time($0.lastAt) }), ("deliveries", { .integer($0.deliveries) }),
                ("fingerprint", { .text($0.fingerprint) }), ("reason", { .text($0.reason) }),
            ])
    }

    private func grouped(_ queries: Queries) throws -> Listing {
        Listing(
            of: try queries.deadGroups(),
            [
                ("fingerprint", { .text($0.fingerprint) }), ("messages", { .integer($0.messages) }),
                ("deliveries", { .integer($0.deliveries) }), ("firstAt", { .time($0.firstAt) }),
                ("lastAt", { .time($0.lastAt) }), ("reason", { .text($0.reason) }),
            ])
    }
}

/// `orderflow dead show`
struct DeadShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one dead message; its body only with --reveal, as it may be personal.")

    @Argument(help: "Its number in the list.")
    var number: Int64

    @Flag(help: "Show the body.")
    var reveal = false

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        guard let dead = try options.queries().deadMessage(number) else {
            throw Failure(.findings, "there is no dead message \(number)")
        }
        let body = String(decoding: dead.message.body, as: UTF8.self)
        let headers = dead.message.headers.sorted { $0.key < $1.key }.map { ($0.key, JSONText.string($0.value)) }
        let sheet = Listing(
            of: [dead],
            [
                ("number", { .integer($0.number) }), ("state", { .text($0.state) }), ("reason", { .text($0.reason) }),
                ("fingerprint", { .text($0.fingerprint) }), ("queue", { .text($0.message.queue) }),
                ("type", { .text($0.message.type) }), ("source", { .text($0.identity?.source) }),
                ("id", { .text($0.identity?.id) }), ("order", { .text($0.orderNumber) }),
                ("firstAt", { .time($0.firstAt) }), ("lastAt", { .time($0.lastAt) }),
                ("deliveries", { .integer($0.deliveries) }), ("settledBy", { .text($0.settledBy) }),
                ("settledWhy", { .text($0.settledWhy) }), ("headers", { _ in .json(JSONText.object(headers)) }),
                ("bodyBytes", { .integer($0.bodyLength) }),
                ("body", { _ in .text(reveal ? body : "\(Masking.stars) (--reveal shows it)") }),
            ])
        output.write([ReportPart(name: "dead", heading: "dead message", listing: sheet, isSingle: true)])
    }
}
