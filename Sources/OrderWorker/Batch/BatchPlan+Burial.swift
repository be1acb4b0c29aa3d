internal import AMQP
internal import OrderCore
internal import OrderMessages
internal import OrderStore

// One message alone, about which nothing is decided: it is taken into the inbox and set aside.
extension BatchPlan {
    /// Names nothing but the message itself: what it names may be what can't be loaded. A delivery that ends the process
    /// when it is decoded is nameless.
    init(burying item: WorkItem, undecoded: Bool) {
        self.init()
        switch item {
        case .delivery(let incoming): if !undecoded { takeIn(incoming) }
        case .timer(let claimed): claim(claimed)
        case .fact(let record): claim(record)
        }
    }

    /// What waits whole is in the inbox under its first part. A due row stays where it is.
    init(parking item: WorkItem) {
        self.init()
        switch item {
        case .delivery(let incoming): takeIn(incoming, parts: 1)
        case .timer: break
        case .fact(let record): claim(record)
        }
    }

    /// What is written for a message that is dead.
    func bury(
        _ item: WorkItem, _ reason: String, _ fingerprint: String, _ loaded: LoadedBatch, owner: Int64
    ) -> BatchWrite {
        var decider = Decider(WorkingSet(), now: loaded.now)
        var dead: [DeadRecord] = []
        switch item {
        case .delivery(let incoming):
            let identities = request.arrivals.map(\.identity).filter { loaded.seen[$0] == nil }
            for identity in identities { decider.note(.dead(reason), of: identity) }
            if identities.count == request.arrivals.count {
                dead = [record(incoming, identities.first, reason, fingerprint)]
            }
        case .timer(let claimed):
            dead = loaded.fired.map { _ in DeadRecord(claimed, reason, fingerprint, now: loaded.now) }
        case .fact(let record):
            guard loaded.claimedFacts.contains(record.identity) else { break }
            dead = [decider.endWait(of: record, reason, fingerprint)]
        }
        decider.finish()
        var write = BatchWrite(workingSet: decider.set, changes: decider.changes, owner: owner)
        write.dead = dead
        write.events = write.changes.events.map { EventRecord(event: $0, data: EventEncoder.data(of: $0)) }
        write.clearedMarks = [item.crashKey]
        return write
    }

    /// Without identity it was not decoded.
    private func record(
        _ incoming: Incoming, _ identity: MessageIdentity?, _ reason: String, _ fingerprint: String
    ) -> DeadRecord {
        let raw = OrderMessages.RawMessage(incoming.delivery, queue: incoming.queue)
        let type = identity == nil ? raw.type : incoming.decoded.type
        var record = DeadRecord(
            identity: identity, message: OrderStore.RawMessage(raw, type: type),
            bodyHash: ContentHash(sha256Of: incoming.delivery.body), reason: reason, fingerprint: fingerprint)
        if identity != nil, case .success(let messages) = incoming.decoded.result {
            record.orderNumber = messages.first?.payload.orderNumbers.first
        }
        return record
    }

    /// What is written for what has to wait until a lock comes: parked whole, for the sweep to take again soon. A command is
    /// refused, since it says what its order is to be now. A due row stays where it is.
    func parkBusy(_ item: WorkItem, _ loaded: LoadedBatch, owner: Int64) -> BatchWrite {
        var decider = Decider(WorkingSet(), now: loaded.now)
        var records: [ParkedRecord] = []
        var messages: [MessageRecord] = []
        switch item {
        case .delivery(let incoming):
            guard case .success(let parts) = incoming.decoded.result, let first = parts.first,
                loaded.seen[first.identity] == nil
            else { break }
            if first.payload.isRefusedWhenBusy {
                decider.note(.refused("the order is busy: ask again later"), of: first.identity)
            } else {
                let record = decider.parkBusy(first, stored(incoming))
                records.append(record)
                messages.append(
                    MessageRecord(
                        identity: first.identity, orderNumber: record.orderNumber, message: record.message))
            }
        case .fact(var record):
            guard loaded.claimedFacts.contains(record.identity) else { break }
            record.retryAt = loaded.now.adding(seconds: min(60, 5 << min(record.tries, 4)))
            records.append(record)
        case .timer: break
        }
        var write = BatchWrite(workingSet: WorkingSet(), changes: decider.changes, owner: owner)
        write.parked = records
        write.messages = messages
        // It waited for others, and ended no process.
        write.clearedMarks = [item.crashKey]
        return write
    }
}

extension Decider {
    fileprivate mutating func parkBusy(_ message: Message, _ raw: OrderStore.RawMessage) -> ParkedRecord {
        let deadline = now.adding(seconds: Self.parkedTooLongSeconds)
        var record = ParkedRecord(
            identity: message.identity, orderNumber: message.payload.orderNumbers.first, waitsFor: "busy", message: raw,
            receivedAt: now, deadline: deadline)
        record.retryAt = now.adding(seconds: 5)
        record.isWhole = true
        note(.parked(waitsFor: "busy"), of: message.identity)
        watch(message, until: deadline)
        return record
    }
}

extension Payload {
    fileprivate var isRefusedWhenBusy: Bool {
        switch self {
        case .command, .deadLetters, .resend: true
        default: false
        }
    }
}

extension DeadRecord {
    /// A due row that fires no more: kept, so that people see it and can set it again by a replay.
    init(_ claimed: ClaimedTimer, _ reason: String, _ fingerprint: String, now: Timestamp) {
        let timer = claimed.timer
        let name = Message(claimed, now: now).identity.text
        let message = OrderStore.RawMessage(
            queue: DeadMessage.dueQueue, type: timer.kind.rawValue,
            headers: [DeadMessage.dueReference: timer.reference],
            body: Array(name.utf8))
        // It never was in the inbox.
        self.init(
            identity: nil, message: message, bodyHash: ContentHash(sha256Of: message.body), reason: reason,
            fingerprint: fingerprint)
        orderNumber = timer.orderNumber
    }
}
