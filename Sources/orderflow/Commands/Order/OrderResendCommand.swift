internal import ArgumentParser

/// `orderflow order resend`
struct OrderResendCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resend", abstract: "Send a receiver its events about orders again.",
        discussion: """
            They come with the ids that they had, as long as they are kept. What fulfilments are told has them as subject: \
            with --fulfilments that comes, too. What is not confirmed yet is sent on by itself (retry-output).
            """)

    @OptionGroup var target: OrderTarget

    @Option(help: ArgumentHelp("Who has lost them: erp, finance, wms, …", valueName: "name"))
    var receiver: String

    @Option(help: ArgumentHelp("The first of the receiver's numbers to send again.", valueName: "number"))
    var fromNumber: Int64 = 1

    @Option(help: ArgumentHelp("Of this part of the order, not of the order itself.", valueName: "id"))
    var fulfilment: String?

    @Flag(help: "Of all parts of an order, too, and of the parcels that they share with others.")
    var fulfilments = false

    func validate() throws {
        guard fromNumber > 0 else { throw ValidationError("--from-number must be at least 1") }
        guard fulfilment == nil || !fulfilments, fulfilment == nil || !target.many.isGiven else {
            throw ValidationError("--fulfilment is one part of one order: --fulfilments is all of them")
        }
        guard fromNumber == 1 || !fulfilments else {
            throw ValidationError(
                "an order and its parts are numbered each by itself: no --from-number with --fulfilments")
        }
    }

    func run() throws {
        let staff = target.staff
        guard let number = target.number else {
            return try BulkCommand(verb: "resend", many: target.many, staff: staff) { number, _ in wish(number) }.run()
        }
        try wish(fulfilment ?? number).deliver(staff.options.load(), timeoutSeconds: staff.timeout)
    }

    private func wish(_ subject: String) -> StaffMessage {
        target.staff.message(
            "delivery.resend.v1",
            [
                ("receiver", JSONText.string(receiver)), ("subject", JSONText.string(subject)),
                ("fromNumber", String(fromNumber)),
            ] + (fulfilments ? [("fulfilments", "true")] : []))
    }
}
