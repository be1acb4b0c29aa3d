internal import ArgumentParser
internal import OrderImport
internal import Postgres

/// `orderflow import report`: what became of every row of an export.
struct ImportReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Tell what became of every row: files against database, to the cent.",
        discussion: """
            Run it when the workers have taken what `import` sent, with the same mapping and files, and before the inbox \
            forgets. Exit 1 where a row is not accounted for, or a sum differs.
            """)

    @OptionGroup var source: ImportSource

    @Flag(help: "List the orders too: why each is where it is.")
    var orders = false

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        var importing = try source.open()
        let database = try options.load().connectDatabase()
        defer { database.close() }
        let sent = try SentMessages(&importing)
        let facts = try ImportFacts(of: sent, on: database)
        let rows = RowAccount(importing, sent, facts)
        let sums = SumAccount(importing, sent, facts)
        let reasons = OrderReasons(sent, facts)
        var parts = [
            ReportPart(name: "rows", heading: "What became of the rows", listing: rows.listing),
            ReportPart(
                name: "statuses", heading: "Where the orders are, and why", listing: reasons.summary),
            ReportPart(name: "sums", heading: "Sums", listing: sums.listing),
        ]
        if orders {
            parts.append(ReportPart(name: "orders", heading: "Orders", listing: reasons.listing))
        }
        output.write(parts)
        let faults = rows.faults + sums.faults
        guard faults.isEmpty else { throw Failure(.findings, faults.joined(separator: "\n")) }
        Console.message("every row is accounted for, and the sums are those of the files")
    }
}
