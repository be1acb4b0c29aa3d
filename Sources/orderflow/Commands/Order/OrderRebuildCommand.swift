internal import ArgumentParser
internal import OrderStore

/// `orderflow order rebuild`: folds journals and compares them with what is stored.
struct OrderRebuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild", abstract: "Fold an order's journal and compare it with what is stored; changes nothing."
    )

    @Argument(help: "The order's number: code/number.")
    var number: String?

    @Option(help: ArgumentHelp("So many orders at random instead.", valueName: "orders"))
    var sample: Int?

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (number == nil) != (sample == nil) else { throw ValidationError("name an order, or give --sample") }
        guard sample ?? 1 > 0 else { throw ValidationError("--sample must be at least 1") }
    }

    func run() throws {
        let queries = try options.queries()
        let numbers = try number.map { [$0] } ?? queries.sampleOrders(sample ?? 0)
        var differences = Listing(["order", "difference"])
        for (index, number) in numbers.enumerated() {
            if index.isMultiple(of: 20) { Console.progress("\(index) of \(numbers.count)") }
            guard let rebuilt = try queries.rebuild(number) else {
                throw Failure(.findings, "there is no order \(number)")
            }
            for difference in rebuilt.differences { differences.add([.text(number), .text(difference)]) }
        }
        Console.endProgress()
        output.write(differences, none: "\(numbers.count) orders are just as their journals tell")
        if !differences.rows.isEmpty { throw Failure(.findings, "") }
    }
}
