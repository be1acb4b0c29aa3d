internal import ArgumentParser
internal import OrderCore
internal import OrderStore

/// `orderflow dead show`
struct DeadShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a dead message and what was tried with it; its body only with --reveal, as it may be personal.")

    @Argument(help: "Its number in the list.")
    var number: Int64

    @Flag(help: "Show the body.")
    var reveal = false

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let queries = try options.queries()
        guard let dead = try queries.deadMessage(number) else {
            throw Failure(.findings, "there is no dead message \(number)")
        }
        let seen = try dead.identity.map { try queries.outcome(of: $0) } ?? nil
        output.write([
            ReportPart(name: "dead", heading: "dead message", listing: sheet(dead, seen), isSingle: true),
            ReportPart(name: "tries", heading: "tries", listing: tries(dead, try queries.deadDecisions(number))),
        ])
    }

    private func sheet(_ dead: DeadMessage, _ seen: SeenMessage?) -> Listing {
        let body = String(decoding: dead.message.body, as: UTF8.self)
        let headers = dead.message.headers.sorted { $0.key < $1.key }.map { ($0.key, JSONText.string($0.value)) }
        return Listing(
            of: [dead],
            [
                ("number", { .integer($0.number) }), ("state", { .text($0.state) }), ("reason", { .text($0.reason) }),
                ("group", { .text($0.fingerprint) }), ("queue", { .text($0.message.queue) }),
                ("type", { .text($0.message.type) }), ("source", { .text($0.identity?.source) }),
                ("id", { .text($0.identity?.id) }), ("order", { .text($0.orderNumber) }),
                ("firstAt", { .time($0.firstAt) }), ("lastAt", { .time($0.lastAt) }),
                ("deliveries", { .integer($0.deliveries) }), ("outcome", { _ in .text(seen?.outcome.rawValue) }),
                ("headers", { _ in .json(JSONText.object(headers)) }), ("bodyBytes", { .integer($0.bodyLength) }),
                ("body", { _ in .text(reveal ? body : "\(Masking.stars) (--reveal shows it)") }),
            ])
    }

    /// Each time that it was dead, and what was decided then; of the last one perhaps nothing yet.
    private func tries(_ dead: DeadMessage, _ decisions: [DeadDecision]) -> Listing {
        var listing = Listing(["try", "diedAt", "reason", "decision", "decidedAt", "by", "why"])
        for decision in decisions {
            listing.add([
                .integer(decision.attempt), .time(decision.diedAt), .text(decision.reason), .text(decision.decision),
                .time(decision.decidedAt), .text(decision.decidedBy), .text(decision.why),
            ])
        }
        if dead.state == "dead" {
            listing.add([
                .integer(dead.tries), .time(dead.lastAt), .text(dead.reason), .text(nil), .text(nil), .text(nil),
                .text(nil),
            ])
        }
        return listing
    }
}
