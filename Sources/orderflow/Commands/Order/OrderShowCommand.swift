internal import ArgumentParser
internal import OrderStore

/// `orderflow order show`
struct OrderShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show an order with all its parts and its story.")

    @Argument(help: "The order's number: code/number.")
    var number: String

    @Flag(help: "Show name, phone and address.")
    var reveal = false

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let queries = try options.queries()
        guard let state = try queries.order(number, withContact: true) else {
            throw Failure(.findings, "there is no order \(number)")
        }
        let page = OrderPage(state: state, isRevealed: reveal)
        output.write(
            page.parts + [
                page.checkpoints(try queries.checkpoints(of: number)), page.journal(try queries.journal(of: number)),
                page.messages(try queries.messages(of: number)), page.timers(try queries.due(of: number)),
                page.conflicts(try queries.conflicts(of: number)),
            ])
    }
}
