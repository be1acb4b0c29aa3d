internal import ArgumentParser
internal import OrderCore
internal import OrderStore

/// `orderflow parked`: facts that came too early.
struct ParkedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parked", abstract: "List facts that wait for something to come.", subcommands: [List.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List parked facts, oldest first.")

        @Option(help: ArgumentHelp("Only of this order.", valueName: "number"))
        var order: String?

        @Option(help: ArgumentHelp("Only what waits for this: order, replay, busy, …", valueName: "text"))
        var waitsFor: String?

        @OptionGroup var list: ListOptions

        func run() throws {
            let listing = Listing(
                of: try list.queries().parked(of: order, waitingFor: waitsFor, limit: list.limit),
                [
                    ("order", { .text($0.orderNumber) }), ("shipment", { .text($0.shipment) }),
                    ("type", { .text($0.message.type) }), ("waitsFor", { .text($0.waitsFor) }),
                    ("age", { .text(Age(since: $0.receivedAt).text) }), ("receivedAt", { .time($0.receivedAt) }),
                    ("deadline", { .time($0.deadline) }),
                    ("retryAt", { .time($0.retryAt) }),
                    ("tries", { .integer($0.tries) }), ("source", { .text($0.identity.source) }),
                    ("id", { .text($0.identity.id) }),
                ])
            list.write(listing, none: "nothing is parked")
        }
    }
}
