internal import AMQP
internal import Logging
internal import OrderCore
internal import OrderMessages
internal import OrderStore
internal import Postgres

extension Lane {
    /// The duties whose time has come.
    func dutiesDue() -> [Duties.Duty] { duties.take(now: .now) }

    /// Does what is due beside the batches; a fault of the database ends the session, and all is done again in the next.
    func attend(to due: [Duties.Duty]) {
        guard let session else { return }
        do throws(StoreError) {
            for duty in due { try attend(to: duty, session) }
        } catch {
            log.warning("a duty failed", metadata: ["error": "\(error)"])
            if !session.connection.isAlive || error.policy == .reconnect { dropSession() }
        }
    }

    private func attend(to duty: Duties.Duty, _ session: LaneSession) throws(StoreError) {
        let store = session.store
        switch duty {
        case .claim:
            guard duties.claimed.isEmpty, pause == nil else { return }
            // Now and then, and as long as there is more than a batch takes, all that is due is looked at.
            let claimsAll = duties.claimsAllAt <= .now
            let limit = settings.batchMessages / 2
            duties.claimed = try store.claimDue(
                limit: limit, paymentsQueue: Incoming.markerQueue, settleSeconds: settings.markerGraceSeconds,
                newestSeconds: claimsAll ? nil : 10)
            if claimsAll, duties.claimed.count < limit { duties.claimsAllAt = .now + .seconds(3) }
        case .unblock:
            let waiting = publisher.blocked
            guard !waiting.isEmpty else { return }
            publisher.unblock(waiting, heads: try store.heads(of: waiting))
        case .setAside: try setAside(store)
        case .retry: try retry(session)
        case .adopt:
            try forgetIfAsked(session)
            try adopt(session)
        case .sweep: try sweep(store)
        case .rules: try followRules(session)
        case .measure: try measure(store)
        case .lead: try lead(store)
        case .ping: try checkStanding(session)
        }
    }

    /// Too much for memory, or the broker away for long: the rows are left to whoever can publish them.
    private func forgetIfAsked(_ session: LaneSession) throws(StoreError) {
        guard duties.forgetsPending else { return }
        log.warning(
            "unpublished events are left in the outbox, to be adopted", metadata: ["count": "\(publisher.pendingCount)"]
        )
        dropSession()
    }

    /// A worker that is frozen in the middle of a flight holds what others need.
    func endSilentSessions(_ session: LaneSession) throws(StoreError) {
        let ended = try session.store.endSilentSessions()
        if ended > 0 { log.warning("ended sessions of workers that went silent", metadata: ["count": "\(ended)"]) }
    }

    /// Takes over the rows of lanes that are gone, in portions that memory is for.
    private func adopt(_ session: LaneSession) throws(StoreError) {
        try endSilentSessions(session)
        guard publishing?.isOpen == true, publisher.pendingCount < settings.unpublishedRows / 2 else { return }
        let adopted = try session.store.adoptOutbox(for: session.number, limit: 2_000)
        guard !adopted.isEmpty else { return }
        log.info("adopted the events of a lane that is gone", metadata: ["count": "\(adopted.count)"])
        let heads = try session.store.heads(of: Set(adopted.map(\.row.key.stream)))
        for event in adopted {
            publisher.adopt(LanePublisher.Row(event, epoch: session.epoch), head: heads[event.row.key.stream])
        }
        duties.hasten(.adopt)
    }

    /// What the broker did not take waits in the database; what it could not route is told once a minute a receiver.
    private func setAside(_ store: Store) throws(StoreError) {
        leaveBlocked()
        let rows = publisher.setAside
        guard !rows.isEmpty else { return }
        try store.setAside(rows, retryAfterSeconds: 5)
        publisher.recordedSetAside(rows.count)
        for (receiver, count) in publisher.takeReturned() where receiver != "ops" {
            if let told = duties.unroutableToldAt[receiver], .now - told < .seconds(60) { continue }
            duties.unroutableToldAt[receiver] = .now
            log.error("events can't be routed", metadata: ["receiver": "\(receiver)", "count": "\(count)"])
            duties.unroutable[receiver, default: 0] += count
        }
    }

