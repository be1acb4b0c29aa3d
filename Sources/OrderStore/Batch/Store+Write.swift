internal import OrderCore
internal import Postgres

extension Store {
    /// Writes what a batch has decided and commits, in one flight. When it throws, call `rollback`: nothing was stored,
    /// unless the error says that the outcome is unknown; then the inbox tells when the batch is run again.
    @discardableResult
    public func write(_ batch: BatchWrite) throws(StoreError) -> WriteResult {
        guard let now = batchTime else { throw .misuse("a batch is loaded before it is written") }
        var result = WriteResult()
        result.eventDay = Int32(clamping: now.microseconds / 86_400_000_000)
        result.eventIDs = try takeEventIDs(batch.events.count)

        var flight = WriteFlight()
        writeOrders(batch.workingSet, &flight)
        let risen = writeStock(batch, &flight)
        writeFacts(batch.changes, &flight)
        writeMessages(batch, &flight)
        writeReference(batch.changes.reference, &flight)
        writeTimers(batch, &flight)
        writeFollowUps(batch, risen: risen, &flight)
        writeEvents(batch, result, &flight)

        let answers = try database { () throws(PostgresError) in
            try connection.pipeline { (pipeline) throws(PostgresError) in
                for call in flight.calls { try pipeline.send(call.statement, call.parameters) }
                FailurePoint.beforeCommit.pass()
                try pipeline.commit()
            }
        }
        batchTime = nil
        inboxRows.removeAll(keepingCapacity: true)
        if !batch.changes.reference.isEmpty { reference.forget() }
        if let place = flight.places[OutboxRows.heads.name] { result.heads = try OutboxRows.heads(answers[place]) }
        return result
    }

    private func takeEventIDs(_ count: Int) throws(StoreError) -> [Int64] {
        while eventIDs.left < count {
            let rows = try database { () throws(PostgresError) in try connection.run(EventIDBlock.take) }
            eventIDs.add(startingAt: try database { () throws(PostgresError) in try rows.only().int64(0) })
        }
        return (0..<count).compactMap { _ in eventIDs.next() }
    }
}

/// The statements of the second flight; one without rows is left out.
struct WriteFlight {
    private(set) var calls: [Call] = []
    private(set) var places: [String: Int] = [:]

    mutating func add(_ statement: Statement, _ rows: RowColumns, _ more: Parameter...) {
        guard rows.count > 0 else { return }
        add(statement, rows.parameters + more)
    }

    mutating func add(_ statement: Statement, _ parameters: [Parameter]) {
        places[statement.name] = calls.count
        calls.append(Call(statement, parameters))
    }
}
