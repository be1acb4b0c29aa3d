internal import OrderCore
internal import OrderMessages
internal import OrderStore

// What staff and receivers ask of messages: dead ones again or not any more, lost events once more.
extension BatchPlan {
    /// Adds the dead messages that staff want replayed, under the identities they had.
    mutating func addReplays(_ store: Store, _ decoder: MessageDecoder, _ authority: Authority) throws(StoreError) {
        for planned in messages {
            guard case .deadLetters(let command) = planned.message.payload, case .staff = planned.message.sender else {
                continue
            }
            let dead = try store.deadMessages(command.ids, fingerprint: command.fingerprint)
            for one in dead {
                settlements.append(
                    DeadSettlement(number: one.number, kind: command.kind, by: command.by, reason: command.reason))
                ask(dead: one.number)
                guard command.kind == .replay else { continue }
                if one.timer(dueAt: Timestamp(microseconds: 0)) != nil {
                    timersAgain.append(one)
                } else {
                    replay(one, decoder, authority)
                }
            }
        }
    }

    private mutating func replay(_ dead: DeadMessage, _ decoder: MessageDecoder, _ authority: Authority) {
        let raw = OrderMessages.RawMessage(dead.message)
        let decoded = decoder.decode(raw, receivedAt: Timestamp(microseconds: 0), sender: .stranger)
        guard case .success(let parts) = decoded.result else {
            // Still wrong: it stays dead.
            settlements.removeAll { $0.number == dead.number }
            return
        }
        for var message in parts {
            message.sender = authority.sender(queue: raw.queue, source: message.identity.source, user: raw.userID)
            add(
                PlannedMessage(
                    message: message, raw: raw, type: decoded.type, context: decoded.context, dead: dead.number))
        }
    }

    /// Adds the events that a receiver has lost, as they were stored, and returns them. A wish that was refused, or was
    /// heard before, brings none.
    func addResends(_ store: Store, _ write: inout BatchWrite) throws(StoreError) -> [StoredEvent] {
        var resent: [StoredEvent] = []
        var heard: Set<MessageIdentity> = []
        for planned in messages {
            let identity = planned.message.identity
            guard case .resend(let resend) = planned.message.payload, heard.insert(identity).inserted,
                write.changes.outcomes.contains(where: { $0 == (identity, .done) })
            else { continue }
            let stream = OutboxStream(subject: resend.subject, receiver: resend.receiver)
            let events = try store.events(of: stream, from: resend.fromNumber)
            if events.isEmpty {
                let reason = "no event of \(resend.subject) to \(resend.receiver) from \(resend.fromNumber) on is kept"
                write.changes.outcomes.append((identity, .refused(reason)))
            }
            resent += events
        }
        write.resent = resent.map(\.row)
        return resent
    }
}
