internal import ArgumentParser

/// How listings are written.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
    case table, json
}

/// The option of every command that lists.
struct OutputOptions: ParsableArguments {
    @Option(name: [.customShort("o"), .customLong("output")], help: "A table for people, or JSON for programs.")
    var format: OutputFormat = .table

    /// Writes a listing; of an empty table a message says what there is none of.
    func write(_ listing: Listing, none: String) {
        switch format {
        case .json: Console.data(listing.json)
        case .table where listing.rows.isEmpty: Console.message(none)
        case .table: Console.data(listing.table)
        }
    }

    /// Writes parts with headings; in JSON an object with the parts by name.
    func write(_ parts: [ReportPart]) {
        switch format {
        case .json:
            Console.data(JSONText.object(parts.map { ($0.name, $0.isSingle ? $0.listing.object : $0.listing.json) }))
        case .table:
            let texts = parts.filter { !$0.listing.rows.isEmpty }.map { part in
                part.isSingle ? part.listing.sheet : part.heading.uppercased() + "\n" + part.listing.table
            }
            Console.data(texts.joined(separator: "\n\n"))
        }
    }
}

/// A part of a report of several listings.
struct ReportPart {
    let name: String
    let heading: String
    let listing: Listing
    /// It is one row, shown a column a line.
    var isSingle = false
}
