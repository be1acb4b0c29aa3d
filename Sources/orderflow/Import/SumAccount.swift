internal import OrderImport

/// The sums of the files beside those of the database.
struct SumAccount {
    /// Totals of a mapping that the database can be asked for.
    static let goods = "goodsMinor"
    static let shipping = "shippingMinor"
    static let payments = "paymentsMinor"

    private struct Line {
        var total: ImportRun.Total
        var messages: Int64
        var applied: Int64
        /// Of messages that are not applied.
        var waiting: Int64
    }

    private let lines: [Line]

    init(_ importing: ImportRun, _ sent: SentMessages, _ facts: ImportFacts) {
        let known = [Self.goods, Self.shipping, Self.payments]
        lines = importing.totals().filter { known.contains($0.name) }.map { total in
            var line = Line(total: total, messages: 0, applied: 0, waiting: 0)
            for entry in sent.entries {
                guard let amount = entry.amounts[total.name] else { continue }
                line.messages += amount
                if facts.fate(of: entry.key).outcome != .applied { line.waiting += amount }
            }
            for order in facts.orders.values {
                switch total.name {
                case Self.goods: line.applied += order.goods
                case Self.shipping: line.applied += order.shipping
                default: line.applied += order.payments
                }
            }
            return line
        }
    }

    /// Sums that differ.
    var faults: [String] {
        lines.filter { $0.total.value != $0.applied + $0.waiting || $0.total.faulty > 0 }.map { line in
            "\(line.total.name): \(line.total.value) in the files, \(line.applied) applied and \(line.waiting) waiting"
                + (line.total.faulty > 0 ? ", \(line.total.faulty) rows without a readable amount" : "")
        }
    }

    var listing: Listing {
        var listing = Listing(["sum", "files", "messages", "applied", "notApplied", "difference"])
        for line in lines {
            listing.add([
                .text(line.total.name), .integer(line.total.value), .integer(line.messages),
                .integer(line.applied),
                .integer(line.waiting), .integer(line.total.value - line.applied - line.waiting),
            ])
        }
        return listing
    }
}
