internal import ArgumentParser

/// `orderflow order source`
struct OrderSourceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "source", abstract: "Take what is not handed over, or was refused, from a warehouse.")

    @OptionGroup var order: OrderCommandOptions

    @Option(help: ArgumentHelp("The warehouse.", valueName: "code"))
    var warehouse: String

    func run() throws { try order.deliver("source", [("warehouse", JSONText.string(warehouse))]) }
}

/// `orderflow order change-carrier`
struct OrderChangeCarrierCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "change-carrier", abstract: "Choose the carrier of what is not handed over.")

    @OptionGroup var order: OrderCommandOptions

    @Option(help: ArgumentHelp("The carrier.", valueName: "code"))
    var carrier: String

    @Option(help: ArgumentHelp("Only of this part.", valueName: "id"))
    var fulfilment: String?

    func run() throws {
        let part = fulfilment.map { [("fulfilmentId", JSONText.string($0))] } ?? []
        try order.deliver("change_carrier", [("carrier", JSONText.string(carrier))] + part)
    }
}

/// `orderflow order cancel-lines`
struct OrderCancelLinesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel-lines", abstract: "End some units before hand-over; their share goes back.")

    @OptionGroup var order: OrderCommandOptions

    @Option(help: ArgumentHelp("A line and how many units of it, as 2:1; may be given again.", valueName: "line:units"))
    var line: [Units]

    func validate() throws {
        guard !line.isEmpty else { throw ValidationError("give at least one --line") }
    }

    func run() throws {
        let lines = line.map { JSONText.object([("line", String($0.line)), ("quantity", String($0.units))]) }
        try order.deliver("cancel_lines", [("lines", JSONText.array(lines))])
    }

    /// So many units of a line.
    struct Units: ExpressibleByArgument {
        let line: Int64
        let units: Int64

        init?(argument: String) {
            let parts = argument.split(separator: ":", omittingEmptySubsequences: false).map { Int64($0) }
            guard parts.count == 2, let line = parts[0], let units = parts[1], line > 0, units > 0 else { return nil }
            (self.line, self.units) = (line, units)
        }
    }
}
