internal import OrderCore
internal import Postgres

/// Orders that go together, looked up before a batch is loaded, so that all of them are locked with it.
extension Store {
    /// The orders that travel in parcels, by the parcel's id: the one that leads first, then by number.
    public func orders(travellingIn parcels: Set<String>) throws(StoreError) -> [String: [String]] {
        let found = try pairs(Self.findTravelling, parcels)
        var orders: [String: [String]] = [:]
        for (parcel, numbers) in found {
            let lead = Fulfilment.orderNumber(ofIdentifier: parcel)
            orders[parcel] = numbers.filter { $0 == lead } + numbers.filter { $0 != lead }
        }
        return orders
    }

    /// The orders that wait to go out together, oldest first, by what they share.
    public func orders(sharing keys: Set<String>) throws(StoreError) -> [String: [String]] {
        try pairs(Self.findWaiting, keys)
    }

    private func pairs(_ statement: Statement, _ keys: Set<String>) throws(StoreError) -> [String: [String]] {
        guard !keys.isEmpty else { return [:] }
        return try database { () throws(PostgresError) in
            var found: [String: [String]] = [:]
            for row in try connection.run(statement, [.textArray(keys.sortedByBytes())]) {
                found[try row.text(0), default: []].append(try row.text(1))
            }
            return found
        }
    }

    private static let findTravelling = Statement(
        "find travelling",
        "SELECT travels_in, order_number FROM fulfilments WHERE travels_in = ANY ($1) ORDER BY travels_in, order_number"
    )

    /// No more than may travel in one parcel: the others have timers of their own.
    private static let findWaiting = Statement(
        "find waiting",
        """
        SELECT k.key, o.number
        FROM unnest($1) AS k (key)
        CROSS JOIN LATERAL (
            SELECT number, placed_at FROM orders
            WHERE merge_key = k.key AND merge_key <> 'apart' AND status = 'awaiting_release'
            ORDER BY placed_at, number LIMIT \(Decider.mostMerged)
        ) AS o
        ORDER BY k.key, o.placed_at, o.number
        """)
}
