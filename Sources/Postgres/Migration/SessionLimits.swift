/// The time limits of a session, to set them for a while and then put them back.
struct SessionLimits {
    /// As `PostgresConnection.responseTimeoutMilliseconds`.
    let responseMilliseconds: Int?
    /// `lock_timeout`, as the server writes it.
    let lock: String
    /// `statement_timeout`, as the server writes it.
    let statement: String

    init(responseMilliseconds: Int?, lock: String, statement: String) {
        self.responseMilliseconds = responseMilliseconds
        self.lock = lock
        self.statement = statement
    }

    init(of connection: PostgresConnection) throws(PostgresError) {
        let row = try connection.query("SELECT current_setting('lock_timeout'), current_setting('statement_timeout')")
            .only()
        self.init(
            responseMilliseconds: connection.responseTimeoutMilliseconds, lock: try row.text(0),
            statement: try row.text(1))
    }

    func restore(on connection: PostgresConnection) throws(PostgresError) {
        connection.responseTimeoutMilliseconds = responseMilliseconds
        try connection.query(
            "SELECT set_config('lock_timeout', $1, false), set_config('statement_timeout', $2, false)",
            [.text(lock), .text(statement)])
    }
}
