internal import OrderCore
internal import Postgres

/// Warehouses and sellers: few, so they are read whole, again after a second. Products are read with each batch.
///
/// What is learnt late is made good: orders held for what has become known meanwhile are swept (`sweepRevalidations`).
struct ReferenceCache {
    static let maximumAge: Duration = .seconds(1)

    static let statements: [Statement] = [
        Statement("read warehouses", "SELECT \(Warehouse.table.list("t")) FROM warehouses AS t"),
        Statement("read sellers", "SELECT \(Seller.table.list("t")) FROM sellers AS t"),
        Statement("read hash key", "SELECT key FROM hash_keys ORDER BY number LIMIT 1"),
    ]

    private(set) var data = ReferenceData()
    private var readAt: ContinuousClock.Instant?

    var isStale: Bool {
        guard let readAt else { return true }
        return .now - readAt > Self.maximumAge
    }

    mutating func forget() {
        readAt = nil
    }

    /// Takes the answers to `statements`.
    mutating func take(_ answers: ArraySlice<Postgres.Rows>) throws(StoreError) {
        var fresh = ReferenceData()
        let first = answers.startIndex
        for warehouse in try Warehouse.all(answers[first]) { fresh.warehouses[warehouse.code] = warehouse }
        for seller in try Seller.all(answers[first + 1]) { fresh.sellers[seller.key] = seller }
        if let row = answers[first + 2].first {
            let key = ContentHash(try database { () throws(PostgresError) in try row.uuid(0) })
            fresh.hashKey = HashKey(high: key.high, low: key.low)
        }
        data = fresh
        readAt = .now
    }
}
