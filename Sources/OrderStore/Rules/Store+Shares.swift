public import OrderCore
internal import Postgres

extension Store {
    /// What the orders of each seller have reserved of these SKUs, in a batch: under the locks of their stock.
    public func reservedBySeller(_ skus: Set<String>) throws(StoreError) -> [StockKey: [String: Int64]] {
        let rows = try database { () throws(PostgresError) in
            try connection.run(Self.readReservedBySeller, [.textArray(skus.sortedByBytes())])
        }
        return try database { () throws(PostgresError) in
            var counts: [StockKey: [String: Int64]] = [:]
            for row in rows {
                let key = StockKey(sku: try row.text(0), warehouse: try row.text(1))
                counts[key, default: [:]][try row.text(2)] = try row.int64(3)
            }
            return counts
        }
    }

    /// Counted of the reservations themselves each time, by their index: a count that is kept beside them could differ.
    private static let readReservedBySeller = Statement(
        "read reserved by seller",
        """
        SELECT l.sku, f.warehouse, split_part(l.order_number, '/', 1), sum(l.reserved)::bigint
        FROM fulfilment_lines AS l JOIN fulfilments AS f ON f.id = l.fulfilment_id
        WHERE l.sku = ANY ($1) AND l.reserved > 0
        GROUP BY l.sku, f.warehouse, split_part(l.order_number, '/', 1)
        """)
}
