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
