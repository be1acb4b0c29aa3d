extension AuditCheck {
    /// Messages: each with an outcome that is true, none forgotten.
    static func messages(patienceSeconds: Int) -> [AuditCheck] {
        let patience = "interval '\(patienceSeconds) seconds'"
        return [
            parkedOutcomes, deadOutcomes, parkedDeadlines(patience), dueOverdue(patience), outboxOverdue(patience),
        ]
    }

    private static let parkedOutcomes = AuditCheck(
        name: "parked_outcomes", sentence: "a message is parked when the inbox says so, and only then",
        sql: """
            SELECT format('%s %s part %s', i.source, i.id, i.part), 'the inbox says parked, but it is not there'
            FROM inbox AS i
            WHERE i.outcome = 'parked' AND NOT EXISTS (
                SELECT FROM parked AS p WHERE (p.source, p.id, p.part) = (i.source, i.id, i.part))
            UNION ALL
            SELECT format('%s %s part %s', p.source, p.id, p.part),
                'parked, but the inbox says ' || coalesce(i.outcome, 'nothing')
            FROM parked AS p LEFT JOIN inbox AS i USING (source, id, part)
            WHERE i.outcome IS DISTINCT FROM 'parked'
            """)

    private static let deadOutcomes = AuditCheck(
        name: "dead_outcomes", sentence: "a message is dead when the inbox says so, and only then",
        sql: """
            SELECT format('%s %s part %s', i.source, i.id, i.part), 'the inbox says dead, but it is not there'
            FROM inbox AS i
            WHERE i.outcome = 'dead' AND NOT EXISTS (
                    SELECT FROM dead_messages AS d
                    WHERE (d.source, d.id) = (i.source, i.id) AND (d.part = i.part OR d.whole) AND d.state <> 'replayed')
                AND NOT EXISTS (SELECT FROM parked AS p WHERE (p.source, p.id) = (i.source, i.id) AND p.whole)
            UNION ALL
            SELECT format('%s %s part %s', d.source, d.id, d.part),
                'dead as number ' || d.number || ', but the inbox says ' || coalesce(i.outcome, 'nothing')
            FROM dead_messages AS d LEFT JOIN inbox AS i USING (source, id, part)
            WHERE d.state = 'dead' AND d.source IS NOT NULL AND i.outcome IS DISTINCT FROM 'dead'
            """)

    private static func parkedDeadlines(_ patience: String) -> AuditCheck {
        AuditCheck(
            name: "parked_deadlines", sentence: "whatever is parked has a deadline that somebody hears of",
            sql: """
                SELECT format('%s %s part %s', p.source, p.id, p.part),
                    CASE WHEN p.retry_at IS NOT NULL THEN 'should have been tried again at ' || p.retry_at
                        WHEN p.order_number IS NULL THEN 'names no order, and should have ended at ' || p.deadline
                        ELSE 'waits for ' || p.waits_for || ', and no timer will tell' END
                FROM parked AS p
                WHERE CASE WHEN p.retry_at IS NOT NULL THEN p.retry_at < now() - \(patience)
                    WHEN p.order_number IS NULL THEN p.deadline < now() - \(patience) AND p.told_at IS NULL
                    ELSE p.deadline > now() AND NOT EXISTS (
                        SELECT FROM due AS d
                        WHERE d.kind = 'parked_too_long' AND d.order_number = p.order_number AND d.reference
                            = p.source || ' ' || p.id || CASE p.part WHEN 0 THEN '' ELSE ' #' || p.part END) END
                """)
    }

    private static func dueOverdue(_ patience: String) -> AuditCheck {
        AuditCheck(
            name: "due_overdue", sentence: "what is due is done, or being tried",
            sql: """
                SELECT format('%s of %s %s', kind, coalesce(nullif(order_number, ''), 'no order'), reference),
                    format('due at %s, tried %s times', due_at, tries)
                FROM due WHERE due_at < now() - \(patience) AND next_at < now() - \(patience)
                """)
    }

    private static func outboxOverdue(_ patience: String) -> AuditCheck {
        AuditCheck(
            name: "outbox_overdue", sentence: "events are confirmed by the broker before long",
            sql: """
                SELECT format('%s to %s number %s', o.subject, o.receiver, o.number),
                    format('unconfirmed since %s, returned %s times', e.created_at, o.returns)
                FROM outbox AS o JOIN event_log AS e ON e.day = o.event_day AND e.id = o.event_id
                WHERE e.created_at < now() - \(patience)
                """)
    }
}
