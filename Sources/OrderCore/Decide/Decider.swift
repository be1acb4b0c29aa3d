/// Decides a batch: message by message, in order of arrival, in memory. A message sees the changes of those before it.
///
/// Pure: time and identifiers come in, changes and events go out. The same working set and messages give the same result.
public struct Decider: Sendable {
    /// What the batch works on, as changed so far.
    public internal(set) var set: WorkingSet
    /// What has been decided so far.
    public internal(set) var changes = Changes()

    /// The database's clock at the start of the batch.
    public let now: Timestamp
    /// Events are numbered within it.
    let epoch: Int64
    /// The message in hand.
    var cause = MessageIdentity(source: "", id: "")
    /// Who is behind the message in hand: a person, a source, `timer`.
    var by = ""
    /// What has been decided about the order in hand since its last journal entry, as sentences.
    var why: [String] = []
    /// What rules have decided about the order in hand since its last journal entry.
    var ruled: [RuleDecision] = []
    /// Events from here on belong to the next journal entry.
    var firstUnjournalledEvent = 0
    /// Of stock that is split by channel and has changed, the room of each part at the start of the batch.
    var roomBefore: [StockKey: [String: Int64]] = [:]

    /// Starts a batch.
    ///
    /// - Parameters:
    ///   - set: everything that the batch's messages name, as loaded under its locks.
    ///   - now: the database's clock.
    ///   - epoch: the events are numbered within it.
    public init(_ set: WorkingSet, now: Timestamp, epoch: Int64 = 1) {
        self.set = set
        self.now = now
        self.epoch = epoch
    }

    /// Decides one message, then every parked fact of its orders that can be applied now.
    ///
    /// - Parameter isParked: it has a parked row, and is not among the facts of its order in the working set.
    @discardableResult
    public mutating func decide(_ message: Message, isParked: Bool = false) -> Outcome {
        let outcome = decideAlone(message)
        record(outcome, of: message)
        if case .parked(let waitsFor) = outcome {
            park(message, waitsFor: waitsFor, isNew: !isParked)
        } else if isParked {
            endWait(of: message, isStored: true)
        }
        for number in message.payload.orderNumbers { unpark(of: number) }
        return outcome
    }

    /// A message came again under its identity with other content: a conflict to see; the first stays as it is.
    public mutating func contradict(_ message: Message) {
        contradict(message.identity, orderNumber: message.payload.orderNumbers.first)
    }

    /// The same of one that can't be read beyond its identity and, maybe, its order.
    public mutating func contradict(_ identity: MessageIdentity, orderNumber: String?) {
        cause = identity
        _ = conflict(
            .message, key: identity.text, identity, orderNumber, "the same source and id came with other content")
    }

    /// Tells operations of something that is not an order's own.
    public mutating func announce(_ payload: EventPayload, cause identity: MessageIdentity) {
        cause = identity
        alert(payload, orderNumber: nil)
    }

    /// Takes down what has become of a message about which nothing is decided here.
    public mutating func note(_ outcome: Outcome, of identity: MessageIdentity) {
        changes.outcomes.append((identity, outcome))
    }

    /// Looks again at the parked facts of an order.
    public mutating func unpark(of number: String) {
        guard set.quarantined[number] == nil else { return }
        adoptOrphans(of: number)
        var progressed = true
        while progressed, let waiting = set.orders[number]?.parked, !waiting.isEmpty {
            progressed = false
            for fact in waiting {
                let outcome = decideAlone(fact.message)
                if case .parked = outcome { continue }
                record(outcome, of: fact.message)
                set.orders[number]?.parked.removeAll { $0.message.identity == fact.message.identity }
                endWait(of: fact.message, isStored: !fact.isNew)
                progressed = true
            }
        }
    }

    /// A fact waits no longer: nor does anybody have to hear of it.
    private mutating func endWait(of message: Message, isStored: Bool) {
        let identity = message.identity
        if isStored { changes.unparked.append(identity) }
        for number in message.payload.orderNumbers {
            changes.drop(TimerKey(kind: .parkedTooLong, orderNumber: number, reference: identity.text))
            closeParked(identity.text, of: number)
        }
    }

    /// A parked fact is given up.
    public mutating func forget(_ identity: MessageIdentity, of number: String?) {
        changes.unparked.append(identity)
        guard let number else { return }
        changes.drop(TimerKey(kind: .parkedTooLong, orderNumber: number, reference: identity.text))
    }

