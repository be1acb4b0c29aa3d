internal import Postgres

/// Facts that wait. Most are applied with the batch that brings what they wait for; what crossed it, a sweep finds.
extension Store {
    /// Claims parked facts that can be looked at: what they wait for has come, or their time. A fact that names a parcel
    /// alone is given its order first. Claimed in a transaction of its own that counts the try, for a while that grows
    /// with the tries; give them to a batch (`LoadRequest.facts`).
    ///
    /// - Parameter bytes: once their bodies have so many bytes together, no more are claimed.
    public func claimParked(limit: Int = 200, bytes: Int = 256 * 1024) throws(StoreError) -> [ParkedRecord] {
        let rows = try database { () throws(PostgresError) in
            try connection.run([
                Call(Self.matchParcels, [.int8(Int64(limit))]),
                Call(Self.claim, [.int8(Int64(limit)), .int8(Int64(bytes))]),
            ])
        }
        return try ParkedFacts.records(rows[1])
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

    /// They stay the sweep's: of a parcel of several orders it plans all parts, where a batch about one order sees its own.
    private static let matchParcels = Statement(
        "match parked parcels",
        """
        UPDATE parked AS t SET order_number = m.order_number, waits_for = '\(ParkedFacts.order)', retry_at = now()
        FROM (
            SELECT k.source, k.id, k.part, min(p.order_number) AS order_number
            FROM parked AS k JOIN parcels AS p
                ON p.shipment = k.shipment AND (k.warehouse IS NULL OR p.warehouse = k.warehouse)
            LEFT JOIN fulfilments AS f ON f.id = p.fulfilment_id
            WHERE k.order_number IS NULL AND k.shipment IS NOT NULL
            GROUP BY k.source, k.id, k.part HAVING count(DISTINCT \(travelled)) = 1
            ORDER BY k.source, k.id, k.part LIMIT $1
        ) AS m
        WHERE t.source = m.source AND t.id = m.id AND t.part = m.part AND t.order_number IS NULL
        """)

    /// A fact that waits for its order, which is there; and one that is the sweep's, when its time has come. Each claim that
    /// ended without an outcome doubles the time to the next.
    private static let claim = Statement(
        "claim parked",
        """
        WITH found AS MATERIALIZED (
            SELECT p.ctid AS row, p.received_at, p.place, octet_length(p.body) AS size FROM parked AS p
            WHERE ((p.waits_for = '\(ParkedFacts.order)' AND p.retry_at IS NULL
                    AND EXISTS (SELECT FROM orders AS o WHERE o.number = p.order_number)) OR p.retry_at <= now())
                AND (p.claimed_at IS NULL
                    OR p.claimed_at < now() - least(60, 5 * 2 ^ least(p.claims, 6)) * interval '1 second')
            ORDER BY p.received_at, p.place LIMIT $1 FOR UPDATE OF p SKIP LOCKED
        ), summed AS MATERIALIZED (
            SELECT row, sum(size) OVER (ORDER BY received_at, place ROWS UNBOUNDED PRECEDING) - size AS before FROM found
        ), claimed AS (
            UPDATE parked AS t SET claims = t.claims + 1, claimed_at = now()
            WHERE t.ctid = ANY (ARRAY(SELECT row FROM summed WHERE before < $2))
            RETURNING t.*
        )
        SELECT \(ParkedFacts.list) FROM claimed AS p ORDER BY received_at, place, source, id, part
        """)
}
