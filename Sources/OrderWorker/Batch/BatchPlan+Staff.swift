internal import OrderCore
internal import OrderMessages
internal import OrderStore

// What staff and receivers ask of messages: dead ones again or not any more, events that wait at once, lost ones once more.
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
            case .command(let command) where command.action == .retryOutput: break
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
        // Orders that travel together ask for their parcel's events each.
        var known: Set<OutboxKey> = []
        for case (let identity, .resend(let resend)) in wishes(heardIn: write) {
            let from = EventNumber(epoch: resend.epoch ?? epoch, sequence: resend.fromNumber)
            var events: [StoredEvent] = []
            for subject in resend.withFulfilments ? try store.subjects(of: resend.subject) : [resend.subject] {
                events += try store.events(
                    of: OutboxStream(subject: subject, receiver: resend.receiver), from: from.stored)
            }
            let reason = "no event of \(resend.subject) to \(resend.receiver) from \(resend.fromNumber) on is kept"
            let outcome: Outcome = events.isEmpty ? .refused(reason) : .done(note: "\(events.count) sent again")
            write.changes.outcomes.append((identity, outcome))
            resent += events.filter { known.insert($0.row.key).inserted }
        }
        write.resent = resent.map(\.row)
        return resent
    }

    /// Lets go out first what is set aside of the orders that staff name, and tells what waits of each.
    func retryOutput(_ store: Store, _ write: inout BatchWrite) throws(StoreError) {
        for case (let identity, .command(let command)) in wishes(heardIn: write) {
            let waiting = try store.hastenOutput(of: try store.subjects(of: command.orderNumber))
            let text = waiting.map(\.text).joined(separator: ", ")
            let note =
                waiting.isEmpty ? "nothing waits: the broker has confirmed all that was told" : "tried again: \(text)"
            write.changes.outcomes.append((identity, .done(note: note)))
        }
    }
}

extension WaitingOutput {
    /// How many wait, for whom, and why, for people.
    fileprivate var text: String {
        let why =
            switch reason {
            case nil: "on the way"
            case .unroutable: "no queue takes them, tried \(tries) times"
            case .notTaken: "the broker does not take them, tried \(tries) times"
            case .behind: "behind an earlier one"
            }
        return "\(count) for \(receiver) (\(why))"
    }
}
