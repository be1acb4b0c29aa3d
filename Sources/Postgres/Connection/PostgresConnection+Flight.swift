internal import CPostgres

/// Reading the answers to a flight, without ever blocking but in the waiter.
extension PostgresConnection {
    func startFlight() throws(PostgresError) -> OpaquePointer {
        let handle = try requireHandle()
        guard isAlive else { throw lostError(handle) }
        guard flight == nil else {
            throw PostgresError(.misuse, "a connection carries one flight at a time; its waiter must not use it")
        }
        roundTripCount += 1
        flight = Flight(
            mayCommit: PQtransactionStatus(handle) == PQTRANS_IDLE,
            deadline: responseTimeoutMilliseconds.map { .now + .milliseconds($0) })
        return handle
    }

    /// Reads all answers. Throws when the connection is lost; else returns the rows or the first error.
    func collectFlight(_ handle: OpaquePointer) throws(PostgresError) -> Result<[Rows], PostgresError> {
        guard let flight else { throw PostgresError(.misuse, "no flight is under way") }
        var rows: [Rows] = []
        var failure: PostgresError?
        var place = 0
        while true {
            guard let pointer = try nextResult(handle) else {
                // The end of one statement's answer.
                place += 1
                guard isAlive, place <= flight.entries.count else { throw abandonFlight(failure ?? lostError(handle)) }
                continue
            }
            let status = PQresultStatus(pointer)
            if status == PGRES_PIPELINE_SYNC {
                PQclear(pointer)
                break
            }
            guard place < flight.entries.count else {
                PQclear(pointer)
                throw abandonFlight(failure ?? misuseOrLost(handle))
            }
            switch flight.entries[place] {
            case .prepare(let statement):
                let result = ResultHandle(pointer, statement: statement.name)
                if status != PGRES_COMMAND_OK { prepared[statement.name] = nil }
                failure = failure ?? self.failure(result, status)
            case .call(let label, let isCommit):
                let result = ResultHandle(pointer, statement: label)
                failure = failure ?? self.failure(result, status)
                let answer = Rows(result)
                if failure == nil, isCommit, answer.commandTag != "COMMIT" {
                    failure = PostgresError(.commitRefused, "the transaction had failed before: nothing was stored")
                }
                rows.append(answer)
            }
            if !isAlive { throw abandonFlight(failure ?? lostError(handle)) }
        }
        guard PQexitPipelineMode(handle) == 1 else { throw abandonFlight(misuseOrLost(handle)) }
        self.flight = nil
        return failure.map { .failure($0) } ?? .success(rows)
    }

    /// The next result, or nil at the end of one statement's results.
    func nextResult(_ handle: OpaquePointer) throws(PostgresError) -> OpaquePointer? {
        while PQisBusy(handle) == 1, PQstatus(handle) == CONNECTION_OK {
            let unsent = PQflush(handle)
            // When sending or reading fails, PQgetResult has the reason, and what the server said before it went.
            guard unsent >= 0 else { break }
            try waitOnce(handle, forWriting: unsent == 1)
            guard PQconsumeInput(handle) == 1 else { break }
        }
        return PQgetResult(handle)
    }

    private func waitOnce(_ handle: OpaquePointer, forWriting: Bool) throws(PostgresError) {
        let deadline = flight?.deadline
        // Checked before waiting: an answer that came while the waiter was busy elsewhere still counts.
        if let deadline, ContinuousClock.now >= deadline {
            throw abandonFlight(PostgresError(.timedOut, "the server did not answer in time"))
        }
        do throws(PostgresError) {
            try waiter(SocketWait(descriptor: PQsocket(handle), forWriting: forWriting, deadline: deadline))
        } catch {
            throw abandonFlight(error)
        }
    }

    /// Gives the connection up in mid-flight: its answers can't be told apart any more.
    func abandonFlight(_ error: PostgresError) -> PostgresError {
        var error = error
        if error.code == .server { error.code = .connectionLost }
        error.isConnectionLost = true
        error.isOutcomeUnknown = flight?.mayCommit ?? false
        flight = nil
        close()
        return error
    }

    private func failure(_ result: ResultHandle, _ status: ExecStatusType) -> PostgresError? {
        switch status {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: nil
        case PGRES_FATAL_ERROR, PGRES_BAD_RESPONSE: PostgresError(result)
        case PGRES_PIPELINE_ABORTED: nil
        default:
            PostgresError(
                .misuse, "the statement answered in a way this module doesn't read, such as COPY",
                statement: result.statement)
        }
    }
}
