public import OrderCore
internal import Postgres

/// Dead messages: counted by what is wrong with them, and found again to be replayed or dropped.
extension Store {
    /// Counts faults, within the batch's transaction, and says how often each was met and when people last heard of it.
    public func countFaults(_ faults: [String: Int64]) throws(StoreError) -> [String: FaultCount] {
        guard !faults.isEmpty else { return [:] }
        let keys = faults.keys.sortedByBytes()
        return try database { () throws(PostgresError) in
            let rows = try connection.run(
                Self.count, [.textArray(keys), .int8Array(keys.map { faults[$0] ?? 0 })])
            var counts: [String: FaultCount] = [:]
            for row in rows {
                counts[try row.text(0)] = FaultCount(
                    count: try row.int64(1), announcedAt: Timestamp(microseconds: try row.timestamp(2)))
            }
            return counts
        }
    }

    /// People hear of these faults with this batch.
    public func announceFaults(_ faults: some Sequence<String>) throws(StoreError) {
        let keys = faults.sortedByBytes()
        try database { () throws(PostgresError) in try connection.run(Self.announce, [.textArray(keys)]) }
    }

    /// Carries out what staff want of dead messages, within the batch's transaction: those that are replayed are parked
    /// under the identities they had, for the sweep to take; a dead due row is set again. Returns how many were settled.
    ///
    /// What has no identity, or is not kept whole, can't be replayed.
    public func settleDead(_ command: DeadLetterCommand) throws(StoreError) -> Int {
        let statement = command.kind == .replay ? Self.replay : Self.drop
        return try database { () throws(PostgresError) in
            try connection.run(
                statement,
                [
                    .int8Array(command.ids.sorted()), .text(command.ids.isEmpty ? command.fingerprint : nil),
                    .text(command.by), .text(command.reason),
                ]
            ).only().int(0)
        }
    }

    private static let count = Statement(
        "count faults",
        """
        INSERT INTO dead_fingerprints AS f (fingerprint, count)
        SELECT u.fingerprint, u.count FROM unnest($1, $2) AS u (fingerprint, count)
        ON CONFLICT (fingerprint) DO UPDATE SET count = f.count + excluded.count
        RETURNING fingerprint, count, announced_at
        """)

    private static let announce = Statement(
        "announce faults", "UPDATE dead_fingerprints SET announced_at = now() WHERE fingerprint = ANY ($1)")

    private static func settled(as state: String, where condition: String) -> String {
        """
        WITH settled AS (
            UPDATE dead_messages AS t SET state = '\(state)', settled_at = now(), settled_by = $3, settled_why = $4
            WHERE t.number = ANY (ARRAY(
                SELECT number FROM dead_messages
                WHERE state = 'dead' AND (number = ANY ($1) OR fingerprint = $2) AND \(condition)
                ORDER BY number FOR UPDATE
            ))
            RETURNING t.*
        ), decided AS (
            INSERT INTO dead_decisions (number, try, died_at, reason, decision, decided_by, why)
            SELECT number, tries, last_at, reason, state, settled_by, settled_why FROM settled
        )
        """
    }

    private static let drop = Statement(
        "drop dead", settled(as: "dropped", where: "true") + " SELECT count(*) FROM settled")

    private static let parkedTooLong = "interval '\(Decider.parkedTooLongSeconds) seconds'"

    private static let replay = Statement(
        "replay dead",
        settled(as: "replayed", where: DeadMessage.canBeReplayed)
            + """
            , again AS (
                INSERT INTO parked AS p (
                    source, id, part, whole, order_number, waits_for, queue, type, headers, body, received_at,
                    deadline, retry_at)
                SELECT source, id, part, whole, order_number, '\(ParkedFacts.replay)', queue, coalesce(type, ''), headers, body,
                    now(), now() + \(parkedTooLong), now()
                FROM settled WHERE source IS NOT NULL ORDER BY source, id, part
                ON CONFLICT DO NOTHING
            ), known AS (
                UPDATE inbox AS i SET outcome = 'parked', reason = '\(ParkedFacts.replay)' FROM settled AS s
                WHERE i.source = s.source AND i.id = s.id AND i.part = s.part
            ), timers AS (
                INSERT INTO due (kind, order_number, reference, due_at, next_at)
                SELECT type, coalesce(order_number, ''), headers ->> '\(DeadMessage.dueReference)', now(), now()
                FROM settled WHERE queue = '\(DeadMessage.dueQueue)' ORDER BY 1, 2, 3
                ON CONFLICT (kind, order_number, reference) DO NOTHING
            ), overdue AS (
                INSERT INTO due (kind, order_number, reference, due_at, next_at)
                SELECT 'parked_too_long', order_number,
                    source || ' ' || id || CASE part WHEN 0 THEN '' ELSE ' #' || part END, t.at, t.at
                FROM settled, (SELECT now() + \(parkedTooLong)) AS t (at)
                WHERE source IS NOT NULL AND order_number IS NOT NULL ORDER BY 1, 2, 3
                ON CONFLICT (kind, order_number, reference) DO NOTHING
            )
            SELECT count(*) FROM settled
            """)
}

/// How often a fault was met.
public struct FaultCount: Hashable, Sendable {
    /// How often, this batch included.
    public var count: Int64
    /// When people last heard of it; the start of this transaction for one that is new.
    public var announcedAt: Timestamp
}
