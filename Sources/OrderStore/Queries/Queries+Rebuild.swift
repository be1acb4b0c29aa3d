public import OrderCore
internal import Postgres

/// The journal folded, beside what is stored.
extension Queries {
    /// Folds an order's journal and compares each row with the stored one; nil where there is no such order.
    ///
    /// PostgreSQL reads the journal's JSON back into rows of the tables, so the same reader serves both.
    public func rebuild(_ number: String) throws(StoreError) -> RebuiltOrder? {
        guard let stored = try order(number, withContact: true) else { return nil }
        let heads = try fold(Order.self, of: number)
        var differences: [String] = []
        func compare<Row: StoredRow & Keyed & Hashable>(_ stored: [Row]) throws(StoreError) {
            let folded = try fold(Row.self, of: number)
            let storedByKey = Dictionary(stored.map { ($0.key, $0) }) { first, _ in first }
            for key in Set(folded.keys).union(storedByKey.keys) where folded[key] != storedByKey[key] {
                differences.append("\(Row.table.name) \(key)")
            }
        }
        if heads[number] != stored.order { differences.append("orders \(number)") }
        try compare(stored.contact.all)
        try compare(stored.facts.all)
        try compare(stored.requests.all)
        try compare(stored.holds.all)
        try compare(stored.fulfilments.all)
        try compare(stored.fulfilmentLines.all)
        try compare(stored.parcels.all)
        try compare(stored.lines.all)
        return RebuiltOrder(order: heads[number], differences: differences.sorted())
    }

    /// The last row of each key that the journal tells.
    private func fold<Row: StoredRow & Keyed>(_: Row.Type, of number: String) throws(StoreError) -> [Row.Key: Row] {
        let table = Row.table
        let columns = table.columns.dropFirst(table.isOwned ? 1 : 0).map { "r.\($0.name)" }.joined(separator: ", ")
        let rows = try all(
            """
            SELECT \(columns) FROM order_journal AS j
            CROSS JOIN LATERAL jsonb_populate_recordset(
                \(table.journalDefaults), (j.rows -> '\(table.name)')::jsonb) WITH ORDINALITY AS r
            WHERE j.order_number = $1 ORDER BY j.version, r.ordinality
            """, [.text(number)]
        ) { (row) throws(StoreError) in
            var fields = FieldReader(row, table, from: 0, column: table.isOwned ? 1 : 0)
            return try Row.read(&fields)
        }
        return Dictionary(rows.map { ($0.key, $0) }) { _, last in last }
    }
}

/// An order as its journal tells it.
public struct RebuiltOrder: Sendable {
    /// The head, folded.
    public let order: Order?
    /// The rows in which the journal and the tables differ; none if all is well.
    public let differences: [String]
}
