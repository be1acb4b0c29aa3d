internal import ArgumentParser
internal import OrderStore

/// Which dead messages are meant, where not all are.
struct DeadFilterOptions: ParsableArguments {
    @Option(help: "Only of this type: payment.captured, or with its version.")
    var type: String?

    @Option(help: "Only what came through this queue.")
    var queue: String?

    @Option(help: "Only what this source sent.")
    var source: String?

    @Option(help: ArgumentHelp("Only what names this order.", valueName: "number"))
    var order: String?

    @Option(
        help: ArgumentHelp("Only what came or was tried since: 2026-11-21T09:30:00Z, or 4h ago.", valueName: "time"))
    var since: Moment?

    @Option(help: ArgumentHelp("Only what came or was tried last before.", valueName: "time"))
    var until: Moment?

    @Option(help: ArgumentHelp("Only what has this text in its reason.", valueName: "text"))
    var matching: String?

    /// Something is filtered.
    var isGiven: Bool { value != DeadFilter() }

    var value: DeadFilter {
        var filter = DeadFilter()
        filter.type = type
        filter.queue = queue
        filter.source = source
        filter.orderNumber = order
        filter.since = since?.time
        filter.until = until?.time
        filter.reason = matching
        return filter
    }
}
