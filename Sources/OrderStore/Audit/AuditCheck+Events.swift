internal import OrderCore

extension AuditCheck {
    /// Events: numbered for each subject and receiver, and on their way.
    static let events = [numbers, counts, outboxEvents]

    /// Every numbered delivery that is still in the log, with the kind of its subject: ids of orders and fulfilments may be
    /// alike.
    private static let told = """
        SELECT e.subject, e.created_at, t.receiver, t.number, t.number >> \(EventNumber.sequenceBits) AS epoch,
            t.number & ((1::bigint << \(EventNumber.sequenceBits)) - 1) AS sequence,
            CASE WHEN e.type LIKE 'fulfilment.%' THEN 'fulfilment' WHEN e.type LIKE 'stock.%' THEN 'stock'
                ELSE 'order' END AS kind
        FROM event_log AS e CROSS JOIN unnest(e.receivers, e.numbers) AS t (receiver, number)
        WHERE e.subject <> ''
        """

    /// Whether the log is whole: it still has the partition of the day before the database was migrated first.
    private static let isWhole = """
        (SELECT to_regclass('event_log_' || to_char(min(applied_at) AT TIME ZONE 'UTC' - interval '1 day', 'YYYYMMDD'))
            IS NOT NULL FROM schema_migration)
        """

    private static let numbers = AuditCheck(
        name: "event_numbers",
        sentence:
            "events are numbered for each subject and receiver without a gap within an epoch, from 1 where the log is whole",
        sql: """
            SELECT subject || ' to ' || receiver, format('%s events numbered %s to %s in epoch %s', count(*), min(sequence),
                max(sequence), epoch + 1)
            FROM (\(told)) AS told
            GROUP BY kind, subject, receiver, epoch
            HAVING count(*) <> max(sequence) - min(sequence) + 1 OR count(DISTINCT sequence) <> count(*)
                OR min(sequence) < 1 OR (min(sequence) > 1 AND \(isWhole))
            """)

    private static let counts = AuditCheck(
        name: "event_counts", sentence: "the counts on a subject's row are the numbers of its last events",
        sql: """
            WITH last AS (
                SELECT kind, subject, receiver, max(number) AS number FROM (\(told)) AS told
                GROUP BY kind, subject, receiver
            ), counted AS (
                SELECT 'order' AS kind, number AS subject, c.key AS receiver, c.value::bigint AS number
                FROM orders CROSS JOIN json_each_text(event_counts) AS c
                UNION ALL
                SELECT 'fulfilment', coalesce(travels_in, id), c.key, c.value::bigint
                FROM fulfilments CROSS JOIN json_each_text(event_counts) AS c
                UNION ALL
                SELECT 'stock', sku || '@' || warehouse, c.key, c.value::bigint
                FROM stock CROSS JOIN json_each_text(event_counts) AS c
            )
            SELECT subject || ' to ' || receiver, format('%s on its row, %s in the log',
                coalesce(c.number::text, 'no count'), coalesce('the last is ' || l.number, 'none'))
            FROM counted AS c FULL JOIN last AS l USING (kind, subject, receiver)
            WHERE c.number IS DISTINCT FROM l.number AND (l.number IS NOT NULL OR \(isWhole))
            """)

    private static let outboxEvents = AuditCheck(
        name: "outbox_events", sentence: "what is to be published has its event in the log",
        sql: """
            SELECT format('%s to %s number %s', o.subject, o.receiver, o.number),
                format('no event %s of %s with that number', o.event_id, o.event_day)
            FROM outbox AS o
            WHERE NOT EXISTS (
                SELECT FROM event_log AS e CROSS JOIN unnest(e.receivers, e.numbers) AS t (receiver, number)
                WHERE e.day = o.event_day AND e.id = o.event_id AND e.subject = o.subject
                    AND t.receiver = o.receiver AND t.number = o.number)
            """)
}
