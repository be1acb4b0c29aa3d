/// A row that is known by a key within its table and order.
public protocol Keyed {
    /// What the key is made of.
    associatedtype Key: Hashable
    /// Never changes over the row's life.
    var key: Key { get }
}

/// The rows of one table that belong to one order, with what has changed since they were loaded.
///
/// An order has few rows of each kind, so look-ups scan.
public struct Rows<Row: Keyed & Sendable>: Sendable {
    /// What a write has to do for a row.
    public enum Mark: Sendable {
        /// As it stands in the database.
        case stored
        /// To be inserted.
        case inserted
        /// To be updated.
        case updated
    }

    @usableFromInline var rows: [Row]
    @usableFromInline var marks: [Mark]
    /// Indices touched by the message in hand; the journal entry is made of them.
    private var touched: [Int] = []

    /// Rows as they were loaded.
    public init(stored rows: [Row] = []) {
        self.rows = rows
        marks = [Mark](repeating: .stored, count: rows.count)
    }

    /// All rows, in the order in which they were loaded and added.
    public var all: [Row] { rows }

    /// The row with this key.
    public subscript(key: Row.Key) -> Row? {
        rows.first { $0.key == key }
    }

    /// Adds a row; a row with this key must not be there.
    public mutating func insert(_ row: Row) {
        precondition(self[row.key] == nil, "a row with this key is there already")
        rows.append(row)
        marks.append(.inserted)
        touched.append(rows.count - 1)
    }

    /// Changes the row with this key, where there is one.
    public mutating func update(_ key: Row.Key, _ change: (inout Row) -> Void) {
        guard let index = rows.firstIndex(where: { $0.key == key }) else { return }
        change(&rows[index])
        touch(index)
    }

    /// Changes every row.
    public mutating func updateAll(_ change: (inout Row) -> Void) where Row: Equatable {
        for index in rows.indices {
            let before = rows[index]
            change(&rows[index])
            if rows[index] != before { touch(index) }
        }
    }

    private mutating func touch(_ index: Int) {
        if marks[index] == .stored { marks[index] = .updated }
        if !touched.contains(index) { touched.append(index) }
    }

    /// The rows that the message in hand has touched; the next message starts afresh.
    public mutating func takeTouched() -> [Row] {
        defer { touched.removeAll(keepingCapacity: true) }
        return touched.map { rows[$0] }
    }

    /// Gives each row that is marked so to `body`, in order. Inlined where it is used: a batch has thousands of rows.
    @inlinable
    public func forEach(marked mark: Mark, _ body: (Row) -> Void) {
        for index in rows.indices where marks[index] == mark { body(rows[index]) }
    }
}
