package import OrderCore

/// An order as its journal tells it: the last row of each kind and key.
package struct Folded: Sendable {
    package var entries: [Entry] = []
    /// A version, and what it did to the status.
    package typealias Entry = (version: Int64, from: OrderStatus?, to: OrderStatus)

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
    ///
    /// - Parameter isEdit: staff wanted other lines: then prices and quantities may change.
    mutating func add(_ entry: JournalEntry, isEdit: Bool) -> (added: Added, problems: [String]) {
        entries.append((entry.version, entry.from, entry.to))
        if entry.from != entry.to { arrivals[entry.to, default: 0] += 1 }
        var added = Added()
        var problems: [String] = []
        func expect(_ isAllowed: Bool?, _ what: String) {
            if isAllowed == false { problems.append("\(what) changed where it never does") }
        }
        for row in entry.rows {
            switch row {
            case .order(let row):
                expect(order.map { row.follows($0, isEdit: isEdit) }, "the head")
                order = row
            case .contact(let row): contact = row
            case .line(let row):
                let before = lines.updateValue(row, forKey: row.key)
                expect(before.map { row.follows($0, isEdit: isEdit) }, "a line")
            case .fact(let row):
                let before = facts.updateValue(row, forKey: row.key)
                if before == nil { added.facts.append(row) }
                expect(before.map { row == $0 }, "a fact")
            case .request(let row):
                let before = requests.updateValue(row, forKey: row.key)
                if before == nil { added.requests.append(row) }
                expect(before.map { row.follows($0) }, "a request")
            case .hold(let row):
                let before = holds.updateValue(row, forKey: row.key)
                if before == nil { added.holds.append(row.number) }
                expect(before.map { row.follows($0) }, "a hold")
            case .fulfilment(let row):
                let before = fulfilments.updateValue(row, forKey: row.key)
                expect(before.map { row.follows($0) }, "a fulfilment")
                if row.state == .rejected, before?.state != .rejected { added.refuser = row.warehouse }
                let hasLeft = row.travelsIn != nil && row.cancel == .agreed && before?.cancel != .agreed
                if hasLeft { added.goesOnIn = row.warehouse }
            case .fulfilmentLine(let row):
                let before = fulfilmentLines.updateValue(row, forKey: row.key)
                if before == nil { added.parts.append(row) }
                expect(before.map { row.follows($0) }, "a fulfilment's line")
            case .parcel(let row):
                let before = parcels.updateValue(row, forKey: row.key)
                if before == nil { added.parcels.append(row) }
                expect(before.map { row.follows($0) }, "a parcel")
            }
        }
        return (added, problems)
    }

    /// Rows that an entry has added.
    struct Added {
        var facts: [PaymentFact] = []
        var requests: [MoneyRequest] = []
        var holds: [Int64] = []
        var parts: [FulfilmentLine] = []
        var parcels: [Parcel] = []
        /// A warehouse that has rejected its part with this entry.
        var refuser: String?
        /// A warehouse that has taken its part out of a parcel with this entry, to ship it by itself.
        var goesOnIn: String?
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