    /// What waits for rows of others is left to the database, unless nobody can publish: what is set aside makes room for
    /// more to be taken, and in an alarm that would have no end.
    private func leaveBlocked() {
        guard publishing?.isOpen == true, publishing?.isBlocked == false else { return duties.silentAt = .now }
        if let silentAt = duties.silentAt, .now - silentAt < LanePublisher.mostBlocked { return }
        publisher.leaveBlocked(now: .now)
    }

    /// Rows that were set aside go out again, each alone; behind one that is confirmed come the others of its stream.
    private func retry(_ session: LaneSession) throws(StoreError) {
        guard publishing?.isOpen == true, publisher.pendingCount < settings.unpublishedRows / 2 else { return }
        let store = session.store
        let returning = publisher.returning
        if !returning.isEmpty {
            let rows = try store.unconfirmed(of: session.number, in: returning)
            publisher.restore(
                returning, rows.map { LanePublisher.Row($0, epoch: session.epoch) },
                heads: try store.heads(of: returning))
            duties.hasten(.retry)
        }
        let rows = try store.retries(of: session.number, limit: 500)
        let heads = try store.heads(of: Set(rows.map(\.row.key.stream)))
        for event in rows {
            publisher.probe(LanePublisher.Row(event, epoch: session.epoch), head: heads[event.row.key.stream])
        }
    }

    private func sweep(_ store: Store) throws(StoreError) {
        guard duties.facts.isEmpty, pause == nil else { return }
        duties.facts = try store.claimParked(limit: settings.batchMessages / 2, bytes: settings.batchBytes)
    }

    private func measure(_ store: Store) throws(StoreError) {
        let full = try boundReached(store)
        if let full, pause == nil {
            log.error("intake pauses: \(full)")
            pause = .bound
        } else if full == nil, pause == .bound {
            log.notice("intake goes on: all is below its bound")
            pause = nil
        }
    }

    private func boundReached(_ store: Store) throws(StoreError) -> String? {
        if try store.outboxHolds(atLeast: settings.outboxRows) {
            return "the outbox is over its bound of \(settings.outboxRows) events"
        }
        if try store.setAsideHolds(atLeast: settings.setAsideRows) {
            return "over \(settings.setAsideRows) events wait for receivers that are gone"
        }
        if try store.deadHold(atLeast: settings.deadMessages) {
            return "the dead messages are over their bound of \(settings.deadMessages)"
        }
        return nil
    }

    /// One lane of all keeps the house: partitions ahead, purges, and markers for the payment timeouts.
    private func lead(_ store: Store) throws(StoreError) {
        if !duties.leads { duties.leads = try store.takeLead() }
        guard duties.leads else { return }
        // One that is asked for and can't be published is missed for a minute.
        if publishing?.canPublish(bytes: 64) == true,
            let marker = try store.askMarker(queue: Incoming.markerQueue)
        {
            askMarker(marker)
        }
        try store.sweepRevalidations()
        if duties.stockSweepAt <= .now {
            // More than one portion: the next at once.
            let isMore = try store.sweepStockHolds() >= 200
            duties.stockSweepAt = .now + (isMore ? .seconds(1) : .seconds(10))
        }
        guard duties.housekeepingAt <= .now else { return }
        try store.makePartitions()
        let kept = Int64(settings.inboxDays) * 86_400
        let before = try store.clock().adding(seconds: -kept)
        let isMore = try store.purgeInbox(receivedBefore: before, limit: 5_000) == 5_000
        try store.dropOverdueTracking()
        tellOverdue(try store.overdueParked())
        dropPartitions(store)
        duties.housekeepingAt = .now + (isMore ? .seconds(1) : .seconds(600))
    }

