public import ArgumentParser
public import OrderCore
internal import OrderStore

extension HoldReason: ExpressibleByArgument {}
extension OrderStatus: ExpressibleByArgument {}

/// `orderflow hold`: the exceptions people work on.
struct HoldCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hold", abstract: "List the holds that people work on, and explain them.",
        subcommands: [List.self, HoldExplainCommand.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List open holds, oldest first.")

        @Option(help: "Only with this reason.")
        var reason: HoldReason?

        @Option(help: ArgumentHelp("Only what is open for longer: 30m, 4h, 2d.", valueName: "age"))
        var olderThan: Age?

        @Flag(help: "Count them by reason instead.")
        var summary = false

        @OptionGroup var list: ListOptions

        func run() throws {
            let queries = try list.queries()
            list.write(summary ? try counts(queries) : try holds(queries), none: "no such hold is open")
        }

        private func holds(_ queries: Queries) throws -> Listing {
            Listing(
                of: try queries.openHolds(reason: reason, openedBefore: olderThan?.moment, limit: list.limit),
                [
                    ("order", { .text($0.orderNumber) }), ("status", { .text($0.orderStatus) }),
                    ("reason", { .text($0.hold.reason.rawValue) }), ("path", { .text($0.hold.path) }),
                    ("age", { .text(Age(since: $0.hold.openedAt).text) }), ("openedAt", { .time($0.hold.openedAt) }),
                    ("openedBy", { .text($0.hold.openedBy) }), ("detail", { .text($0.hold.detail) }),
                ])
        }

        private func counts(_ queries: Queries) throws -> Listing {
            Listing(
                of: try queries.holdCounts(reason: reason, openedBefore: olderThan?.moment),
                [
                    ("reason", { .text($0.reason) }), ("count", { .integer($0.count) }),
                    ("age", { .text(Age(since: $0.oldestOpenedAt).text) }), ("oldest", { .time($0.oldestOpenedAt) }),
                ])
        }
    }
}
