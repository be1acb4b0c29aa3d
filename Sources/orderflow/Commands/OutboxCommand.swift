internal import ArgumentParser
internal import OrderStore

/// `orderflow outbox`: what the broker has not confirmed.
struct OutboxCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "outbox", abstract: "Show events that are not confirmed yet.", subcommands: [Status.self])

    struct Status: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show how many events wait, by receiver, and since when.")

        @OptionGroup var options: ConfigurationOptions
        @OptionGroup var output: OutputOptions

        func run() throws {
            let listing = Listing(
                of: try options.queries().outbox(),
                [
                    ("receiver", { .text($0.receiver) }), ("waiting", { .integer($0.waiting) }),
                    ("setAside", { .integer($0.setAside) }), ("oldest", { .time($0.oldestAt) }),
                ])
            output.write(listing, none: "everything is confirmed")
        }
    }
}
