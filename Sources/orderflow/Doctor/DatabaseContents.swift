internal import OrderStore
internal import Postgres

/// What stands in a migrated database that somebody should know of.
struct DatabaseContents {
    private(set) var diagnoses: [Diagnosis] = []

    init(_ connection: PostgresConnection, _ configuration: Configuration) throws(PostgresError) {
        diagnoses.append(try Self.partitions(connection))
        let counts = try connection.query(
            """
            SELECT (SELECT count(*) FROM outbox), (SELECT count(*) FROM outbox WHERE retry_at IS NOT NULL),
                (SELECT count(*) FROM dead_messages WHERE state = 'dead'), (SELECT count(*) FROM quarantined_orders),
                (SELECT count(*) FROM crash_marks WHERE count >= 2)
            """
        ).only()
        let outbox = try counts.int(0)
        let bound = configuration[SettingKeys.outboxRows]
        diagnoses.append(
            outbox <= bound / 2
                ? .ok("outbox", "\(outbox) events unconfirmed")
                : .warning(
                    "outbox", "\(outbox) events unconfirmed; intake pauses at \(bound)",
                    mend: "see that the broker takes messages and workers run: `orderflow outbox status`"))
        let setAside = try counts.int(1)
        if setAside > 0 {
            diagnoses.append(
                .warning(
                    "outbox", "\(setAside) events can't be routed to their receivers",
                    mend:
                        "`orderflow outbox status` names the receivers, `orderflow topology declare` binds their queues"
                ))
        }
        let dead = try counts.int(2)
        diagnoses.append(
            dead == 0
                ? .ok("dead messages", "none")
                : .warning(
                    "dead messages", "\(dead) wait for a decision",
                    mend: "`orderflow dead groups`, then `dead replay` or `dead drop`"))
        let quarantined = try counts.int(3)
        if quarantined > 0 {
            diagnoses.append(
                .wrong(
                    "quarantine", "\(quarantined) orders read back impossible, and nothing is applied to them",
                    mend: "`orderflow quarantine list` tells which rows; mend them, then `orderflow quarantine lift`"))
        }
        if try counts.int(4) > 0 {
            diagnoses.append(
                .warning(
                    "crash marks", "something has killed workers more than once",
                    mend: "see the workers' logs before their ends; after the fifth time it is dead, `crash_suspect`"))
        }
    }

    /// Without a partition for its day nothing can be logged, and workers stop.
    private static func partitions(_ connection: PostgresConnection) throws(PostgresError) -> Diagnosis {
        let row = try connection.query(
            """
            SELECT bool_and(has_both) FILTER (WHERE days <= 1), count(*) FILTER (WHERE has_both AND days >= 1)
            FROM (
                SELECT days, to_regclass('message_log_' || to_char(day, 'YYYYMMDD')) IS NOT NULL
                    AND to_regclass('event_log_' || to_char(day, 'YYYYMMDD')) IS NOT NULL AS has_both
                FROM generate_series(0, 7) AS days
                CROSS JOIN LATERAL (SELECT (now() AT TIME ZONE 'UTC')::date + days AS day) AS at
            ) AS ahead
            """
        ).only()
        let days = try row.int(1)
        let mend = "a running worker makes them, 7 days ahead; by hand: `SELECT make_log_partitions(7)`"
        if try !row.bool(0) {
            return .wrong("partitions", "today's or tomorrow's partition of the logs is missing", mend: mend)
        }
        guard days >= 3 else { return .warning("partitions", "the logs reach only \(days) days ahead", mend: mend) }
        return .ok("partitions", "the logs reach \(days) days ahead")
    }
}
