internal import OrderCore
internal import OrderStore

/// What staff want of many orders: shows which, asks, sends a message for each at a bounded rate, and reports on each.
struct BulkCommand {
    /// What is done to them, as it is typed.
    let verb: String
    let many: OrderChoice
    let staff: StaffOptions
    /// The message about an order, given the order as the preview has seen it.
    let message: (_ number: String, _ seen: Order?) -> StaffMessage

    /// So many are shown before it is asked.
    private static let shown = 10

    func run() throws {
        let configuration = try staff.options.load()
        let queries = Queries(connection: try configuration.connectDatabase())
        let chosen = try many.orders(queries)
        guard !chosen.isEmpty else { throw Failure(.findings, "there are no such orders") }
        Console.message(preview(chosen))
        guard !many.dryRun else { return }
        if !many.yes { try Confirmation.require("\(verb) \(chosen.count) orders?") }
        let desk = try StaffDesk(configuration)
        defer { desk.close() }
        try report(try send(chosen, desk), of: chosen.count)
    }

    private func preview(_ chosen: [(number: String, order: Order?)]) -> String {
        let listing = Listing(
            of: Array(chosen.prefix(Self.shown)),
            [
                ("order", { .text($0.number) }), ("status", { .text($0.order?.status.rawValue ?? "not there") }),
                ("payable", { .money($0.order?.payable, currency: $0.order?.currency.code ?? "") }),
                ("version", { .integer($0.order?.version) }),
            ])
        let rest = chosen.count - min(chosen.count, Self.shown)
        return listing.table + (rest > 0 ? "\nand \(rest) more" : "") + "\n\(chosen.count) to \(verb)"
    }

    /// One portion a second; the outcomes of a portion are awaited before the next. Where they don't come, nobody works on
    /// the queue: the rest stays here.
    private func send(_ chosen: [(number: String, order: Order?)], _ desk: StaffDesk) throws -> [Item] {
        var items: [Item] = []
        for start in stride(from: 0, to: chosen.count, by: many.perSecond) {
            let next = ContinuousClock.now + .seconds(1)
            let portion = chosen[start..<min(start + many.perSecond, chosen.count)]
            let identities = try desk.publish(portion.map { message($0.number, $0.order) })
            let deadline = ContinuousClock.now + .seconds(staff.timeout)
            for (item, identity) in zip(portion, identities) {
                let seen = try desk.outcome(of: identity, until: deadline)
                items.append(Item(number: item.number, seen: seen, changes: try changes(of: item.order, seen, desk)))
            }
            if items.contains(where: { $0.seen == nil }) { break }
            if start + portion.count < chosen.count {
                Console.message("\(start + portion.count) of \(chosen.count)")
                while .now < next { Pause.milliseconds(20) }
            }
        }
        return items
    }

    /// Of an order that has changed since the preview, what has happened to it.
    private func changes(of order: Order?, _ seen: SeenMessage?, _ desk: StaffDesk) throws -> [String] {
        guard let order, seen?.outcome == .refused else { return [] }
        return try desk.queries.changes(of: order.number, since: order.version)
    }

    private func report(_ items: [Item], of wanted: Int) throws {
        let listing = Listing(
            of: items,
            [
                ("order", { .text($0.number) }), ("outcome", { .text($0.seen?.outcome.rawValue ?? "no answer") }),
                ("why", { .text(([$0.seen?.reason].compactMap { $0 } + $0.changes).joined(separator: "; ")) }),
            ])
        Console.data(listing.table)
        let applied = items.count { $0.seen?.outcome == .done || $0.seen?.outcome == .parked }
        let unanswered = items.count { $0.seen == nil }
        let text = "\(applied) applied, \(items.count - applied - unanswered) refused, \(unanswered) without an answer"
        if unanswered > 0 {
            let rest = wanted > items.count ? "; \(wanted - items.count) were not sent" : ""
            throw Failure(.timedOut, "\(text): those stay queued, and may still be applied\(rest)")
        }
        if applied < items.count { throw Failure(.findings, text) }
        Console.message(text)
    }

    /// What has become of one.
    private struct Item {
        let number: String
        let seen: SeenMessage?
        let changes: [String]
    }
}
