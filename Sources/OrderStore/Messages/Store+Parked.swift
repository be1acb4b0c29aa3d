internal import Postgres

/// Facts that wait. Most are applied with the batch that brings what they wait for; what crossed it, a sweep finds.
extension Store {
    /// The orders that facts wait for and that are there by now: a batch that names them applies the facts.
    ///
    /// A fact that names a parcel alone is given its order first.
    public func sweepParked(limit: Int = 200) throws(StoreError) -> [String] {
        let rows = try database { () throws(PostgresError) in
            try connection.run([
                Call(Self.matchParcels, [.int8(Int64(limit))]), Call(Self.findReady, [.int8(Int64(limit))]),
            ])
        }
        return try database { () throws(PostgresError) in
            let matched = try rows[0].map { (row) throws(PostgresError) in try row.text(0) }
            let ready = try rows[1].map { (row) throws(PostgresError) in try row.text(0) }
            return Set(matched + ready).sortedByBytes()
        }
    }

    /// Orders held for reference data that has changed in the last minute: sets due rows for them. Returns how many.
    @discardableResult
    public func sweepRevalidations() throws(StoreError) -> Int {
        try database { () throws(PostgresError) in try connection.run(FollowUps.sweepRevalidations).affected }
    }

    /// Orders held for stock that can be served by what there is: sets due rows for the oldest of them. Returns how many.
    @discardableResult
    public func sweepStockHolds() throws(StoreError) -> Int {
        try database { () throws(PostgresError) in try connection.run(FollowUps.sweepStockHolds).affected }
    }

    private static let matchParcels = Statement(
        "match parked parcels",
        """
        UPDATE parked AS t SET order_number = m.order_number, waits_for = '\(ParkedFacts.order)'
        FROM (
            SELECT k.source, k.id, k.part, min(p.order_number) AS order_number
            FROM parked AS k JOIN parcels AS p
                ON p.shipment = k.shipment AND (k.warehouse IS NULL OR p.warehouse = k.warehouse)
            WHERE k.order_number IS NULL AND k.shipment IS NOT NULL
            GROUP BY k.source, k.id, k.part HAVING count(DISTINCT p.order_number) = 1
            ORDER BY k.source, k.id, k.part LIMIT $1
        ) AS m
        WHERE t.source = m.source AND t.id = m.id AND t.part = m.part AND t.order_number IS NULL
        RETURNING t.order_number
        """)

    /// A fact that waits for its order, which is there; and one that was set back, when its time has come.
    private static let findReady = Statement(
        "find ready parked",
        """
        SELECT DISTINCT p.order_number FROM parked AS p JOIN orders AS o ON o.number = p.order_number
        WHERE (p.waits_for = '\(ParkedFacts.order)' AND p.retry_at IS NULL) OR p.retry_at <= now()
        LIMIT $1
        """)
}
