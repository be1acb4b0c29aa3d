internal import ArgumentParser
internal import OrderCore

/// `orderflow order merge`
struct OrderMergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge", abstract: "Let an order go out in one parcel with others: they wait for each other.")

    @OptionGroup var order: OrderCommandOptions

    @Option(help: ArgumentHelp("Another order; may be given again.", valueName: "number"))
    var with: [String]

    func validate() throws {
        guard !with.isEmpty else { throw ValidationError("give at least one --with") }
        if let wrong = with.first(where: { !OrderNumber.isValid($0) }) {
            throw ValidationError("\(wrong) is no order number: <channel or partner code>/<number>")
        }
    }

    func run() throws { try order.deliver("merge", [("orders", JSONText.array(with.map(JSONText.string)))]) }
}

/// `orderflow order unmerge`
struct OrderUnmergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unmerge",
        abstract: "Take an order out of those it goes with: at once before hand-over, else its warehouse is asked.")

    @OptionGroup var order: OrderCommandOptions

    func run() throws { try order.deliver("unmerge") }
}
