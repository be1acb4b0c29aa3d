internal import ArgumentParser

/// Units of lines, as they are typed.
struct LineUnits: ParsableArguments {
    @Option(help: ArgumentHelp("A line and how many units of it, as 2:1; may be given again.", valueName: "line:units"))
    var line: [Units] = []

    func validate() throws {
        guard !line.isEmpty else { throw ValidationError("give at least one --line") }
    }

    var member: (name: String, json: String) {
        let lines = line.map { JSONText.object([("line", String($0.line)), ("quantity", String($0.units))]) }
        return ("lines", JSONText.array(lines))
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

/// `orderflow order cancel-lines`
struct OrderCancelLinesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel-lines",
        abstract: "End some units; their share goes back. What a warehouse has, it is asked to leave out.")

    @OptionGroup var order: OrderCommandOptions
    @OptionGroup var units: LineUnits

    func run() throws { try order.deliver("cancel_lines", [units.member]) }
}

/// `orderflow order split`
struct OrderSplitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "split", abstract: "Ship some units of what is not handed over as a parcel of their own.")

    @OptionGroup var order: OrderCommandOptions
    @OptionGroup var units: LineUnits

    @Option(help: ArgumentHelp("Of this part; else of the first that carries them.", valueName: "id"))
    var fulfilment: String?

    func run() throws {
        let part = fulfilment.map { [("fulfilmentId", JSONText.string($0))] } ?? []
        try order.deliver("split", [units.member] + part)
    }
}

/// `orderflow order edit-lines`
struct OrderEditLinesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit-lines", abstract: "Other quantities, prices and lines, before anything is handed over.",
        discussion: """
            What is payable is computed again; discounts, shipping and tax stay. Paid too much then, the difference goes back; \
            paid too little, the order waits for it, and is cancelled where it does not come in time. Prices are in minor units.
            """)

    @OptionGroup var order: OrderCommandOptions

    @Option(
        help: ArgumentHelp(
            "A line as it should be: 1:3, or 1:3@1250 with another price; 1:0 takes it off.",
            valueName: "line:units[@price]"))
    var line: [LineChange] = []

    @Option(
        help: ArgumentHelp("A line more: 4:2@1250:TEA-100.", valueName: "line:units@price:sku"))
    var add: [LineChange] = []

    func validate() throws {
        guard !line.isEmpty || !add.isEmpty else { throw ValidationError("give at least one --line or --add") }
        guard line.allSatisfy({ $0.sku == nil }) else { throw ValidationError("--line takes no SKU: use --add") }
        guard add.allSatisfy({ $0.sku != nil && $0.price != nil && $0.units > 0 }) else {
            throw ValidationError("--add needs units, a price and a SKU")
        }
    }

    func run() throws { try order.deliver("edit_lines", [("lines", JSONText.array((line + add).map(\.json)))]) }
}

/// A line as it should be, as it is typed.
struct LineChange: ExpressibleByArgument {
    let line: Int64
    let units: Int64
    let price: Int64?
    let sku: String?

    init?(argument: String) {
        // A SKU may have any of the signs.
        let parts = argument.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count > 1, let line = Int64(parts[0]), line > 0 else { return nil }
        let amounts = parts[1].split(separator: "@", omittingEmptySubsequences: false).map { Int64($0) }
        guard amounts.count <= 2, let units = amounts[0], units >= 0, !amounts.contains(nil) else { return nil }
        (self.line, self.units) = (line, units)
        price = amounts.count == 2 ? amounts[1] : nil
        sku = parts.count == 3 ? String(parts[2]) : nil
    }

    fileprivate var json: String {
        var members = [("line", String(line)), ("quantity", String(units))]
        if let price { members.append(("unitPriceMinor", String(price))) }
        if let sku { members.append(("sku", JSONText.string(sku))) }
        return JSONText.object(members)
    }
}
