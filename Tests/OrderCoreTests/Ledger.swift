import OrderCore

/// An order as its journal tells it: the last row of each kind and key.
struct Folded {
    var entries: [(version: Int64, from: OrderStatus?, to: OrderStatus)] = []
    var order: Order?
    var contact: OrderContact?
    var lines: [Int64: OrderLine] = [:]
    var facts: [PaymentFact.Key: PaymentFact] = [:]
    var requests: [String: MoneyRequest] = [:]
    var holds: [Int64: Hold] = [:]
    var fulfilments: [String: Fulfilment] = [:]
    var fulfilmentLines: [FulfilmentLine.Key: FulfilmentLine] = [:]
    var parcels: [Parcel.Key: Parcel] = [:]

    mutating func add(_ entry: JournalEntry) {
        entries.append((entry.version, entry.from, entry.to))
        for row in entry.rows {
            switch row {
            case .order(let row): order = row
            case .contact(let row): contact = row
            case .line(let row): lines[row.key] = row
            case .fact(let row): facts[row.key] = row
            case .request(let row): requests[row.key] = row
            case .hold(let row): holds[row.key] = row
            case .fulfilment(let row): fulfilments[row.key] = row
            case .fulfilmentLine(let row): fulfilmentLines[row.key] = row
            case .parcel(let row): parcels[row.key] = row
            }
        }
    }

    /// Where the journal tells another story than the order as it stands.
    func differences(from state: OrderState) -> [String] {
        var found: [String] = []
        func compare<Key, Row: Equatable & Keyed>(_ what: String, _ told: [Key: Row], _ rows: [Row])
        where Row.Key == Key {
            if told.count != rows.count || rows.contains(where: { told[$0.key] != $0 }) {
                found.append("\(what) differ from the journal")
            }
        }
        if order != state.order { found.append("the head differs from the journal") }
        if contact != state.contact.all.first { found.append("the contact differs from the journal") }
        compare("lines", lines, state.lines.all)
        compare("facts", facts, state.facts.all)
        compare("requests", requests, state.requests.all)
        compare("holds", holds, state.holds.all)
        compare("fulfilments", fulfilments, state.fulfilments.all)
        compare("fulfilment lines", fulfilmentLines, state.fulfilmentLines.all)
        compare("parcels", parcels, state.parcels.all)
        return found
    }
}
