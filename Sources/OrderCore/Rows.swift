/// A row that is known by a key within its table and order.
public protocol Keyed {
    /// What the key is made of.
    associatedtype Key: Hashable & Sendable
    /// Never changes over the row's life.
    var key: Key { get }
}

/// The rows of one table that belong to one order, with what has changed since they were loaded.
///
/// Most orders have few rows of each kind, so look-ups scan; an order of many lines gets an index.
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
    private var isTouched: [Bool]
    /// Where each row stands, once there are more than are quickly scanned.
    private var positions: [Row.Key: Int]?

    private static var scanned: Int { 32 }

    /// Rows as they were loaded.
    public init(stored rows: [Row] = []) {
        self.rows = rows
        marks = [Mark](repeating: .stored, count: rows.count)
        isTouched = [Bool](repeating: false, count: rows.count)
        indexIfMany()
    }

    /// All rows, in the order in which they were loaded and added.
    public var all: [Row] { rows }

    /// The row with this key.
    public subscript(key: Row.Key) -> Row? {
        position(of: key).map { rows[$0] }
    }

    /// Adds a row; a row with this key must not be there.
    public mutating func insert(_ row: Row) {
        precondition(self[row.key] == nil, "a row with this key is there already")
        rows.append(row)
        marks.append(.inserted)
        isTouched.append(true)
        touched.append(rows.count - 1)
        if positions == nil { indexIfMany() } else { positions?[row.key] = rows.count - 1 }
    }

    /// Changes the row with this key, where there is one.
    public mutating func update(_ key: Row.Key, _ change: (inout Row) -> Void) {
        guard let index = position(of: key) else { return }
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
        guard !isTouched[index] else { return }
        isTouched[index] = true
        touched.append(index)
    }

    private func position(of key: Row.Key) -> Int? {
        guard let positions else { return rows.firstIndex { $0.key == key } }
        return positions[key]
    }

    private mutating func indexIfMany() {
        guard rows.count > Self.scanned else { return }
        positions = Dictionary(rows.enumerated().map { ($1.key, $0) }) { first, _ in first }
    }

    /// The rows that the message in hand has touched; the next message starts afresh.
    public mutating func takeTouched() -> [Row] {
        defer {
            for index in touched { isTouched[index] = false }
            touched.removeAll(keepingCapacity: true)
        }
        return touched.map { rows[$0] }
    }

    /// Whether such a row was added since they were loaded.
    func hasNew(where isMeant: (Row) -> Bool) -> Bool {
        rows.indices.contains { marks[$0] == .inserted && isMeant(rows[$0]) }
    }

    /// Gives each row that is marked so to `body`, in order. Inlined where it is used: a batch has thousands of rows.
    @inlinable
    public func forEach(marked mark: Mark, _ body: (Row) -> Void) {
        for index in rows.indices where marks[index] == mark { body(rows[index]) }
    }
}
