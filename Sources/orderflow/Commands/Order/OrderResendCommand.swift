internal import ArgumentParser

/// `orderflow order resend`
struct OrderResendCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resend", abstract: "Send a receiver its events about an order again.",
        discussion: "What is not confirmed yet is sent on by itself. What fulfilments are told has them as subject.")

    @Argument(help: "The order's number: code/number.")
    var number: String

    @Option(help: ArgumentHelp("Who has lost them: erp, finance, wms, …", valueName: "name"))
    var receiver: String

    @Option(help: ArgumentHelp("The first of the receiver's numbers to send again.", valueName: "number"))
    var fromNumber: Int64 = 1

    @Option(help: ArgumentHelp("Of this part of the order, not of the order itself.", valueName: "id"))
    var fulfilment: String?

    @OptionGroup var staff: StaffOptions

    func validate() throws {
        guard fromNumber > 0 else { throw ValidationError("--from-number must be at least 1") }
    }

    func run() throws {
        try staff.deliver(
            "delivery.resend.v1",
            [
                ("receiver", JSONText.string(receiver)), ("subject", JSONText.string(fulfilment ?? number)),
                ("fromNumber", String(fromNumber)),
            ], staff.options.load())
    }
}
