internal import OrderCore
internal import OrderMessages
internal import OrderStore

extension BatchWrite {
    /// Adds alerts that no order is about.
    mutating func announce(_ alerts: [EventPayload], cause: MessageIdentity? = nil) {
        guard !alerts.isEmpty else { return }
        var decider = Decider(WorkingSet(), now: Timestamp(microseconds: 0))
        let worker = MessageIdentity(source: "orderflow/worker", id: "alert")
        for alert in alerts { decider.announce(alert, cause: cause ?? worker) }
        events += decider.changes.events.map { EventRecord(event: $0, data: EventEncoder.data(of: $0)) }
    }

    /// Announces receivers that can't be reached, once a minute each whatever the number of lanes.
    mutating func announce(
        unroutable: [String: Int64], _ store: Store, at now: Timestamp
    ) throws(StoreError) {
        guard !unroutable.isEmpty else { return }
        var faults: [String: Int64] = [:]
        for (receiver, count) in unroutable { faults["delivery_unroutable " + receiver] = count }
        let counts = try store.countFaults(faults)
        var told: [String] = []
        for (receiver, count) in unroutable.sorted(by: { $0.key < $1.key }) {
            let fault = "delivery_unroutable " + receiver
            guard let known = counts[fault] else { continue }
            guard known.count == count || known.announcedAt.adding(seconds: 60) <= now else { continue }
            announce([.deliveryUnroutable(receiver: receiver, count: count)])
            told.append(fault)
        }
        if !told.isEmpty { try store.announceFaults(told) }
    }

    /// Counts the faults of the dead messages, and announces the 1st, 10th and 100th of each, then one a minute.
    mutating func announceDead(_ store: Store, at now: Timestamp) throws(StoreError) {
        guard !dead.isEmpty else { return }
        var faults: [String: Int64] = [:]
        for record in dead { faults[record.fingerprint, default: 0] += 1 }
        let counts = try store.countFaults(faults)
        var told: [String] = []
        for record in dead where !told.contains(record.fingerprint) {
            guard let known = counts[record.fingerprint] else { continue }
            let before = known.count - (faults[record.fingerprint] ?? 0)
            let isRound = [1, 10, 100].contains { before < $0 && known.count >= $0 }
            let isMinute = known.announcedAt.adding(seconds: 60) <= now
            guard isRound || isMinute else { continue }
            told.append(record.fingerprint)
            let identity = record.identity ?? MessageIdentity(source: record.message.queue, id: "")
            announce(
                [
                    .messageDead(
                        identity, reason: record.reason, fingerprint: record.fingerprint, count: known.count)
                ], cause: identity)
        }
        if !told.isEmpty { try store.announceFaults(told) }
    }
}
