internal import CPostgres

/// Statements on their way in one flight: no answer is waited for until the last one was sent.
///
/// Valid only inside the closure of `PostgresConnection.pipeline`.
public struct Pipeline {
    let connection: PostgresConnection

    /// Adds a statement, and before it its preparation if the connection has not seen it. Returns the place of its
    /// rows in the result.
    @discardableResult
    public func send(_ statement: Statement, _ parameters: [Parameter] = []) throws(PostgresError) -> Int {
        try connection.enqueue(statement, parameters, isCommit: false)
    }

    /// Adds the start of a transaction. Returns the place of its (empty) rows in the result.
    @discardableResult
    public func begin() throws(PostgresError) -> Int {
        let place = try send(Statement(unprepared: "BEGIN"))
        // From here on nothing is permanent before a commit.
        connection.flight?.mayCommit = false
        return place
    }

    /// Adds the commit. If the transaction had failed, the flight throws.
    @discardableResult
    public func commit() throws(PostgresError) -> Int {
        connection.flight?.mayCommit = true
        return try connection.enqueue(Statement(unprepared: "COMMIT"), [], isCommit: true)
    }
}

extension PostgresConnection {
    /// Sends statements in one flight and returns their rows, in order.
    ///
    /// When one fails, those after it are skipped, all answers are read, and the first error is thrown; a transaction
    /// that was begun is then failed: call `rollback()`. Without a transaction the flight is one of its own: all or nothing.
    @discardableResult
    public func pipeline(_ body: (Pipeline) throws(PostgresError) -> Void) throws(PostgresError) -> [Rows] {
        let handle = try startFlight()
        guard PQenterPipelineMode(handle) == 1 else { throw abandonFlight(misuseOrLost(handle)) }
        var refusal: PostgresError?
        do throws(PostgresError) {
            try body(Pipeline(connection: self))
        } catch {
            refusal = error
            // What was sent already must not become permanent at the sync.
            _ = PQsendQueryParams(handle, Self.abandoning, 0, nil, nil, nil, nil, 0)
            flight?.entries.append(.call(label: "abandon", isCommit: false))
        }
        guard PQpipelineSync(handle) == 1 else { throw abandonFlight(misuseOrLost(handle)) }
        let outcome = try collectFlight(handle)
        if let refusal { throw refusal }
        return try outcome.get()
    }

    /// Sends statements in one flight and returns their rows, in order. See `pipeline`.
    @discardableResult
    public func run(_ calls: [Call]) throws(PostgresError) -> [Rows] {
        try pipeline { (pipeline) throws(PostgresError) in
            for call in calls { try pipeline.send(call.statement, call.parameters) }
        }
    }

    /// Runs one statement.
    @discardableResult
    public func run(_ statement: Statement, _ parameters: [Parameter] = []) throws(PostgresError) -> Rows {
        try run([Call(statement, parameters)])[0]
    }

    /// Runs one statement without preparing it.
    @discardableResult
    public func query(_ sql: String, _ parameters: [Parameter] = []) throws(PostgresError) -> Rows {
        try run(Statement(unprepared: sql), parameters)
    }

    private static let abandoning =
        "DO $$ BEGIN RAISE 'the client abandoned its flight' USING ERRCODE = 'transaction_rollback'; END $$"

    func enqueue(
        _ statement: Statement, _ parameters: [Parameter], isCommit: Bool
    ) throws(PostgresError) -> Int {
        let handle = try requireHandle()
        guard flight != nil else {
            throw PostgresError(.misuse, "a pipeline is used only inside its closure", statement: statement.label)
        }
        do throws(PostgresError) {
            try encoder.encode(parameters)
        } catch {
            var error = error
            error.statement = statement.label
            throw error
        }
        try prepareIfNeeded(statement, handle)
        let count = Int32(parameters.count)
        let sent = withExtendedLifetime(parameters) {
            if statement.name.isEmpty {
                PQsendQueryParams(
                    handle, statement.sql, count, encoder.oids, encoder.values, encoder.lengths, encoder.formats, 1)
            } else {
                PQsendQueryPrepared(
                    handle, statement.name, count, encoder.values, encoder.lengths, encoder.formats, 1)
            }
        }
        guard sent == 1 else { throw misuseOrLost(handle, statement: statement.label) }
        flight?.entries.append(.call(label: statement.label, isCommit: isCommit))
        flight?.callCount += 1
        statementCount += 1
        return (flight?.callCount ?? 0) - 1
    }

    private func prepareIfNeeded(_ statement: Statement, _ handle: OpaquePointer) throws(PostgresError) {
        guard !statement.name.isEmpty else { return }
        if let known = prepared[statement.name] {
            guard known.sql == statement.sql, known.oids == encoder.oids else {
                throw PostgresError(
                    .misuse, "a statement's name stands for one SQL text and one list of parameter types",
                    statement: statement.label)
            }
            return
        }
        let new = PreparedStatement(name: statement.name, sql: statement.sql, oids: encoder.oids)
        guard PQsendPrepare(handle, new.name, new.sql, Int32(new.oids.count), new.oids) == 1 else {
            throw misuseOrLost(handle, statement: statement.label)
        }
        prepared[new.name] = new
        flight?.entries.append(.prepare(new))
    }
}
