internal import ArgumentParser
internal import OrderStore

/// `orderflow quarantine`: orders whose rows read back impossible.
struct QuarantineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quarantine", abstract: "List orders whose rows can't be read, and lift what was mended.",
        subcommands: [List.self, Lift.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List quarantined orders, oldest first, and how much waits for each.")

        @OptionGroup var list: ListOptions

        func run() throws {
            let listing = Listing(
                of: try list.queries().quarantined(limit: list.limit),
                [
                    ("order", { .text($0.orderNumber) }), ("foundAt", { .time($0.foundAt) }),
                    ("facts", { .integer($0.facts) }), ("timers", { .integer($0.timers) }),
                    ("fault", { .text($0.fault) }),
                ])
            list.write(listing, none: "no order is in quarantine")
        }
    }

    struct Lift: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Go on with an order whose rows have been mended: what waits for it is applied.")

        @Argument(help: "The order's number: code/number.")
        var number: String

        @OptionGroup var staff: StaffOptions

        func run() throws { try staff.deliver("lift_quarantine", order: number) }
    }
}
