internal import Postgres

/// Who keeps vacuum from cleaning up, or others waiting: sessions, prepared transactions, replication slots.
struct DatabaseSessions {
    private(set) var diagnoses: [Diagnosis] = []

    /// - Parameter patienceSeconds: how long a transaction may be open before it is told.
    init(_ connection: PostgresConnection, patienceSeconds: Int) throws(PostgresError) {
        let deadRows = try DeadRows(connection)
        diagnoses += try Self.transactions(connection, patienceSeconds, deadRows)
        diagnoses += try Self.blockers(connection)
        diagnoses += try Self.prepared(connection, patienceSeconds, deadRows)
        diagnoses += try Self.slots(connection)
    }

    /// A transaction holds what it may still want to see: no row that died since it began can be removed in any table.
    private static func transactions(
        _ connection: PostgresConnection, _ patience: Int, _ deadRows: DeadRows
    ) throws(PostgresError) -> [Diagnosis] {
        let rows = try connection.query(
            """
            SELECT \(Session.columns) FROM pg_stat_activity AS a
            WHERE a.xact_start IS NOT NULL AND a.pid <> pg_backend_pid() AND a.backend_type = 'client backend'
            ORDER BY a.xact_start
            """)
        var sessions: [Session] = []
        for row in rows { sessions.append(try Session(row)) }
        let old = sessions.filter { $0.transactionSeconds >= patience }
        guard old.isEmpty else {
            return old.prefix(3).map { session in
                .warning("transactions", "\(session.text): \(deadRows.text)", mend: session.mend)
            }
        }
        // A role without the right sees other users' sessions, but not since when their transactions are open.
        guard try connection.query("SELECT pg_has_role('pg_read_all_stats', 'USAGE')").only().bool(0) else {
            return [.ok("transactions", "none of this role's is open for long; GRANT pg_read_all_stats to see others'")]
        }
        guard let oldest = sessions.first else { return [.ok("transactions", "none is open")] }
        return [.ok("transactions", "the oldest is open for \(oldest.transactionSeconds) s")]
    }

    /// Workers give up a lock after 2 s and try again: what counts is how long the one in their way has been at it.
    private static func blockers(_ connection: PostgresConnection) throws(PostgresError) -> [Diagnosis] {
        let rows = try connection.query(
            """
            SELECT \(Session.columns), w.waiting, w.places
            FROM (
                SELECT b.pid, count(DISTINCT l.pid) AS waiting,
                    string_agg(DISTINCT coalesce(l.relation::regclass::text, l.locktype), ', ') AS places
                FROM pg_locks AS l CROSS JOIN LATERAL unnest(pg_blocking_pids(l.pid)) AS b (pid)
                WHERE NOT l.granted AND l.pid <> pg_backend_pid() GROUP BY b.pid
            ) AS w
            JOIN pg_stat_activity AS a ON a.pid = w.pid
            WHERE now() - a.xact_start > interval '5 seconds' AND cardinality(pg_blocking_pids(a.pid)) = 0
            ORDER BY w.waiting DESC, a.pid LIMIT 3
            """)
        var found: [Diagnosis] = []
        for row in rows {
            let session = try Session(row)
            let (waiting, places) = (try row.int64(Session.count), try row.text(Session.count + 1))
            found.append(
                .warning(
                    "locks", "\(session.text), and \(waiting) sessions wait for it (\(places))", mend: session.mend))
        }
        return found.isEmpty ? [.ok("locks", "nobody waits for one that is held for long")] : found
    }

    /// It lives on without a session, over restarts too.
    private static func prepared(
        _ connection: PostgresConnection, _ patience: Int, _ deadRows: DeadRows
    ) throws(PostgresError) -> [Diagnosis] {
        var found: [Diagnosis] = []
        let rows = try connection.query(
            """
            SELECT gid, owner::text, database::text, extract(epoch FROM now() - prepared)::bigint FROM pg_prepared_xacts
            WHERE now() - prepared >= $1 * interval '1 second' ORDER BY prepared LIMIT 3
            """, [.int8(Int64(patience))])
        for row in rows {
            let (gid, owner, database) = (try row.text(0), try row.text(1), try row.text(2))
            found.append(
                .warning(
                    "transactions",
                    "'\(gid)' of user \(owner) is prepared for \(try row.int64(3)) s, with its locks: \(deadRows.text)",
                    mend: "in database \(database), as whoever prepared it decides: "
                        + "ROLLBACK PREPARED '\(gid)' or COMMIT PREPARED '\(gid)'"))
        }
        return found
    }