    /// A fact that waited for too long has been applied: its hold is mended, and the order may go on.
    private mutating func closeParked(_ reference: String, of number: String) {
        let isHeld = set.orders[number]?.openHolds.contains { $0.reason == .parkedTooLong && $0.path == reference }
        guard isHeld == true else { return }
        _ = withOrder(number) { decider, state in
            decider.fix(&state, .parkedTooLong, path: reference, "the fact has been applied")
            decider.settle(&state)
            return .done
        }
    }

    /// Ends the batch: tells what became of stock, and collects what stays parked.
    public mutating func finish() {
        noteStock()
        // By order, and within an order as they arrived: they are looked at in the order in which they are stored.
        var waiting = Array(set.orphans)
        for (number, order) in set.orders where !order.parked.isEmpty { waiting.append((number, order.parked)) }
        changes.parked = waiting.sorted { $0.key < $1.key }.flatMap(\.value).filter(\.isNew)
    }

    private mutating func decideAlone(_ message: Message) -> Outcome {
        cause = message.identity
        by = message.speaker
        why = []
        ruled = []
        if let key = message.businessKey, let known = set.businessKeys[key] {
            if known == message.contentHash { return .done(note: "repeat of a business fact that has taken effect") }
            return conflict(
                .businessKey, key: key, message, "the same business fact was told before with other content")
        }
        if let outcome = refuseStranger(message) { return outcome }
        if let outcome = keepOut(message) { return outcome }
        return apply(message)
    }

    private mutating func record(_ outcome: Outcome, of message: Message) {
        changes.outcomes.append((message.identity, outcome))
        guard let key = message.businessKey, set.businessKeys[key] == nil else { return }
        switch outcome {
        case .done, .refused:
            set.businessKeys[key] = message.contentHash
            changes.businessKeys.append(
                BusinessKey(key: key, contentHash: message.contentHash, message: message.identity))
        case .parked, .conflict, .dead: break
        }
    }

    private mutating func park(_ message: Message, waitsFor: String, isNew: Bool) {
        let fact = Parked(message: message, waitsFor: waitsFor, isNew: isNew)
        guard let number = message.payload.orderNumbers.first else { return }
        if set.orders[number] != nil {
            set.orders[number]?.parked.append(fact)
        } else {
            set.orphans[number, default: []].append(fact)
        }
        // One that was looked at again after its time is heard of soon.
        let deadline = message.receivedAt.adding(seconds: Decider.parkedTooLongSeconds)
        watch(message, until: max(deadline, now.adding(seconds: 60)))
    }

    /// Somebody is to hear of a message that waits for too long.
    public mutating func watch(_ message: Message, until deadline: Timestamp) {
        for number in message.payload.orderNumbers {
            changes.set(
                Timer(
                    kind: .parkedTooLong, orderNumber: number, reference: message.identity.text, dueAt: deadline))
        }
    }

    private mutating func adoptOrphans(of number: String) {
        guard set.orders[number] != nil, let waiting = set.orphans.removeValue(forKey: number) else { return }
        set.orders[number]?.parked.append(contentsOf: waiting)
    }

    /// A fact that waits for longer than this becomes an exception; it stays parked and still applies.
    public static let parkedTooLongSeconds: Int64 = 24 * 3_600

    /// Takes an order out of the set, lets it be changed, writes its journal, and puts it back.
    mutating func withOrder(
        _ number: String, _ body: (inout Decider, inout OrderState) -> Outcome
    ) -> Outcome? {
        guard var state = set.orders.removeValue(forKey: number) else { return nil }
        state.orderBefore = state.order
        state.placeBefore = state.order.backorder
        state.lack = nil
        firstUnjournalledEvent = changes.events.count
        let (parts, events) = (state.partsApart, changes.events.count)
        let outcome = body(&self, &state)
        tellParts(ifOtherThan: parts, since: events, about: &state)
        keepPlace(&state)
        journal(&state)
        set.orders[number] = state
        return outcome
    }
}

extension MessageIdentity {
    /// One text for source, id and part, for references in other rows.
    public var text: String { part == 0 ? "\(source) \(id)" : "\(source) \(id) #\(part)" }
}

extension Message {
    /// Who is behind it, for the journal.
    var speaker: String {
        switch payload {
        case .command(let command): command.by
        case .deadLetters(let command): command.by
        case .timer: "timer"
        default: identity.source
        }
    }
}
