internal import ArgumentParser
internal import OrderCore
internal import OrderStore

/// Who wants it, and why: the options of every staff command.
struct StaffOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Who wants it.", valueName: "name"))
    var by: String

    @Option(help: "Why.")
    var reason: String

    @Option(help: ArgumentHelp("How long to wait for the outcome.", valueName: "seconds"))
    var timeout = 30

    @OptionGroup var options: ConfigurationOptions

    func validate() throws {
        guard !by.isEmpty, !reason.isEmpty else { throw ValidationError("--by and --reason must not be empty") }
        guard timeout > 0 else { throw ValidationError("--timeout must be at least 1") }
    }

    /// Sends a message with these members and who and why, waits for its outcome, and tells it.
    func deliver(_ type: String, _ data: [(name: String, json: String)], _ configuration: Configuration) throws {
        try message(type, data).deliver(configuration, timeoutSeconds: timeout)
    }

    /// A message with these members, and who and why.
    func message(_ type: String, _ data: [(name: String, json: String)]) -> StaffMessage {
        StaffMessage(type: type, data: data + [("by", JSONText.string(by)), ("reason", JSONText.string(reason))])
    }

    /// A command for an order.
    func command(_ command: String, order: String, _ more: [(name: String, json: String)] = []) -> StaffMessage {
        message(
            "order.command.v1",
            [("orderNumber", JSONText.string(order)), ("command", JSONText.string(command))] + more)
    }

    /// The same with a command for an order; then shows where the order stands.
    func deliver(_ command: String, order: String, _ more: [(name: String, json: String)] = []) throws {
        try self.command(command, order: order, more).deliver(options.load(), timeoutSeconds: timeout)
        if let order = try options.queries().order(order)?.order {
            Console.message("\(order.number) is \(order.status.rawValue), version \(order.version)")
        }
    }
}
