internal import ArgumentParser
internal import OrderStore

/// The options of every command that lists what the database holds.
struct ListOptions: ParsableArguments {
    @Option(help: ArgumentHelp("At most so many rows.", valueName: "rows"))
    var limit = 100

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be at least 1") }
    }

    func queries() throws -> Queries { try options.queries() }

    func write(_ listing: Listing, none: String) {
        output.write(listing, none: none)
    }
}
