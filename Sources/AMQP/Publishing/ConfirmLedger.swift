/// What became of a published message.
public enum PublishOutcome: Sendable, Equatable {
    /// A queue has it.
    case confirmed
    /// It was mandatory and no queue would take it.
    case returned
    /// The broker could not take it; publish it again.
    case rejected
}

/// The end of one publish.
public struct Settlement: Sendable, Equatable {
    /// The publish's number on its channel.
    public let tag: UInt64
    /// The message id that it was published with.
    public let messageID: String?
    /// What became of it.
    public let outcome: PublishOutcome

    /// A settlement of the parts given.
    public init(tag: UInt64, messageID: String?, outcome: PublishOutcome) {
        self.tag = tag
        self.messageID = messageID
        self.outcome = outcome
    }
}

/// Books of publishes that await the broker's confirm: a pure state machine, without I/O.
///
/// A return names no publish, only its message, and comes before the confirm of that message: it is noted by message id
/// and turns the later ack into ``PublishOutcome/returned``. Tags count from 1 without a gap.
public struct ConfirmLedger: Sendable {
    private struct Entry {
        let messageID: String?
        let bytes: Int
        var isSettled = false
        var isReturned = false
    }

    /// Entries from `firstTag` on; those before `head` are settled and dropped in bulk.
    private var entries: [Entry] = []
    private var head = 0
    private var firstTag: UInt64 = 1

    /// Messages published and not settled.
    public private(set) var unconfirmedCount = 0
    /// Their bytes.
    public private(set) var unconfirmedBytes = 0
    /// Messages published since the start.
    public var publishedCount: UInt64 { firstTag + UInt64(entries.count - head) - 1 }

    /// Empty books.
    public init() {}

    /// Books a publish and gives its tag.
    public mutating func published(messageID: String?, bytes: Int) -> UInt64 {
        entries.append(Entry(messageID: messageID, bytes: bytes))
        unconfirmedCount += 1
        unconfirmedBytes += bytes
        return publishedCount
    }

    /// Notes that the oldest unsettled publish of this message came back. False when there is none.
    @discardableResult
    public mutating func returned(messageID: String?) -> Bool {
        for index in head..<entries.count
        where !entries[index].isSettled && !entries[index].isReturned && entries[index].messageID == messageID {
            entries[index].isReturned = true
            return true
        }
        return false
    }

    /// Settles one publish, or all up to it, in order of tag. What is settled already, or was never published, is ignored.
    public mutating func confirm(tag: UInt64, multiple: Bool, acked: Bool, _ settle: (Settlement) -> Void) {
        let last = multiple && tag == 0 ? publishedCount : tag
        guard last >= firstTag, last <= publishedCount else { return }
        let lastIndex = head + Int(last - firstTag)
        for index in (multiple ? head : lastIndex)...lastIndex where !entries[index].isSettled {
            entries[index].isSettled = true
            unconfirmedCount -= 1
            unconfirmedBytes -= entries[index].bytes
            let outcome: PublishOutcome =
                acked ? (entries[index].isReturned ? .returned : .confirmed) : .rejected
            settle(
                Settlement(
                    tag: firstTag + UInt64(index - head), messageID: entries[index].messageID, outcome: outcome))
        }
        dropSettled()
    }

    private mutating func dropSettled() {
        while head < entries.count, entries[head].isSettled {
            head += 1
            firstTag += 1
        }
        // In bulk, so that a confirm of one message does not move all the others.
        if head == entries.count {
            entries.removeAll(keepingCapacity: true)
            head = 0
        } else if head >= 1024 {
            entries.removeFirst(head)
            head = 0
        }
    }
}
