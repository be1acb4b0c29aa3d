internal import ArgumentParser
internal import OrderCore
internal import OrderStore

/// `orderflow stock`: how much there is.
struct StockCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stock", abstract: "Show stock and its journal.", subcommands: [Show.self])

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show stock; with SKU and warehouse, its latest changes too.")

        @Argument(help: "The SKU; none for all.")
        var sku: String?

        @Option(help: "Only in this warehouse, with its latest changes.")
        var warehouse: String?

        @OptionGroup var list: ListOptions

        func run() throws {
            let queries = try list.queries()
            let levels = try queries.stock(sku: sku, warehouse: warehouse, limit: list.limit)
            let stock = Listing(
                of: levels,
                [
                    ("sku", { .text($0.key.sku) }), ("warehouse", { .text($0.key.warehouse) }),
                    ("onHand", { .integer($0.onHand) }), ("reserved", { .integer($0.reserved) }),
                    ("safety", { .integer($0.safety) }), ("available", { .integer($0.available) }),
                    ("missing", { .integer($0.missing) }), ("countedAt", { .time($0.countedAt) }),
                ])
            guard let sku, let warehouse else { return list.write(stock, none: "no such stock") }
            let changes = try queries.stockJournal(of: StockKey(sku: sku, warehouse: warehouse), limit: list.limit)
            let journal = Listing(
                of: changes,
                [
                    ("at", { .time($0.at) }), ("kind", { .text($0.kind) }), ("onHand", { .integer($0.onHand) }),
                    ("reserved", { .integer($0.reserved) }), ("missing", { .integer($0.missing) }),
                    ("order", { .text($0.orderNumber) }), ("line", { .integer($0.line) }),
                    ("reference", { .text($0.reference) }),
                ])
            list.output.write([
                ReportPart(name: "stock", heading: "stock", listing: stock),
                ReportPart(name: "changes", heading: "latest changes", listing: journal),
            ])
        }
    }
}
