internal import Postgres

/// Sessions of workers that have stopped speaking in mid-sentence.
extension Store {
    /// Ends sessions of this program that have waited for the rest of a flight for longer than any network takes; how many.
    ///
    /// PostgreSQL's own time-outs are for sessions that idle. One that has executed half a pipeline counts as active: were
    /// its client frozen there, it would keep its row locks and its lane number for as long as the client's machine is up.
    @discardableResult
    public func endSilentSessions() throws(StoreError) -> Int {
        try database { () throws(PostgresError) in try connection.run(Self.endSilent).only().int(0) }
    }

    /// The limit is that of `idle_in_transaction_session_timeout`, which this stands in for.
    private static let endSilent = Statement(
        "end silent sessions",
        """
        SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = current_setting('application_name')
            AND pg_has_role(usesysid, 'USAGE') AND state = 'active' AND wait_event = 'ClientRead'
            AND query_start < now() - interval '10 seconds'
        """)
}
