internal import ArgumentParser
internal import OrderCore
internal import OrderStore

/// `orderflow order`: look at orders, and tell the workers what staff want.
struct OrderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "order", abstract: "List and show orders, and give staff commands.",
        subcommands: [
            OrderListCommand.self, OrderShowCommand.self, OrderEventsCommand.self, OrderRebuildCommand.self,
            OrderCancelCommand.self, OrderReleaseCommand.self, OrderOverrideCommand.self, OrderRetryCommand.self,
            OrderSourceCommand.self, OrderChangeCarrierCommand.self, OrderSplitCommand.self,
            OrderCancelLinesCommand.self, OrderEditLinesCommand.self, OrderEditReceiverCommand.self,
            OrderRefundCommand.self, OrderHoldCommand.self, OrderNoteCommand.self, OrderResendCommand.self,
            OrderRetryOutputCommand.self, OrderMergeCommand.self, OrderUnmergeCommand.self,
        ])
}

/// `orderflow order list`
struct OrderListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List orders, newest first.")

    @Option(help: "Only in this status.")
    var status: OrderStatus?

    @Flag(help: "Count them by status instead.")
    var summary = false

    @Flag(help: "Only those that wait for stock, in the order in which they are served.")
    var waiting = false

    @OptionGroup var list: ListOptions

    func run() throws {
        let queries = try list.queries()
        if waiting { return try listWaiting(queries) }
        if summary {
            let counts = try queries.orderCounts()
            let statuses = OrderStatus.allCases.filter { counts[$0.rawValue] != nil }
            let listing = Listing(
                of: statuses,
                [("status", { .text($0.rawValue) }), ("count", { .integer(counts[$0.rawValue]) })])
            return list.write(listing, none: "there are no orders")
        }
        let listing = Listing(
            of: try queries.orders(status: status, limit: list.limit),
            [
                ("number", { .text($0.number) }), ("kind", { .text($0.kind.rawValue) }),
                ("status", { .text($0.status.rawValue) }), ("payment", { .text($0.paymentState.rawValue) }),
                ("payable", { .money($0.payable, currency: $0.currency.code) }),
                ("placedAt", { .time($0.placedAt) }), ("version", { .integer($0.version) }),
            ])
        list.write(listing, none: "there are no such orders")
    }

    private func listWaiting(_ queries: Queries) throws {
        let listing = Listing(
            of: try queries.waitingOrders(limit: list.limit),
            [
                ("number", { .text($0.number) }), ("rank", { .integer($0.rank) }), ("paidAt", { .time($0.since) }),
                ("keepsTurn", { .text($0.keepsTurn ? "yes" : "no") }), ("waitsFor", { .text($0.waitsFor) }),
                ("age", { .text(Age(since: $0.waitingSince).text) }), ("placedAt", { .time($0.placedAt) }),
            ])
        list.write(listing, none: "no order waits for stock")
    }
}
