internal import Postgres

extension Queries {
    /// Numbers of orders, picked at random.
    public func sampleOrders(_ count: Int) throws(StoreError) -> [String] {
        try all("SELECT number FROM orders ORDER BY random() LIMIT $1", [.int8(Int64(count))]) {
            (row) throws(StoreError) in try Fields(row: row).text(0)
        }
    }
}
