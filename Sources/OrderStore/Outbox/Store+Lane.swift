internal import Postgres

/// A lane's number: new for each database session, held by an advisory lock of the session, written into its outbox rows.
extension Store {
    /// Takes a number for this session and says so to the others. A session that is lost lets it go by itself.
    ///
    /// - Parameter instance: what people know the process by.
    public func takeLaneNumber(instance: String) throws(StoreError) -> Int64 {
        try database { () throws(PostgresError) in
            let number = try connection.run(Self.takeNumber).only().int64(0)
            // The row comes after the lock: a number that is listed and not locked is that of a dead lane.
            try connection.run(Self.listLane, [.int8(number), .text(instance)])
            return number
        }
    }

    /// Takes over the rows of lanes that are dead, for `owner` to publish: in the order of subject, receiver and number.
    ///
    /// A lane is dead when its lock is free. The lock is held while its rows move, so that one survivor adopts.
    ///
    /// Rows behind one that was set aside are left until that one is out.
    ///
    /// - Parameter limit: how many rows at once, besides those set aside; a dead lane stays listed until none is left.
    public func adoptOutbox(for owner: Int64, limit: Int = 1_000) throws(StoreError) -> [StoredEvent] {
        let rows = try database { () throws(PostgresError) in
            try connection.transaction { () throws(PostgresError) -> Postgres.Rows? in
                let free = try connection.run(Self.lockDeadLanes, [.int8(Self.laneLock), .int8(owner)])
                var numbers: [Int64] = []
                for row in free where try row.bool(1) { numbers.append(try row.int64(0)) }
                guard !numbers.isEmpty else { return nil }
                return try connection.run([
                    Call(Self.adopt, [.int8Array(numbers), .int8(owner), .int8(Int64(limit))]),
                    Call(Self.forgetLanes, [.int8Array(numbers)]),
                ])[0]
            }
        }
        return try rows.map { (rows) throws(StoreError) in try StoredEvents.read(rows) } ?? []
    }

    /// The number's lock: the first half spells "lane" in ASCII.
    static let laneLock: Int64 = 0x6C61_6E65 << 32

    /// Of rows that were set aside a lane tries so many a receiver at once.
    private static let mostTried = 200

    private static let takeNumber = Statement(
        "take lane number",
        """
        WITH taken AS MATERIALIZED (SELECT nextval('lane_number') AS number)
        SELECT number FROM taken WHERE pg_advisory_lock(\(laneLock) + number) IS NOT NULL
        """)

    private static let listLane = Statement("list lane", "INSERT INTO lanes (number, instance) VALUES ($1, $2)")

    /// All of them, or the living would hide the dead. Only tried: whoever is second looks again later.
    private static let lockDeadLanes = Statement(
        "lock dead lanes",
        "SELECT number, pg_try_advisory_xact_lock($1 + number) FROM lanes WHERE number <> $2")

    /// What can go out comes first, so that no portion is filled by what can't. Of what was set aside only the heads of
    /// streams come, when they are due, and so many a receiver: one that is gone takes no memory that others need.
    private static let adopt = Statement(
        "adopt outbox",
        """
        WITH free AS (
            SELECT o.subject, o.receiver, o.number, o.event_id FROM outbox AS o
            WHERE o.owner = ANY ($1) AND o.retry_at IS NULL AND NOT \(OutboxRows.isBehindSetAside)
            ORDER BY o.subject, o.receiver, o.number, o.event_id LIMIT $3
        ), tried AS (
            SELECT t.* FROM (SELECT DISTINCT receiver FROM outbox WHERE retry_at IS NOT NULL) AS r
            CROSS JOIN LATERAL (
                SELECT o.subject, o.receiver, o.number, o.event_id FROM outbox AS o
                WHERE o.owner = ANY ($1) AND o.receiver = r.receiver AND o.retry_at <= now()
                    AND NOT \(OutboxRows.isBehindSetAside)
                ORDER BY o.retry_at LIMIT greatest(0, \(mostTried) - (
                    SELECT count(*) FROM outbox AS m
                    WHERE m.owner = $2 AND m.receiver = r.receiver AND m.retry_at IS NOT NULL))
            ) AS t
        ), adopted AS (
            UPDATE outbox AS o SET owner = $2 FROM (SELECT * FROM free UNION ALL SELECT * FROM tried) AS d
            WHERE o.subject = d.subject AND o.receiver = d.receiver AND o.number = d.number AND o.event_id = d.event_id
            RETURNING o.*
        )
        \(StoredEvents.select(from: "adopted"))
        """)

    private static let forgetLanes = Statement(
        "forget lanes",
        """
        DELETE FROM lanes WHERE number = ANY ($1)
            AND NOT EXISTS (SELECT FROM outbox WHERE outbox.owner = lanes.number)
        """)
}
