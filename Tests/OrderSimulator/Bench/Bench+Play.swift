import OrderCore

/// A worker in front of the business: an inbox that drops what was seen, batches, and crashes.
extension Bench {
    /// Takes in one message after the other, in batches that end where the steps say.
    mutating func play(_ steps: [Step]) {
        var batch: [Message] = []
        for step in steps {
            if !batch.isEmpty, startsBatch(step.message, after: batch) { commit(&batch) }
            now = max(now, step.message.receivedAt)
            batch.append(step.message)
            switch step.end {
            case nil: continue
            case .done: commit(&batch)
            case .lost: lose(unseen(batch))
            case .unacknowledged:
                let again = batch
                commit(&batch)
                batch = again.filter(isForgettable).map { $0.copied(id: "again \($0.identity.id)") }
            }
            if !broken.isEmpty { return }
        }
        if !batch.isEmpty { commit(&batch) }
    }

    /// Takes in one message after the other, each in a batch of its own.
    mutating func playOneByOne(_ steps: [Step]) {
        for step in steps where broken.isEmpty { take(step.message) }
    }

    /// Takes in one message in a batch of its own.
    mutating func take(_ message: Message) {
        now = max(now, message.receivedAt)
        var batch = [message]
        commit(&batch)
    }

    /// A batch has one time, and its timers come first; none of them is set by the batch itself.
    private func startsBatch(_ message: Message, after batch: [Message]) -> Bool {
        if message.receivedAt > now { return true }
        guard case .timer(let timer) = message.payload, let last = batch.last else { return false }
        if case .timer = last.payload { return timers[timer.key] == nil }
        return true
    }

    private mutating func commit(_ batch: inout [Message]) {
        let messages = unseen(batch)
        for case .timer(let timer) in messages.map(\.payload) { claim(timer) }
        if !messages.isEmpty { feed(messages) }
        if let problem = broken.first, let last = batch.last {
            broken[0] = "\(problem), after \(last.payload.text)"
        }
        batch = []
    }

    /// What the inbox has not seen; another content under the same identity is for people.
    private func unseen(_ batch: [Message]) -> [Message] {
        var inBatch: [MessageIdentity: ContentHash] = [:]
        return batch.filter { message in
            guard let known = (books.said[message.identity]?.contentHash ?? inBatch[message.identity]) else {
                inBatch[message.identity] = message.contentHash
                return true
            }
            return known != message.contentHash
        }
    }

    /// A due row goes when it is claimed; one that was moved meanwhile stays.
    private mutating func claim(_ timer: Timer) {
        if let set = timers[timer.key], set.dueAt <= max(now, timer.dueAt) { timers[timer.key] = nil }
    }

    /// Its effect is known by more than the inbox, which forgets: said again it has none.
    func isForgettable(_ message: Message) -> Bool {
        guard let outcome = outcomes[message.identity], outcome.isDone || outcome.isRefused,
            !books.contradicts(message)
        else { return false }
        if case .orderPlaced(let placed) = message.payload {
            return set.orders[placed.orderNumber]?.order.contentHash == message.contentHash
        }
        return message.businessKey != nil
    }
}
