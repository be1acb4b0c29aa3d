internal import ArgumentParser

/// The order that staff speak of, or many of them.
struct OrderTarget: ParsableArguments {
    @Argument(help: "The order's number: code/number. Without it, --list or --filter says which orders.")
    var number: String?

    @OptionGroup(title: "Many orders") var many: OrderChoice

    @OptionGroup var staff: StaffOptions

    func validate() throws {
        guard (number != nil) != many.isGiven else {
            throw ValidationError("give an order's number, or --list, or --filter")
        }
    }
}
