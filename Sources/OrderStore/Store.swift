internal import OrderCore
public import Postgres

/// A lane's view of the database: loads what a batch works on, writes what it has decided, in two flights.
///
/// Used by one thread. A batch is `load`, then `write` (which commits) or `rollback`.
public final class Store {
    /// The session; the lane's number is bound to it.
    public let connection: PostgresConnection

    /// Arrays that are used again from batch to batch, by statement.
    private var columns: [String: RowColumns] = [:]
    /// The identities that have an inbox row which the batch in hand may change, and whether that row is new.
    var inboxRows: [MessageIdentity: Bool] = [:]
    /// The orders of parked facts that the batch in hand looks at because their order has come, or their time.
    var lookedAt: [MessageIdentity: String] = [:]
    /// When the batch in hand began, by the database's clock.
    var batchTime: Timestamp?
    /// When the last batch began.
    var lastTime: Timestamp?
    var planAge = PlanAge()
    var reference = ReferenceCache()
    var eventIDs = EventIDBlock()
    /// The version of the rules that counted when it was last asked for (`readRulesVersion`).
    public internal(set) var rulesVersion: Int64 = 0

    /// Takes over a connection to a migrated database.
    public init(connection: PostgresConnection) throws(StoreError) {
        self.connection = connection
        // Every statement looks up by key, as far as that is said here: a plan can still enter a join from the wrong side.
        try database { () throws(PostgresError) in
            try connection.execute(
                """
                SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_hashjoin = off;
                SET enable_mergejoin = off; SET jit = off
                """)
        }
    }

    /// Gives the batch in hand up. Does nothing where none is open.
    public func rollback() throws(StoreError) {
        batchTime = nil
        inboxRows.removeAll(keepingCapacity: true)
        lookedAt.removeAll()
        guard connection.isAlive else { return }
        try database { () throws(PostgresError) in try connection.rollback() }
    }

    /// Empty arrays for a statement's columns.
    func emptyColumns(_ name: String, _ list: @autoclosure () -> [Column]) -> RowColumns {
        if let known = columns[name] {
            known.removeAll()
            return known
        }
        let new = RowColumns(list())
        columns[name] = new
        return new
    }
}

/// Ids of events, taken from the sequence a thousand at once.
struct EventIDBlock {
    static let size: Int64 = 1000
    static let take = Statement("take event ids", "SELECT nextval('event_id')")

    private var ranges: [Range<Int64>] = []

    var left: Int64 { ranges.reduce(0) { $0 + Int64($1.count) } }

    mutating func add(startingAt first: Int64) {
        ranges.append(first..<first + Self.size)
    }

    mutating func next() -> Int64? {
        guard let range = ranges.first else { return nil }
        if range.count == 1 { ranges.removeFirst() } else { ranges[0] = range.lowerBound + 1..<range.upperBound }
        return range.lowerBound
    }
}