    /// A slot keeps log, and rows, for one that may never come back.
    private static func slots(_ connection: PostgresConnection) throws(PostgresError) -> [Diagnosis] {
        var found: [Diagnosis] = []
        let rows = try connection.query(
            """
            SELECT slot_name, slot_type, active, coalesce((pg_wal_lsn_diff(
                    CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END,
                    restart_lsn) / 1048576)::bigint, 0), coalesce(greatest(age(xmin), age(catalog_xmin)), 0)::bigint
            FROM pg_replication_slots WHERE restart_lsn IS NOT NULL OR xmin IS NOT NULL ORDER BY slot_name
            """)
        for row in rows {
            let (name, isActive) = (try row.text(0), try row.bool(2))
            let (megabytes, age) = (try row.int64(3), try row.int64(4))
            guard !isActive || megabytes > 4_096 || age > 1_000_000 else { continue }
            let rowsHeld = age > 0 ? ", and rows that died in the last \(age) transactions" : ""
            found.append(
                .warning(
                    "slots",
                    "\(try row.text(1)) slot \(name) (\(isActive ? "active" : "nobody reads it")) holds back "
                        + "\(megabytes) MB of write-ahead log\(rowsHeld): the disk fills up",
                    mend: "start its reader again; if it is gone for good: SELECT pg_drop_replication_slot('\(name)')"))
        }
        return found.isEmpty ? [.ok("slots", rows.isEmpty ? "none" : "\(rows.count) are read")] : found
    }
}

/// A session whose transaction is open.
private struct Session {
    static let columns = """
        a.pid::bigint, coalesce(a.usename, '?'), coalesce(nullif(a.application_name, ''), 'no name given'),
            coalesce(a.client_addr::text, 'this machine'), coalesce(a.state, '?'),
            extract(epoch FROM now() - a.xact_start)::bigint, extract(epoch FROM now() - a.state_change)::bigint,
            upper(substring(a.query FROM '^[[:space:]]*([A-Za-z]+)')), to_char(a.xact_start, 'YYYY-MM-DD HH24:MI:SSOF')
        """
    static let count = 9

    let transactionSeconds: Int64
    /// Who it is, and what it is at; of its query only the first word, since the rest may be personal.
    let text: String
    let mend: String

    init(_ row: Row) throws(PostgresError) {
        let (pid, user, state) = (try row.int64(0), try row.text(1), try row.text(4))
        transactionSeconds = try row.int64(5)
        let word = try row.optionalText(7).map { " (\($0))" } ?? ""
        let doing =
            state == "active"
            ? "runs a statement\(word) for \(try row.int64(6)) s"
            : "is \(state) for \(try row.int64(6)) s since its last statement\(word)"
        text =
            "process \(pid) (user \(user), \(try row.text(2)), from \(try row.text(3))) \(doing), "
            + "its transaction open since \(try row.text(8))"
        mend =
            "end it: SELECT pg_terminate_backend(\(pid)); "
            + (state == "active"
                ? "long reads belong on a standby, or get a statement_timeout"
                : "then ALTER ROLE \(user) SET idle_in_transaction_session_timeout = '1min'")
    }
}

/// What vacuum would remove.
private struct DeadRows {
    let text: String

    init(_ connection: PostgresConnection) throws(PostgresError) {
        var tables: [String] = []
        for row in try connection.query(
            """
            SELECT relname::text, n_dead_tup FROM pg_stat_user_tables
            WHERE schemaname = current_schema() AND n_dead_tup > 0 ORDER BY n_dead_tup DESC, relname LIMIT 3
            """)
        {
            tables.append("\(try row.text(0)) \(try row.int64(1))")
        }
        text =
            "rows that have died since can't be removed from any table, which slows the outbox"
            + (tables.isEmpty ? "" : " (dead now: \(tables.joined(separator: ", ")))")
    }
}
