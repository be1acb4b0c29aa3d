internal import OrderCore
internal import Postgres

/// Timers: claimed in a small transaction that counts the try, taken with the batch (`LoadRequest.claimed`).
extension Store {
    /// Claims what is due, oldest first. A claim lasts for 10 s, a repeated one for longer, up to a minute; then another
    /// lane may try.
    ///
    /// A payment timeout is due only when a marker that was put into the payments queue after its time has come back, and
    /// `settleSeconds` later: whatever was taken from the queue before the marker is settled or redelivered by then.
    ///
    /// - Parameter newestSeconds: looks only at what has fallen due within so many seconds: the index keeps what was
    ///   deleted before that until it is vacuumed, and would be searched through each time.
    public func claimDue(
        limit: Int, paymentsQueue: String, settleSeconds: Int64 = 30, newestSeconds: Int64? = nil
    ) throws(StoreError) -> [ClaimedTimer] {
        let rows = try database { () throws(PostgresError) in
            try connection.run(
                Self.claim,
                [
                    .int8(Int64(limit)), .text(paymentsQueue), .int8(settleSeconds),
                    .int8(newestSeconds ?? 10_000_000_000),
                ])
        }
        var claimed: [ClaimedTimer] = []
        for row in rows {
            let key = try DueRows.key(row)
            let (dueAt, tries) = try database { () throws(PostgresError) in (try row.timestamp(3), try row.int64(4)) }
            let timer = Timer(
                kind: key.kind, orderNumber: key.orderNumber.isEmpty ? nil : key.orderNumber, reference: key.reference,
                dueAt: Timestamp(microseconds: dueAt))
            claimed.append(ClaimedTimer(timer: timer, tries: tries))
        }
        return claimed
    }

    /// Lets claimed timers be claimed again after a while, for a batch that failed.
    public func postpone(_ claimed: [ClaimedTimer], seconds: Int64) throws(StoreError) {
        guard !claimed.isEmpty else { return }
        let parameters = DueRows.parameters(claimed) + [.int8(seconds)]
        try database { () throws(PostgresError) in try connection.run(Self.postpone, parameters) }
    }

    /// Whether a payment timeout is due that no marker asked for so far can judge; then a new marker's number, to be put
    /// into the queue. Asked again where the last one has not come back for a minute.
    public func askMarker(queue: String) throws(StoreError) -> Int64? {
        try database { () throws(PostgresError) in
            try connection.run(Self.ask, [.text(queue)]).first.map { (row) throws(PostgresError) in try row.int64(0) }
        }
    }

    /// A marker has come back through its queue.
    public func markerReturned(_ number: Int64) throws(StoreError) {
        try database { () throws(PostgresError) in
            try connection.run([
                Call(Self.markReturned, [.int8(number)]),
                Call(Self.dropMarkers, [.int8(number)]),
            ])
        }
    }

    /// Who died with a claim in hand holds it up for as long as it lasts; what kills who claims it waits longer each time.
    /// By place: joined by key, the generic plan may go through all rows for each that is claimed.
    private static let claim = Statement(
        "claim due",
        """
        UPDATE due AS t SET tries = t.tries + 1,
            next_at = now() + least(60, 10 * 2 ^ least(t.tries, 6)) * interval '1 second'
        WHERE t.ctid = ANY (ARRAY(
            SELECT ctid FROM due
            WHERE next_at <= now() AND next_at >= now() - $4 * interval '1 second'
                AND (kind <> 'payment_timeout' OR due_at <= (
                    SELECT max(asked_at) FROM queue_markers
                    WHERE queue = $2 AND returned_at <= now() - $3 * interval '1 second'))
            ORDER BY next_at LIMIT $1 FOR UPDATE SKIP LOCKED
        ))
        RETURNING t.kind, t.order_number, t.reference, t.due_at, t.tries
        """)

    private static let postpone = Statement(
        "postpone due",
        """
        UPDATE due AS t SET next_at = now() + $5 * interval '1 second' FROM \(Table.unnest(DueRows.columns))
        WHERE t.kind = u.kind AND t.order_number = u.order_number AND t.reference = u.reference AND t.due_at = u.due_at
        """)

    private static let ask = Statement(
        "ask marker",
        """
        INSERT INTO queue_markers (queue, asked_at) SELECT $1, now()
        WHERE EXISTS (
            SELECT FROM due WHERE kind = 'payment_timeout' AND next_at <= now() AND due_at > coalesce(
                (SELECT max(asked_at) FROM queue_markers WHERE queue = $1
                    AND (returned_at IS NOT NULL OR asked_at > now() - interval '1 minute')), '-infinity'))
            AND NOT EXISTS (SELECT FROM queue_markers
                WHERE queue = $1 AND returned_at IS NULL AND asked_at > now() - interval '1 minute')
        RETURNING number
        """)

    private static let markReturned = Statement(
        "marker returned",
        "UPDATE queue_markers SET returned_at = clock_timestamp() WHERE number = $1 AND returned_at IS NULL")

    /// Older ones say nothing that a later one that has settled does not say.
    private static let dropMarkers = Statement(
        "drop markers",
        """
        DELETE FROM queue_markers AS t USING queue_markers AS m
        WHERE m.number = $1 AND t.queue = m.queue AND t.number < m.number AND t.asked_at < now() - interval '10 minutes'
        """)
}
