package import OrderCore

/// An order as its journal tells it: the last row of each kind and key.
package struct Folded: Sendable {
    package var entries: [(version: Int64, from: OrderStatus?, to: OrderStatus)] = []
    /// How often it came to each status.
    var arrivals: [OrderStatus: Int64] = [:]
    /// How often it was placed and accepted, and placed and rejected.
    var accepted: Int64 = 0
    var rejected: Int64 = 0
    var order: Order?
    var contact: OrderContact?
    var lines: [Int64: OrderLine] = [:]
    var facts: [PaymentFact.Key: PaymentFact] = [:]
    var requests: [String: MoneyRequest] = [:]
    var holds: [Int64: Hold] = [:]
    var fulfilments: [String: Fulfilment] = [:]
    var fulfilmentLines: [FulfilmentLine.Key: FulfilmentLine] = [:]
    var parcels: [Parcel.Key: Parcel] = [:]

    /// Adds an entry; what it changes that never changes, or takes back, is a problem.
    mutating func add(_ entry: JournalEntry) -> [String] {
        entries.append((entry.version, entry.from, entry.to))
        if entry.from != entry.to { arrivals[entry.to, default: 0] += 1 }
        var isAllowed = true
        var what = ""
        for row in entry.rows {
            switch row {
            case .order(let row):
                isAllowed = order.map { row.follows($0) } ?? true
                what = "the head"
                order = row
            case .contact(let row):
                isAllowed = row.orderNumber == entry.orderNumber
                what = "the contact"
                contact = row
            case .line(let row):
                isAllowed = lines.updateValue(row, forKey: row.key).map { row.follows($0) } ?? true
                what = "a line"
            case .fact(let row):
                isAllowed = facts.updateValue(row, forKey: row.key).map { row == $0 } ?? true
                what = "a fact"
            case .request(let row):
                isAllowed = requests.updateValue(row, forKey: row.key).map { row.follows($0) } ?? true
                what = "a request"
            case .hold(let row):
                isAllowed = holds.updateValue(row, forKey: row.key).map { row.follows($0) } ?? true
                what = "a hold"
            case .fulfilment(let row):
                isAllowed = fulfilments.updateValue(row, forKey: row.key).map { row.follows($0) } ?? true
                what = "a fulfilment"
            case .fulfilmentLine(let row):
                isAllowed = fulfilmentLines.updateValue(row, forKey: row.key).map { row.follows($0) } ?? true
                what = "a fulfilment's line"
            case .parcel(let row):
                isAllowed = parcels.updateValue(row, forKey: row.key).map { row.follows($0) } ?? true
                what = "a parcel"
            }
            if !isAllowed { return ["\(what) changed where it never does"] }
        }
        return []
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
