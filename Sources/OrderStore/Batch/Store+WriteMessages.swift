internal import OrderCore
internal import Postgres

/// Facts that have taken effect, and what became of the messages that brought them.
extension Store {
    func writeFacts(_ changes: Changes, _ flight: inout WriteFlight) {
        let givenBack = emptyColumns(BusinessKey.giveBack.name, BusinessKey.table.columns)
        for key in changes.givenBack.sorted(by: { $0.key.precedes($1.key) }) { givenBack.append(key) }
        flight.add(BusinessKey.giveBack, givenBack)
        let keys = emptyColumns(BusinessKey.table.insert.name, BusinessKey.table.columns)
        for key in changes.businessKeys.sorted(by: { $0.key.precedes($1.key) }) { keys.append(key) }
        flight.add(BusinessKey.table.insert, keys)
        let journal = emptyColumns(JournalEntry.table.insert.name, JournalEntry.table.columns)
        for entry in changes.journal { journal.append(entry) }
        flight.add(JournalEntry.table.insert, journal)
        let decisions = emptyColumns(RuleDecision.insert.name, RuleDecision.table.columns)
        for decision in changes.decisions { decisions.append(decision) }
        flight.add(RuleDecision.insert, decisions)
        let conflicts = emptyColumns(Conflict.table.insert.name, Conflict.table.columns)
        for conflict in changes.conflicts { conflicts.append(conflict) }
        flight.add(Conflict.table.insert, conflicts)
        let checkpoints = emptyColumns(StoredCheckpoint.insert.name, StoredCheckpoint.table.columns)
        for (number, checkpoint) in changes.checkpoints {
            checkpoints.append(StoredCheckpoint(orderNumber: number, checkpoint: checkpoint))
        }
        flight.add(StoredCheckpoint.insert, checkpoints)
    }

    func writeMessages(_ batch: BatchWrite, _ flight: inout WriteFlight) {
        let outcomes = outcomes(of: batch)
        let settled = emptyColumns(Inbox.settle.name, Inbox.outcomeColumns)
        // A new row says plain success from the start; what has no row at all is a timer.
        let changed = outcomes.filter { identity, outcome in
            inboxRows[identity].map { isNew in !isNew || outcome != .done } ?? false
        }
        for (identity, outcome) in changed.sorted(by: { $0.key < $1.key }) {
            settled.append(identity: identity)
            settled.columns[3].append(outcome.name)
            settled.columns[4].append(outcome.reason)
        }
        flight.add(Inbox.settle, settled)
        if !batch.replayed.isEmpty {
            let known = emptyColumns(Inbox.know.name, Inbox.columns)
            for message in batch.replayed.sorted(by: { $0.identity < $1.identity }) { known.append(message) }
            flight.add(Inbox.know, known)
        }
        writeLog(batch, outcomes, &flight)

        if !batch.leftFactsOf.isEmpty {
            flight.add(ParkedFacts.leave, [.textArray(batch.leftFactsOf.sortedByBytes())])
        }
        // Its order is there and it still waits: the sweep need not come back to it, the order's own changes will.
        let unparked = Set(batch.changes.unparked)
        let early = emptyColumns(ParkedFacts.wait.name, ParkedFacts.keyColumns)
        for (identity, number) in lookedAt.sorted(by: { $0.key < $1.key })
        where batch.workingSet.orders[number] != nil && !unparked.contains(identity) {
            early.append(identity: identity)
        }
        flight.add(ParkedFacts.wait, early)
        let parked = emptyColumns(ParkedFacts.upsert.name, ParkedFacts.columns)
        for (place, fact) in batch.parked.enumerated().sorted(by: { $0.element.identity < $1.element.identity }) {
            ParkedFacts.append(fact, place: place, to: parked)
        }
        flight.add(ParkedFacts.upsert, parked)
        let settledFacts = emptyColumns(ParkedFacts.delete.name, ParkedFacts.keyColumns)
        for identity in unparked.sorted() { settledFacts.append(identity: identity) }
        flight.add(ParkedFacts.delete, settledFacts)
        writeDead(batch, &flight)
    }

    /// The last word on each message.
    private func outcomes(of batch: BatchWrite) -> [MessageIdentity: Outcome] {
        var outcomes: [MessageIdentity: Outcome] = [:]
        for (identity, outcome) in batch.changes.outcomes { outcomes[identity] = outcome }
        for dead in batch.dead { if let identity = dead.identity { outcomes[identity] = .dead(dead.reason) } }
        return outcomes
    }

    private func writeLog(
        _ batch: BatchWrite, _ outcomes: [MessageIdentity: Outcome], _ flight: inout WriteFlight
    ) {
        let log = emptyColumns(MessageLog.insert.name, MessageLog.columns)
        var logged: Set<MessageIdentity> = []
        for record in batch.messages {
            logged.insert(record.identity)
            MessageLog.append(record, outcomes[record.identity] ?? .done, to: log)
        }
        for (identity, outcome) in outcomes where !logged.contains(identity) && inboxRows[identity] == false {
            let record = MessageRecord(identity: identity, orderNumber: nil, message: nil)
            MessageLog.append(record, outcome, to: log)
        }
        flight.add(MessageLog.insert, log)
    }

    private func writeDead(_ batch: BatchWrite, _ flight: inout WriteFlight) {
        let known = emptyColumns(DeadMessages.insert.name, DeadMessages.columns)
        let nameless = emptyColumns(DeadMessages.count.name, DeadMessages.columns)
        for dead in batch.dead {
            DeadMessages.append(dead, to: dead.identity == nil ? nameless : known)
        }
        flight.add(DeadMessages.insert, known)
        flight.add(DeadMessages.count, nameless)
    }
}

extension BusinessKey {
    /// Only what the same order has: another may have it since.
    static let giveBack = Statement(
        "give back business keys",
        """
        DELETE FROM business_keys AS k USING unnest($1, $2, $3, $4, $5) AS u (key, content_hash, source, message_id, part)
        WHERE k.key = u.key AND k.content_hash = u.content_hash
        """)
}

extension StoredCheckpoint {
    static let insert = Statement("insert checkpoints", table.insert.sql + " ON CONFLICT DO NOTHING")
}

extension Outcome {
    var name: String {
        switch self {
        case .done: "done"
        case .parked: "parked"
        case .refused: "refused"
        case .conflict: "conflict"
        case .dead: "dead"
        }
    }

    var reason: String? {
        switch self {
        case .done(let note): note
        case .parked(let text), .refused(let text), .conflict(let text), .dead(let text): text
        }
    }
}