    /// Facts that wait for too long and that no order's timer tells of.
    private func tellOverdue(_ facts: [ParkedRecord]) {
        for fact in facts {
            log.error("a fact that names no order waits for too long", metadata: ["for": "\(fact.waitsFor)"])
            duties.alerts.append(
                .messageDead(
                    fact.identity, reason: "it names no order, and waits for too long for: \(fact.waitsFor)",
                    fingerprint: "parked_too_long", count: 1))
        }
    }

    /// A role that may not drop leaves it to others: no reason to stop.
    private func dropPartitions(_ store: Store) {
        guard duties.dropPartitionsAt <= .now else { return }
        do throws(StoreError) {
            let dropped = try store.dropPartitions(olderThanDays: settings.logDays)
            if !dropped.isEmpty { log.info("dropped old partitions", metadata: ["names": "\(dropped)"]) }
            duties.dropPartitionsAt = .now + .seconds(3_600)
        } catch {
            log.warning("old partitions can't be dropped", metadata: ["error": "\(error)"])
            duties.dropPartitionsAt = .now + .seconds(86_400)
        }
    }

    /// Puts a marker into the payments queue: what stood before it has been taken when it is back.
    private func askMarker(_ number: Int64) {
        guard let publishing, publishing.canPublish(bytes: 64) else { return }
        do {
            try publishing.publish(
                exchange: OrderflowTopology.inbound, routingKey: "payment.callback",
                properties: MessageProperties(
                    messageID: "marker \(number)", appID: "orderflow", type: Incoming.markerType), body: [])
            try publishing.flush()
        } catch {
            log.notice("a marker can't be published", metadata: ["error": "\(error)"])
        }
    }

    /// Due rows and parked facts for the next batch; a suspect goes alone.
    func takeClaimed() -> [WorkItem] {
        let items = duties.facts.map { WorkItem.fact($0) } + duties.claimed.map { WorkItem.timer($0) }
        duties.facts = []
        duties.claimed = []
        guard let place = items.firstIndex(where: \.isSuspect) else { return items }
        for case (let other, let item) in items.enumerated() where other != place {
            switch item {
            case .fact(let record): duties.facts.append(record)
            case .timer(let claimed): duties.claimed.append(claimed)
            case .delivery: break
            }
        }
        return [items[place]]
    }

    /// Publishes what may go out.
    func publish() {
        guard let publishing, publishing.isOpen, publisher.hasReady else { return }
        do throws(AMQPError) {
            try publisher.publish(
                on: publishing, EventEncoder(instance: settings.instance, mode: settings.eventMode),
                exchange: OrderflowTopology.events)
        } catch {
            log.warning("lost the publishing connection", metadata: ["error": "\(error)"])
            self.publishing = nil
            publisher.connectionLost()
        }
    }

    /// An idle lane deletes confirmed rows at once.
    func settleConfirmedWhenIdle() {
        if !publisher.hasReady { settleConfirmed() }
    }

    /// Deletes the rows that the broker has confirmed.
    func settleConfirmed() {
        guard let session, !publisher.confirmed.isEmpty else { return }
        let confirmed = publisher.confirmed
        do throws(StoreError) {
            try session.store.deleteConfirmed(confirmed)
            publisher.deleted(confirmed.count)
        } catch {
            log.warning("confirmed events can't be deleted yet", metadata: ["error": "\(error)"])
            if !session.connection.isAlive { dropSession() }
        }
    }

    /// Waits for deliveries, confirms or the next duty.
    func waitForWork() {
        if publisher.hasReady, publishing?.isOpen == true, publishing?.isBlocked == false {
            publish()
        }
        let rest: Duration = publisher.blocked.isEmpty ? .milliseconds(100) : .milliseconds(20)
        pump(until: .now + rest)
    }
}
