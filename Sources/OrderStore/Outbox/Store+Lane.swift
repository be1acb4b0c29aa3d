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

    /// Lets a number go, so that a survivor adopts at once what is left of its rows.
    public func releaseLaneNumber(_ number: Int64) throws(StoreError) {
        try database { () throws(PostgresError) in
            try connection.run(
                Statement("release lane", "SELECT pg_advisory_unlock($1)"), [.int8(Self.laneLock + number)])
        }
    }

    /// Takes over the rows of lanes that are dead, for `owner` to publish: in the order of subject, receiver and number.
    ///
    /// A lane is dead when its lock is free. The lock is held while its rows move, so that one survivor adopts.
    ///
    /// - Parameter limit: how many rows at once; a dead lane stays listed until none is left.
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
    private static let laneLock: Int64 = 0x6C61_6E65 << 32

    private static let takeNumber = Statement(
        "take lane number",
        """
        WITH taken AS MATERIALIZED (SELECT nextval('lane_number') AS number)
        SELECT number FROM taken WHERE pg_advisory_lock(\(laneLock) + number) IS NOT NULL
        """)

    private static let listLane = Statement("list lane", "INSERT INTO lanes (number, instance) VALUES ($1, $2)")

    /// Sorted, and only tried: whoever is second looks again later.
    private static let lockDeadLanes = Statement(
        "lock dead lanes",
        """
        SELECT number, pg_try_advisory_xact_lock($1 + number)
        FROM (SELECT number FROM lanes WHERE number <> $2 ORDER BY number LIMIT 16) AS l
        """)

    private static let adopt = Statement(
        "adopt outbox",
        """
        WITH adopted AS (
            UPDATE outbox AS o SET owner = $2
            FROM (
                SELECT subject, receiver, number, event_id FROM outbox WHERE owner = ANY ($1)
                ORDER BY subject, receiver, number, event_id LIMIT $3
            ) AS d
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
