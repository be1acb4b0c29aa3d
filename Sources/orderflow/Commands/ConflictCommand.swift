internal import ArgumentParser
internal import OrderCore
internal import OrderStore

/// `orderflow conflict`: what contradicts what was told before.
struct ConflictCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conflict", abstract: "List messages that contradict what was told before.",
        subcommands: [List.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List conflicts, newest first.")

        @Option(help: ArgumentHelp("Only of this order.", valueName: "number"))
        var order: String?

        @Option(help: ArgumentHelp("At most so many rows.", valueName: "rows"))
        var limit = 100

        @OptionGroup var options: ConfigurationOptions
        @OptionGroup var output: OutputOptions

        func run() throws {
            let listing = Listing(
                of: try options.queries().conflicts(of: order, limit: limit),
                [
                    ("number", { .integer($0.number) }), ("foundAt", { .time($0.foundAt) }),
                    ("kind", { .text($0.kind) }), ("order", { .text($0.orderNumber) }),
                    ("source", { .text($0.message.source) }), ("id", { .text($0.message.id) }),
                    ("detail", { .text($0.detail) }),
                ])
            output.write(listing, none: "there are no conflicts")
        }
    }
}
