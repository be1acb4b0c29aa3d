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
        let who = [("by", JSONText.string(by)), ("reason", JSONText.string(reason))]
        try StaffMessage(type: type, data: data + who).deliver(configuration, timeoutSeconds: timeout)
    }

    /// The same with a command for an order; then shows where the order stands.
    func deliver(_ command: String, order: String, _ more: [(name: String, json: String)] = []) throws {
        let data = [("orderNumber", JSONText.string(order)), ("command", JSONText.string(command))]
        try deliver("order.command.v1", data + more, options.load())
        if let order = try options.queries().order(order)?.order {
            Console.message("\(order.number) is \(order.status.rawValue), version \(order.version)")
        }
    }
}

/// The order that a staff command is about.
struct OrderCommandOptions: ParsableArguments {
    @Argument(help: "The order's number: code/number.")
    var number: String

    @Option(help: ArgumentHelp("Refuse it unless the order is at this version.", valueName: "version"))
    var expectedVersion: Int64?

    @OptionGroup var staff: StaffOptions

    func validate() throws {
        guard expectedVersion ?? 1 > 0 else { throw ValidationError("--expected-version must be at least 1") }
    }

    func deliver(_ command: String, _ more: [(name: String, json: String)] = []) throws {
        let version = expectedVersion.map { [(name: "expectedVersion", json: String($0))] } ?? []
        try staff.deliver(command, order: number, version + more)
    }
}
