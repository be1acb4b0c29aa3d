internal import ArgumentParser
internal import OrderCore
internal import OrderStore

/// `orderflow order events`
struct OrderEventsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Show what was told of an order, to whom, with which number.")

    @Argument(help: "The order's number: code/number.")
    var number: String

    @Option(help: ArgumentHelp("Only from this number on, of each epoch.", valueName: "number"))
    var from: Int64?

    @Option(help: "Only what this receiver was told.")
    var receiver: String?

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let told = try options.queries().events(of: number).flatMap { event in
            event.deliveries.map { (event: event, receiver: $0.receiver, number: EventNumber(stored: $0.number)) }
        }.filter { (receiver == nil || $0.receiver == receiver) && $0.number.sequence >= from ?? 0 }
        let listing = Listing(
            of: told,
            [
                ("at", { .time($0.event.createdAt) }), ("receiver", { .text($0.receiver) }),
                ("epoch", { .integer($0.number.sequence == 0 ? nil : $0.number.epoch) }),
                ("number", { .integer($0.number.sequence) }), ("type", { .text($0.event.type) }),
                ("subject", { .text($0.event.subject) }), ("version", { .integer($0.event.version) }),
                ("cause", { .text($0.event.cause.source + " " + $0.event.cause.id) }),
            ])
        output.write(listing, none: "nothing was told of \(number), or it is no longer kept")
    }
}
