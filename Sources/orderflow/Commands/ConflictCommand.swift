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

        @OptionGroup var list: ListOptions

        func run() throws {
            let listing = Listing(
                of: try list.queries().conflicts(of: order, limit: list.limit),
                [
                    ("number", { .integer($0.number) }), ("foundAt", { .time($0.foundAt) }),
                    ("kind", { .text($0.kind) }), ("order", { .text($0.orderNumber) }),
                    ("source", { .text($0.message.source) }), ("id", { .text($0.message.id) }),
                    ("detail", { .text($0.detail) }),
                ])
            list.write(listing, none: "there are no conflicts")
        }
    }
}
