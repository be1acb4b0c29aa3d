internal import OrderCore
internal import OrderMessages
internal import OrderStore

extension BatchPlan {
    /// Decides everything in memory, in order of arrival, and puts together what is to be written.
    ///
    /// Nothing is kept from one call to the next, so that a batch that failed is simply loaded and decided again.
    func decide(
        _ loaded: inout LoadedBatch, owner: Int64, epoch: Int64, _ reader: MessageReader
    ) -> BatchWrite {
        var contexts: [MessageIdentity: EnvelopeContext] = [:]
        var decider = Decider(workingSet(&loaded, reader, &contexts), now: loaded.now, epoch: epoch)
        var parked: [ParkedRecord] = []
        var replayed: [LoadRequest.Arrival] = []
        var seen = loaded.seen.mapValues(\.contentHash)
        for planned in messages {
            guard case .sibling(_, isReplayed: true) = planned.origin else { continue }
            let identity = planned.message.identity
            if loaded.seen[identity]?.outcome == .dead { seen[identity] = nil }
        }
        for (number, fault) in loaded.newlyUnreadable.sorted(by: { $0.key < $1.key }) {
            decider.quarantine(number, fault: fault)
        }
        for claimed in loaded.fired { decider.decide(Message(claimed, now: loaded.now)) }
        for planned in messages {
            var message = planned.message
            contexts[message.identity] = planned.context
            switch planned.origin {
            case .sibling(of: let claimed, _) where !loaded.claimedFacts.contains(claimed): continue
            case .queue, .sibling:
                message.receivedAt = loaded.now
                if let known = seen[message.identity] {
                    if known != message.contentHash, !planned.isUnread(knownAs: known) { decider.contradict(message) }
                    // It named its orders, so that facts which wait for them were read: they are looked at.
                    for number in message.payload.orderNumbers { decider.unpark(of: number) }
                    continue
                }
                seen[message.identity] = message.contentHash
            case .parked(let since, let isReplayed):
                // Another lane has applied it meanwhile.
                guard loaded.claimedFacts.contains(message.identity) else { continue }
                message.receivedAt = since
                if isReplayed {
                    replayed.append(.init(identity: message.identity, contentHash: message.contentHash))
                }
            }
            #if FAULTS
                Poison.strike(message)
            #endif
            if case .parked(let waitsFor) = decider.decide(message, isParked: planned.isParked) {
                parked.append(record(planned, waitsFor: waitsFor, loaded.now))
            }
        }
        let dead = deadRecords(loaded, &seen, &decider)
        decider.finish()
        var write = BatchWrite(workingSet: decider.set, changes: decider.changes, owner: owner)
        write.parked = stillParked(parked, decider.changes)
        write.replayed = replayed
        write.dead = dead
        write.messages = messageRecords(loaded)
        write.events = decider.changes.events.map { eventRecord($0, contexts) }
        write.quarantined = loaded.newlyUnreadable
        if request.leavesFacts { write.leftFactsOf = request.orders.union(request.placed) }
        return write
    }

    /// The working set with the parked facts of its orders decoded again.
    private func workingSet(
        _ loaded: inout LoadedBatch, _ reader: MessageReader, _ contexts: inout [MessageIdentity: EnvelopeContext]
    ) -> WorkingSet {
        var set = loaded.takeWorkingSet()
        for record in loaded.parked {
            let decoded = reader.read(OrderMessages.RawMessage(record.message), receivedAt: record.receivedAt)
            guard case .success(let parts) = decoded.result, var message = reader.part(of: parts, record),
                let number = record.orderNumber ?? message.payload.orderNumbers.first
            else { continue }
            message.payload.name(order: number)
            contexts[message.identity] = decoded.context
            let fact = Parked(message: message, waitsFor: record.waitsFor, isNew: false)
            if set.orders[number] != nil {
                set.orders[number]?.parked.append(fact)
            } else {
                set.orphans[number, default: []].append(fact)
            }
        }
        return set
    }

    private func record(_ planned: PlannedMessage, waitsFor: String, _ now: Timestamp) -> ParkedRecord {
        var record = ParkedRecord(
            identity: planned.message.identity, orderNumber: planned.message.payload.orderNumbers.first,
            waitsFor: waitsFor, message: OrderStore.RawMessage(planned.raw, type: planned.type), receivedAt: now,
            deadline: now.adding(seconds: Decider.parkedTooLongSeconds))
        switch planned.message.payload {
        case .fulfilment(let report): (record.warehouse, record.shipment) = (report.warehouse, report.shipment)
        case .tracking(let checkpoint):
            (record.warehouse, record.shipment) = (checkpoint.warehouse, checkpoint.shipment)
        default: break
        }
        return record
    }

    /// Without those that a later message of the same batch let through.
    private func stillParked(_ records: [ParkedRecord], _ changes: Changes) -> [ParkedRecord] {
        guard !records.isEmpty else { return [] }
        var last: [MessageIdentity: Outcome] = [:]
        for (identity, outcome) in changes.outcomes { last[identity] = outcome }
        return records.filter { record in
            guard let outcome = last[record.identity], case .parked = outcome else { return false }
            return true
        }
    }

    private func messageRecords(_ loaded: LoadedBatch) -> [MessageRecord] {
        var logged: Set<MessageIdentity> = []
        return messages.compactMap { planned in
            let identity = planned.message.identity
            guard loaded.seen[identity] == nil, logged.insert(identity).inserted, !planned.isParked else { return nil }
            let raw = identity.part == 0 ? OrderStore.RawMessage(planned.raw, type: planned.type) : nil
            return MessageRecord(
                identity: identity, orderNumber: planned.message.payload.orderNumbers.first, message: raw)
        }
    }

    private func eventRecord(_ event: Event, _ contexts: [MessageIdentity: EnvelopeContext]) -> EventRecord {
        var record = EventRecord(event: event, data: EventEncoder.data(of: event))
        if let context = contexts[event.cause] {
            record.correlationID = context.correlationID
            record.traceparent = context.traceParent
            record.tracestate = context.traceState
        }
        return record
    }
}

extension PlannedMessage {
    /// It came before in the same bytes and could not be read then, which is all that the inbox knows of it.
    fileprivate func isUnread(knownAs hash: ContentHash) -> Bool { hash == ContentHash(sha256Of: raw.body) }
}

extension Payload {
    /// Gives its order to a fact that names a parcel alone.
    mutating func name(order number: String) {
        switch self {
        case .fulfilment(var report):
            report.orderNumber = number
            self = .fulfilment(report)
        case .tracking(var checkpoint):
            checkpoint.orderNumber = number
            self = .tracking(checkpoint)
        default: break
        }
    }
}
