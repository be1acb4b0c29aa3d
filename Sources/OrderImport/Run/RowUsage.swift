/// Which messages took something from which rows.
struct RowUsage {
    private var names: [String] = []
    /// For each table and row the messages, a bit each; what has no bit of its own shares the last.
    private var bits: [[UInt64]]
    /// The rows that the rows of a grouping table stand for.
    private let bases: [(table: Int, rows: [Int])?]

    init(_ tables: [Table]) {
        bits = tables.map { Array(repeating: 0, count: $0.count) }
        bases = tables.map(\.base)
    }

    mutating func add(_ rows: Set<RowReference>, message: String) {
        let bit: Int
        if let known = names.firstIndex(of: message) {
            bit = known
        } else {
            bit = names.count
            names.append(message)
        }
        for row in rows {
            var row = row
            while let base = bases[row.table] { row = RowReference(table: base.table, row: base.rows[row.row]) }
            bits[row.table][row.row] |= 1 << UInt64(min(bit, 63))
        }
    }

    func isUsed(table: Int, row: Int, by messages: Set<String>) -> Bool {
        if messages.isEmpty { return bits[table][row] != 0 }
        return names.enumerated().contains { index, name in
            messages.contains(name) && bits[table][row] & (1 << UInt64(min(index, 63))) != 0
        }
    }
}
