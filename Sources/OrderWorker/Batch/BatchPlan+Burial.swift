internal import AMQP
internal import OrderCore
internal import OrderMessages
internal import OrderStore

// One message alone, about which nothing is decided: it is taken into the inbox and set aside.
extension BatchPlan {
    /// Names nothing but the message itself: what it names may be what can't be loaded.
    init(burying item: WorkItem) {
        self.init([])
        switch item {
        case .delivery(let incoming): takeIn(incoming)
        case .timer(let claimed): claim(claimed)
        case .sweep: break
        }
    }

    /// What is written for a message that is dead.
    func bury(
        _ item: WorkItem, _ reason: String, _ fingerprint: String, _ loaded: LoadedBatch, owner: Int64
    ) -> BatchWrite {
        var decider = Decider(WorkingSet(), now: loaded.now)
        var write: BatchWrite
        switch item {
        case .delivery(let incoming):
            let identities = request.arrivals.map(\.identity).filter { loaded.seen[$0] == nil }
            for identity in identities { decider.note(.dead(reason), of: identity) }
            let raw = OrderMessages.RawMessage(incoming.delivery, queue: incoming.queue)
            var record = DeadRecord(
                identity: identities.first, message: OrderStore.RawMessage(raw, type: incoming.decoded.type),
                bodyHash: ContentHash(sha256Of: incoming.delivery.body), reason: reason, fingerprint: fingerprint)
            if case .success(let messages) = incoming.decoded.result {
                record.orderNumber = messages.first?.payload.orderNumbers.first
            }
            let isNew = identities.count == request.arrivals.count
            decider.finish()
            write = BatchWrite(workingSet: decider.set, changes: decider.changes, owner: owner)
            write.dead = isNew ? [record] : []
        case .timer(let claimed):
            decider.finish()
            write = BatchWrite(workingSet: decider.set, changes: decider.changes, owner: owner)
            write.dead = [DeadRecord(claimed, reason, fingerprint, now: loaded.now)]
        case .sweep:
            write = BatchWrite(workingSet: WorkingSet(), changes: Changes(), owner: owner)
        }
        write.events = write.changes.events.map { EventRecord(event: $0, data: EventEncoder.data(of: $0)) }
        write.clearedMarks = [item.crashKey]
        return write
    }

    /// What is written for a message whose lock does not come: parked, and looked at again soon. A command is refused,
    /// since it says what its order is to be now.
    func parkBusy(_ item: WorkItem, _ loaded: LoadedBatch, owner: Int64) -> BatchWrite {
        var decider = Decider(WorkingSet(), now: loaded.now)
        guard case .delivery(let incoming) = item, case .success(let messages) = incoming.decoded.result else {
            var write = BatchWrite(workingSet: WorkingSet(), changes: Changes(), owner: owner)
            // It waited for others, and ended no process.
            write.clearedMarks = [item.crashKey]
            return write
        }
        var records: [ParkedRecord] = []
        for message in messages where loaded.seen[message.identity] == nil {
            if case .command = message.payload {
                decider.note(.refused("the order is busy: ask again later"), of: message.identity)
                continue
            }
            let raw = OrderMessages.RawMessage(incoming.delivery, queue: incoming.queue)
            var record = ParkedRecord(
                identity: message.identity, orderNumber: message.payload.orderNumbers.first, waitsFor: "busy",
                message: OrderStore.RawMessage(raw, type: incoming.decoded.type), receivedAt: loaded.now,
                deadline: loaded.now.adding(seconds: Decider.parkedTooLongSeconds))
            record.retryAt = loaded.now.adding(seconds: 5)
            records.append(record)
            decider.note(.parked(waitsFor: "busy"), of: message.identity)
        }
        var write = BatchWrite(workingSet: WorkingSet(), changes: decider.changes, owner: owner)
        write.parked = records
        write.clearedMarks = [item.crashKey]
        return write
    }
}

extension DeadRecord {
    /// A due row that fires no more: kept, so that people see it and can set it again by a replay.
    init(_ claimed: ClaimedTimer, _ reason: String, _ fingerprint: String, now: Timestamp) {
        let timer = claimed.timer
        let name = Message(claimed, now: now).identity.text
        let message = OrderStore.RawMessage(
            queue: Self.timers, type: timer.kind.rawValue, headers: [Self.reference: timer.reference],
            body: Array(name.utf8))
        // It never was in the inbox.
        self.init(
            identity: nil, message: message, bodyHash: ContentHash(sha256Of: message.body), reason: reason,
            fingerprint: fingerprint)
        orderNumber = timer.orderNumber
    }

    /// Stands in the place of a queue.
    fileprivate static let timers = "due"
    fileprivate static let reference = "reference"
}

extension DeadMessage {
    /// The due row that it was, to fire at once.
    func timer(dueAt: Timestamp) -> OrderCore.Timer? {
        guard message.queue == DeadRecord.timers, let kind = Timer.Kind(rawValue: message.type) else { return nil }
        return Timer(
            kind: kind, orderNumber: orderNumber, reference: message.headers[DeadRecord.reference] ?? "", dueAt: dueAt)
    }
}
