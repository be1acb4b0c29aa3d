internal import ArgumentParser
internal import OrderCore
internal import OrderStore

/// `orderflow hold explain`: what a reason means, what opened a hold, and what closes it.
struct HoldExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Tell what a reason means, or what opened the holds of an order, and which commands close them.",
        discussion: "Without a word more it tells what each reason means.")

    @Argument(help: "A reason (out_of_stock), or an order's number: code/number.")
    var subject: String?

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        guard let subject else { return output.write(Self.reasons, none: "") }
        if let reason = HoldReason(rawValue: subject) { return output.write(Self.parts(of: reason, on: "NUMBER")) }
        guard subject.contains("/") else {
            throw Failure(.usage, "\(subject) is no reason and no order: `orderflow hold explain` lists the reasons")
        }
        try explain(order: subject)
    }

    private func explain(order number: String) throws {
        let queries = try options.queries()
        guard let state = try queries.order(number) else { throw Failure(.findings, "there is no order \(number)") }
        guard !state.openHolds.isEmpty else { return Console.message("no hold of \(number) is open") }
        let openings = try queries.holdOpenings(of: number)
        let holds = Listing(
            of: state.openHolds,
            [
                ("hold", { .integer($0.number) }), ("reason", { .text($0.reason.rawValue) }),
                ("path", { .text($0.path) }), ("age", { .text(Age(since: $0.openedAt).text) }),
                ("openedAt", { .time($0.openedAt) }), ("openedBy", { .text($0.openedBy) }),
                ("version", { .integer(openings[$0.number]?.version) }),
                ("message", { .text(openings[$0.number].map { "\($0.cause.source) \($0.cause.id)" }) }),
                ("detail", { .text($0.detail) }),
            ])
        var reasons: [HoldReason] = []
        for hold in state.openHolds where !reasons.contains(hold.reason) { reasons.append(hold.reason) }
        let meanings = Listing(
            of: reasons,
            [
                ("reason", { .text($0.rawValue) }), ("means", { .text($0.guide.meaning) }),
                ("closesItself", { .text($0.guide.closesItself) }),
            ])
        var ways = Listing(["reason", "command", "effect"])
        for reason in reasons {
            for way in reason.guide.ways {
                ways.add([.text(reason.rawValue), .text(way.command(number)), .text(way.effect)])
            }
        }
        output.write([
            ReportPart(name: "holds", heading: "open holds of \(number)", listing: holds),
            ReportPart(name: "reasons", heading: "what they mean", listing: meanings),
            ReportPart(name: "ways", heading: "what staff can do (each with --by and --reason)", listing: ways),
        ])
    }

    private static var reasons: Listing {
        Listing(
            of: HoldReason.allCases,
            [
                ("family", { .text($0.family.rawValue) }), ("reason", { .text($0.rawValue) }),
                ("means", { .text($0.guide.meaning) }),
            ])
    }

    private static func parts(of reason: HoldReason, on number: String) -> [ReportPart] {
        let guide = reason.guide
        let sheet = Listing(
            of: [reason],
            [
                ("reason", { .text($0.rawValue) }), ("family", { .text($0.family.rawValue) }),
                ("means", { _ in .text(guide.meaning) }), ("closesItself", { _ in .text(guide.closesItself) }),
            ])
        let ways = Listing(
            of: guide.ways, [("command", { .text($0.command(number)) }), ("effect", { .text($0.effect) })])
        return [
            ReportPart(name: "hold", heading: "hold", listing: sheet, isSingle: true),
            ReportPart(name: "ways", heading: "what staff can do (each with --by and --reason)", listing: ways),
        ]
    }
}
