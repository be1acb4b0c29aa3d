internal import AMQP
internal import Logging
internal import OrderCore
internal import OrderMessages
internal import OrderStore
internal import Postgres

/// What came of one attempt at a batch.
private enum Attempt {
    /// Committed: ack, publish.
    case committed
    /// A fault that can pass.
    case again(StoreError)
    /// The data of one of them can't be stored.
    case dataFault(StoreError)
    /// A lock does not come.
    case locked(StoreError)
    /// The session is gone.
    case disconnected(StoreError)
    /// Schema or set-up: never a message's fault.
    case paused(StoreError)
    /// The schema has left this program behind.
    case outdated
}

extension Lane {
    /// Sees a batch through: whatever goes wrong, each of its messages ends with an outcome, or goes back to its queue.
    func process(_ items: [WorkItem]) {
        var parts: [ArraySlice<WorkItem>] = [items[...]]
        var tries = 0
        // What is alone and has a fault may only wake a fact that has it.
        var leavesFacts = false
        marked = []
        FailurePoint.afterReceive.pass()
        inHandSince = .now
        defer { inHandSince = nil }
        while let part = parts.popLast() {
            guard !control.hasStopped(for: .seconds(settings.drainSeconds)), ensureSession() else {
                // The work is given up: its messages come again, its due rows are claimed again.
                abandonDeliveries()
                return
            }
            switch attempt(part, isAgain: tries > 0, leavesFacts: leavesFacts) {
            case .committed:
                FailurePoint.afterCommit.pass()
                tries = 0
                leavesFacts = false
                settle(part)
            case .again(let error):
                tries += 1
                log.notice("the batch runs again", metadata: ["fault": "\(error)", "try": "\(tries)"])
                parts += tries > 3 && part.count > 1 ? halves(of: part) : [part]
                if tries > 10, part.count == 1 {
                    // A parked fact that it wakes may be what has the fault.
                    if leavesFacts { giveUp(part, error, &parts) }
                    leavesFacts.toggle()
                    tries = 0
                }
                rest(tries)
            case .locked(let error):
                tries += 1
                log.notice("a lock does not come", metadata: ["fault": "\(error)", "try": "\(tries)"])
                try? session.map { try endSilentSessions($0) }
                if part.count == 1, tries > 3 {
                    parkBusy(part, &parts)
                    tries = 0
                } else {
                    parts += tries > 2 && part.count > 1 ? halves(of: part) : [part]
                }
                rest(tries)
            case .dataFault(let error):
                tries = 0
                if part.count > 1 {
                    parts += halves(of: part)
                } else if !leavesFacts {
                    leavesFacts = true
                    parts.append(part)
                } else {
                    leavesFacts = false
                    bury(part, error, &parts)
                }
            case .disconnected(let error):
                log.warning("lost the database", metadata: ["error": "\(error)"])
                parts.append(part)
                dropSession()
            case .paused(let error):
                log.error(
                    "intake pauses: the database can't serve, and no message is to blame",
                    metadata: ["error": "\(error)"])
                parts.append(part)
                pause = .fault
                pump(until: .now + .seconds(1), ignoringArrivals: true)
                pause = nil
                if control.isStopping { return }
            // The drain gives it back.
            case .outdated: return
            }
        }
    }

    /// The second half is put below the first: order of arrival is kept.
    private func halves(of part: ArraySlice<WorkItem>) -> [ArraySlice<WorkItem>] {
        let middle = part.startIndex + part.count / 2
        return [part[middle...], part[..<middle]]
    }

    /// A little rest with full jitter, in which the broker is attended to.
    func rest(_ tries: Int) {
        let longest = min(1_000, 10 << min(tries, 7))
        pump(until: .now + .milliseconds(Int.random(in: 1...longest)), ignoringArrivals: true)
    }

    /// What has ended the process may do so again: each try waits longer, so that not one replica after the other goes. It
    /// waits before the next mark is set: who is killed meanwhile doesn't count against a message that may be innocent.
    private func restBefore(try marks: Int64) {
        guard (1..<Isolation.crashMarks - 1).contains(marks) else { return }
        pump(until: .now + .seconds(1 << (marks - 1)), ignoringArrivals: true)
    }

    private func attempt(_ part: ArraySlice<WorkItem>, isAgain: Bool, leavesFacts: Bool) -> Attempt {
        guard let session else { return .disconnected(.misuse("no session")) }
        do throws(StoreError) {
            try commit(part, isAgain: isAgain, leavesFacts: leavesFacts, session)
            return .committed
        } catch {
            try? session.store.rollback()
            guard session.connection.isAlive else { return .disconnected(error) }
            switch error.policy {
            case .retryBatch: return .again(error)
            case .lockTimeout: return .locked(error)
            case .dataFault: return isServed(session) ? .dataFault(error) : .outdated
            case .reconnect: return .disconnected(error)
            case .pause: return isServed(session) ? .paused(error) : .outdated
            }
        }
    }

