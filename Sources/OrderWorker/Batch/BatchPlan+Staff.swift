internal import OrderCore
internal import OrderMessages
internal import OrderStore

// What staff and receivers ask of messages: dead ones again or not any more, lost events once more.
extension BatchPlan {
    /// Settles the dead messages that staff want replayed or dropped. Those that are replayed come by the sweep.
    func settleDead(_ store: Store, _ write: inout BatchWrite) throws(StoreError) {
        for case (let identity, .deadLetters(let command)) in wishes(heardIn: write) {
            let count = try store.settleDead(command)
            let outcome: Outcome =
                switch (count, command.kind) {
                case (0, .replay): .refused("none of them is dead and can be replayed: \(Self.replayable)")
                case (0, .drop): .refused("none of them is dead")
                case (_, .replay): .done(note: "\(count) to be processed again")
                case (_, .drop): .done(note: "\(count) dropped")
                }
            write.changes.outcomes.append((identity, outcome))
        }
    }

    private static let replayable = "it needs an identity, and must be kept whole"

    /// What is asked of messages in this batch, once each, and not what was refused or heard before.
    private func wishes(heardIn write: BatchWrite) -> [(MessageIdentity, Payload)] {
        var heard: Set<MessageIdentity> = []
        return messages.compactMap { planned in
            switch planned.message.payload {
            case .deadLetters, .resend: break
            default: return nil
            }
            let identity = planned.message.identity
            guard heard.insert(identity).inserted,
                write.changes.outcomes.contains(where: { $0 == (identity, .done) })
            else { return nil }
            return (identity, planned.message.payload)
        }
    }

    /// Adds the events that a receiver has lost, as they were stored, and returns them. A wish that was refused, or was
    /// heard before, brings none.
    func addResends(
        _ store: Store, _ write: inout BatchWrite, epoch: Int64
    ) throws(StoreError) -> [StoredEvent] {
        var resent: [StoredEvent] = []
        for case (let identity, .resend(let resend)) in wishes(heardIn: write) {
            let stream = OutboxStream(subject: resend.subject, receiver: resend.receiver)
            let from = EventNumber(epoch: resend.epoch ?? epoch, sequence: resend.fromNumber)
            let events = try store.events(of: stream, from: from.stored)
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
