public import ArgumentParser
public import OrderCore
internal import OrderStore

extension HoldReason: ExpressibleByArgument {}
extension OrderStatus: ExpressibleByArgument {}

/// `orderflow hold`: the exceptions people work on.
struct HoldCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hold", abstract: "List the holds that people work on.", subcommands: [List.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List open holds, oldest first.")

        @Option(help: "Only with this reason.")
        var reason: HoldReason?

        @Flag(help: "Count them by reason instead.")
        var summary = false

        @OptionGroup var list: ListOptions

        func run() throws {
            let queries = try list.queries()
            list.write(summary ? try counts(queries) : try holds(queries), none: "no hold is open")
        }

        private func holds(_ queries: Queries) throws -> Listing {
            Listing(
                of: try queries.openHolds(reason: reason, limit: list.limit),
                [
                    ("order", { .text($0.orderNumber) }), ("status", { .text($0.orderStatus) }),
                    ("reason", { .text($0.hold.reason.rawValue) }), ("path", { .text($0.hold.path) }),
                    ("openedAt", { .time($0.hold.openedAt) }), ("openedBy", { .text($0.hold.openedBy) }),
                    ("detail", { .text($0.hold.detail) }),
                ])
        }

        private func counts(_ queries: Queries) throws -> Listing {
            Listing(
                of: try queries.holdCounts(),
                [
                    ("reason", { .text($0.reason) }), ("count", { .integer($0.count) }),
                    ("oldest", { .time($0.oldestOpenedAt) }),
                ])
        }
    }
}
