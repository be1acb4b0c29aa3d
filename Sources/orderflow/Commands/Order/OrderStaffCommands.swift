internal import ArgumentParser
internal import OrderCore

/// `orderflow order cancel`
struct OrderCancelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "End all that has not shipped; what was paid for it goes back.")

    @OptionGroup var order: OrderCommandOptions

    func run() throws { try order.deliver("cancel") }
}

/// Which holds a command closes.
struct HoldChoice: ParsableArguments {
    @Option(help: "Only holds with this reason.")
    var hold: HoldReason?

    var members: [(name: String, json: String)] {
        hold.map { [("holdReason", JSONText.string($0.rawValue))] } ?? []
    }
}

/// `orderflow order release`
struct OrderReleaseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release", abstract: "Close the open holds that a person may close.")

    @OptionGroup var order: OrderCommandOptions

    @OptionGroup var holds: HoldChoice

    func run() throws { try order.deliver("release", holds.members) }
}

/// `orderflow order override`
struct OrderOverrideCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "override", abstract: "Close holds in spite of their reason; needs a role.")

    @OptionGroup var order: OrderCommandOptions

    @OptionGroup var holds: HoldChoice

    func run() throws { try order.deliver("override", holds.members) }
}

/// `orderflow order retry`
struct OrderRetryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Check and source again, and ask again for what got no answer.")

    @OptionGroup var order: OrderCommandOptions

    func run() throws { try order.deliver("retry") }
}

/// `orderflow order retry-output`
struct OrderRetryOutputCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry-output",
        abstract: "Try again at once what receivers have not got yet, and tell why it waits.",
        discussion: "What the broker has confirmed is not sent again: that is resend.")

    @OptionGroup var order: OrderCommandOptions

    func run() throws { try order.deliver("retry_output") }
}

/// `orderflow order refund`
struct OrderRefundCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refund", abstract: "Send money back: all that was received, or so much.")

    @OptionGroup var order: OrderCommandOptions

    @Option(help: ArgumentHelp("In the currency's minor unit: 1250 is 12.50 CNY.", valueName: "minor-units"))
    var amount: Int64?

    func validate() throws {
        guard amount ?? 1 > 0 else { throw ValidationError("--amount must be at least 1") }
    }

    func run() throws { try order.deliver("refund", amount.map { [("amountMinor", String($0))] } ?? []) }
}

/// `orderflow order hold`
struct OrderHoldCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hold", abstract: "Hold an order, so that nothing of ours goes on before a person has looked.")

    @OptionGroup var order: OrderCommandOptions

    func run() throws { try order.deliver("hold") }
}

/// `orderflow order note`
struct OrderNoteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "note", abstract: "Write a note into the order's journal.")

    @OptionGroup var order: OrderCommandOptions

    @Argument(help: "The note; no personal data.")
    var note: String?

    @Option(help: "The note, of many orders.")
    var text: String?

    func validate() throws {
        guard (note != nil) != (text != nil) else { throw ValidationError("give the note, of many orders by --text") }
    }

    func run() throws { try order.deliver("note", [("note", JSONText.string(text ?? note ?? ""))]) }
}