    /// One batch, one transaction: load under locks, decide in memory, write set-based.
    private func commit(
        _ part: ArraySlice<WorkItem>, isAgain: Bool, leavesFacts: Bool, _ session: LaneSession
    ) throws(StoreError) {
        var marks: [String] = []
        if part.count == 1, let item = part.first, item.isSuspect {
            let key = item.crashKey
            marks = [key]
            // A fault that is caught is no crash: trying again adds no mark.
            if !marked.contains(key) {
                restBefore(try: try session.store.crashMarks(of: CollectionOfOne(key))[key] ?? 0)
                marked.insert(key)
                let count = try session.store.markCrash(key)
                if count >= Isolation.crashMarks {
                    // Where that ended the process as well, decoding it is what does.
                    return try bury(
                        item, "it ended the process \(count - 1) times", "crash_suspect", session,
                        undecoded: count > Isolation.crashMarks)
                }
            }
        }
        var plan = BatchPlan(part, reader, leavesFacts: leavesFacts || !marks.isEmpty)
        plan.ask(rules.book)
        if plan.looksForOrders { plan.resolve(try FoundOrders(plan, session.store)) }
        if isAgain { plan.lockAllStock() }
        var loaded = try session.store.load(plan.request)
        FailurePoint.afterInbox.pass()
        try loaded.ask(rules.book, plan.messages, session.store)
        var write = plan.decide(&loaded, owner: session.number, epoch: session.epoch, reader)
        try plan.settleDead(session.store, &write)
        try plan.retryOutput(session.store, &write)
        let resent = try plan.addResends(session.store, &write, epoch: session.epoch)
        let unroutable = duties.unroutable
        write.announce(duties.alerts)
        try write.announce(unroutable: unroutable, session.store, at: loaded.now)
        try write.announceDead(session.store, at: loaded.now)
        let confirmed = publisher.confirmed
        write.confirmed = confirmed
        let waiting = publisher.blocked
        write.waiting = Set(waiting)
        write.clearedMarks = marks
        let result = try session.store.write(write)
        duties.unroutable = [:]
        duties.alerts = []
        publisher.deleted(confirmed.count)
        publisher.unblock(waiting, heads: result.heads)
        keep(write, result, session, at: loaded.now)
        for event in resent {
            publisher.add(LanePublisher.Row(event, epoch: session.epoch), head: result.heads[event.row.key.stream])
        }
        note(plan.markers, session)
    }

    /// The batch is committed: a fault here must not run it again. A marker that is lost is asked for again.
    private func note(_ markers: [Int64], _ session: LaneSession) {
        do throws(StoreError) {
            for marker in markers { try session.store.markerReturned(marker) }
        } catch {
            log.warning("a marker is lost", metadata: ["error": "\(error)"])
            if !session.connection.isAlive { dropSession() }
        }
    }

    /// What was committed is published from memory.
    func keep(_ write: BatchWrite, _ result: WriteResult, _ session: LaneSession, at now: Timestamp) {
        if publisher.pendingCount > settings.unpublishedRows { return duties.forgetsPending = true }
        for (id, record) in zip(result.eventIDs, write.events) {
            let event = record.event
            var context = EnvelopeContext()
            context.correlationID = record.correlationID
            context.traceParent = record.traceparent
            context.traceState = record.tracestate
            let subject = event.subject.text
            for delivery in event.deliveries {
                let stream = OutboxStream(subject: subject, receiver: delivery.receiver)
                let envelope = EventEnvelope(
                    epoch: session.epoch, receiver: delivery.receiver, name: event.payload.name,
                    subject: subject, number: EventNumber(stored: delivery.number).sequence, time: now,
                    cause: event.cause,
                    context: context, uniqueID: String(id))
                let row = LanePublisher.Row(
                    key: OutboxKey(stream: stream, number: delivery.number, eventID: id),
                    content: PendingEvent(envelope: envelope, data: record.data))
                publisher.add(row, head: result.heads[stream])
            }
        }
    }

    /// Acks what has had its outcome: all of it at once, since deliveries are processed in their order.
    func settle(_ part: ArraySlice<WorkItem>) {
        publish()
        FailurePoint.afterPublish.pass()
        guard let consuming else { return }
        var last: Delivery?
        do {
            for case .delivery(let incoming) in part {
                let delivery = incoming.delivery
                if delivery.oversize != nil {
                    // From its queue to the dead-letter queue, and from there to where it is kept whole.
                    try consuming.reject(delivery.deliveryTag, generation: delivery.generation)
                } else {
                    last = delivery
                }
            }
            if let last { try consuming.ack(last.deliveryTag, multiple: true, generation: last.generation) }
            FailurePoint.afterAck.pass()
        } catch {
            log.warning("lost the consuming connection", metadata: ["error": "\(error)"])
            self.consuming = nil
        }
    }
}
