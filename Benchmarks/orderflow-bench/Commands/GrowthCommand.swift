internal import ArgumentParser

/// `orderflow-bench growth`: how the cost of a message grows with what is stored and what waits.
struct GrowthCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "growth", abstract: "Measure how the cost grows with what is stored and what waits.",
        discussion: """
            Expects an empty database and vhost. Under an hour on two idle cores, and some 55 GB of disk; the templates with \
            stored orders are kept for the next time. Ends with a line a bar, and with 1 where one is short.
            """)

    @Option(parsing: .upToNextOption, help: "How many orders are stored already, besides none.")
    var stored = [1_000_000, 5_000_000]

    @Option(help: "How many rows a large inbox has.")
    var inbox = 10_000_000

    @Option(help: "How many orders wait in the queues.")
    var backlog = 1_000_000

    @Option(help: "How often each is measured.")
    var rounds = 3

    @Option(help: "Orders in a run.")
    var orders = 5_000

    @Option(help: "Divides what is stored and what waits, to try it out.")
    var divisor = 1

    @Option(help: "Another seed is another load.")
    var seed: UInt64 = 1

    @OptionGroup var publication: Publication

    func run() throws {
        let sizes = stored.map { $0 / divisor }.sorted()
        let session = try Session(
            seed: seed, steps: StoredPart.steps(sizes) + ShapePart.steps(rounds: rounds) + 2)
        let stored = try StoredPart(session, sizes: sizes, inbox: inbox / divisor, orders: orders, rounds: rounds)
        let shape = try ShapePart(session, orders: orders, rounds: rounds)
        let waiting = try BacklogPart(session, few: min(20_000, backlog / divisor), many: backlog / divisor)
        try session.database.remove()
        var report = Report(
            "growth", try Machine(session.servers),
            scale:
                "\(rounds) rounds of \(orders.grouped) orders, two processes with two lanes where nothing else is said."
        )
        report.sections = [stored.section, waiting.section] + shape.sections
        try publication.publish(report)
    }
}
