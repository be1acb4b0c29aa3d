internal import CPostgres

/// Commands without parameters and rows, and transactions one step at a time.
extension PostgresConnection {
    /// Runs SQL text that may hold several statements, for migrations and set-up; rows are dropped.
    ///
    /// Several statements form one transaction unless they say otherwise.
    public func execute(_ sql: String) throws(PostgresError) {
        let handle = try startFlight()
        guard PQsendQuery(handle, sql) == 1 else { throw abandonFlight(misuseOrLost(handle)) }
        var failure: PostgresError?
        while let pointer = try nextResult(handle) {
            let result = ResultHandle(pointer, statement: Statement.shortened(sql))
            switch PQresultStatus(pointer) {
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: break
            case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
                throw abandonFlight(PostgresError(.misuse, "COPY is not supported", statement: result.statement))
            default: failure = failure ?? PostgresError(result)
            }
            if !isAlive { break }
        }
        guard isAlive else { throw abandonFlight(failure ?? lostError(handle)) }
        flight = nil
        if let failure { throw failure }
    }

    /// Starts a transaction.
    public func begin() throws(PostgresError) {
        try execute("BEGIN")
    }

    /// Commits, and throws `commitRefused` if the server rolled back instead.
    public func commit() throws(PostgresError) {
        try pipeline { (pipeline) throws(PostgresError) in try pipeline.commit() }
    }

    /// Ends a transaction that is not wanted or has failed; does nothing outside one.
    public func rollback() throws(PostgresError) {
        guard transactionStatus != .idle else { return }
        try execute("ROLLBACK")
    }

    /// Runs `body` in a transaction: committed when it returns, rolled back when it throws.
    public func transaction<Output>(
        _ body: () throws(PostgresError) -> Output
    ) throws(PostgresError) -> Output {
        try begin()
        let output: Output
        do throws(PostgresError) {
            output = try body()
        } catch {
            // The first error says more than one about the rollback; a lost connection rolls back by itself.
            if isAlive { try? rollback() }
            throw error
        }
        try commit()
        return output
    }
}
