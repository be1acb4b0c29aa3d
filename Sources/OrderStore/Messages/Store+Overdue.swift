internal import Postgres

/// Facts that have waited for too long and that no order's timer tells of.
extension Store {
    /// Facts past their deadline that name no order, for people to hear of: each is returned once, the oldest first.
    /// Checkpoints are not among them, they are given up (`dropOverdueTracking`).
    public func overdueParked(limit: Int = 100) throws(StoreError) -> [ParkedRecord] {
        let rows = try database { () throws(PostgresError) in
            try connection.run(Self.tellOverdue, [.int8(Int64(limit))])
        }
        return try ParkedFacts.records(rows)
    }

    /// Gives up checkpoints past their deadline whose parcel or order never came. Returns how many: ask again until there
    /// are fewer than the limit.
    @discardableResult
    public func dropOverdueTracking(limit: Int = 1_000) throws(StoreError) -> Int {
        try database { () throws(PostgresError) in
            try connection.run(Self.dropTracking, [.int8(Int64(limit))]).affected
        }
    }

    private static let isTracking = "type LIKE 'tracking.checkpoint%'"

    private static let tellOverdue = Statement(
        "tell overdue parked",
        """
        WITH told AS (
            UPDATE parked AS t SET told_at = now() FROM (
                SELECT source, id, part FROM parked
                WHERE deadline < now() AND order_number IS NULL AND told_at IS NULL AND NOT \(isTracking)
                ORDER BY received_at, place, source, id, part LIMIT $1 FOR UPDATE SKIP LOCKED
            ) AS o
            WHERE t.source = o.source AND t.id = o.id AND t.part = o.part
            RETURNING t.*
        )
        SELECT \(ParkedFacts.list) FROM told AS p ORDER BY received_at, place, source, id, part
        """)

    /// The inbox says what became of them, so that it can be purged of them too.
    private static let dropTracking = Statement(
        "drop overdue tracking",
        """
        WITH dropped AS (
            DELETE FROM parked AS t USING (
                SELECT source, id, part FROM parked AS p
                WHERE deadline < now() AND \(isTracking)
                    AND (order_number IS NULL OR NOT EXISTS (SELECT FROM orders AS o WHERE o.number = p.order_number))
                ORDER BY source, id, part LIMIT $1 FOR UPDATE SKIP LOCKED
            ) AS o
            WHERE t.source = o.source AND t.id = o.id AND t.part = o.part
            RETURNING t.source, t.id, t.part
        )
        UPDATE inbox AS i SET outcome = 'refused', reason = 'its parcel never came' FROM dropped AS d
        WHERE i.source = d.source AND i.id = d.id AND i.part = d.part AND i.outcome = 'parked'
        """)
}
