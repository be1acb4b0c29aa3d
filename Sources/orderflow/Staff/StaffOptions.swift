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
        guard timeout > 0 else { throw ValidationError("--timeout must be positive") }
    }

    var members: [(name: String, json: String)] {
        [("by", JSONText.string(by)), ("reason", JSONText.string(reason))]
    }
}

/// The order that a staff command is about.
struct OrderCommandOptions: ParsableArguments {
    @Argument(help: "The order's number: code/number.")
    var number: String

    @Option(help: ArgumentHelp("Refuse it unless the order is at this version.", valueName: "version"))
    var expectedVersion: Int64?

    @OptionGroup var staff: StaffOptions

    /// Sends the command, waits for its outcome, and shows where the order stands then.
    func deliver(_ command: String, _ more: [(name: String, json: String)] = []) throws {
        var data: [(name: String, json: String)] = [
            ("orderNumber", JSONText.string(number)), ("command", JSONText.string(command)),
        ]
        data += staff.members
        if let expectedVersion { data.append(("expectedVersion", String(expectedVersion))) }
        let configuration = try staff.options.load()
        _ = try StaffMessage(type: "order.command.v1", data: data + more).deliver(
            configuration, timeoutSeconds: staff.timeout)
        let queries = Queries(connection: try configuration.connectDatabase())
        if let order = try queries.order(number)?.order {
            Console.message("\(number) is \(order.status.rawValue), version \(order.version)")
        }
    }
}
