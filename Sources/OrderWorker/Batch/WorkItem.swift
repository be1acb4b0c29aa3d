internal import AMQP
internal import OrderCore
internal import OrderMessages
internal import OrderStore

/// One thing to do in a batch.
enum WorkItem {
    /// A message from a queue.
    case delivery(Incoming)
    /// A due row that was claimed.
    case timer(ClaimedTimer)
    /// A parked fact that was claimed.
    case fact(ParkedRecord)

    /// It may be what kills or hangs the process: it runs in a batch of its own, and wakes no parked fact.
    var isSuspect: Bool {
        switch self {
        case .delivery(let incoming): incoming.isSuspect
        case .timer(let claimed): claimed.tries >= Isolation.suspectTries
        case .fact(let record): record.claims >= Isolation.suspectTries
        }
    }

    /// What a crash mark is kept under. A delivery's is known before it is decoded: decoding may be what kills.
    var crashKey: String {
        switch self {
        case .delivery(let incoming):
            let hash = ContentHash(sha256Of: incoming.delivery.body)
            let id = incoming.delivery.properties.messageID ?? ""
            return "\(incoming.queue) \(id.storable) \(hash.high) \(hash.low)"
        case .timer(let claimed):
            return "timer \(claimed.timer.kind.rawValue) \(claimed.timer.orderNumber ?? "") \(claimed.timer.reference)"
        case .fact(let record): return "fact \(record.identity.text)"
        }
    }
}

extension Message {
    /// A due row as a message: its identity is the row's, so that its effects name their cause.
    init(_ claimed: ClaimedTimer, now: Timestamp) {
        let timer = claimed.timer
        let id = [timer.kind.rawValue, timer.orderNumber ?? "", timer.reference, String(timer.dueAt.microseconds)]
        self.init(
            identity: MessageIdentity(source: Message.timerSource, id: id.joined(separator: " ")), receivedAt: now,
            contentHash: ContentHash(high: 0, low: 0), payload: .timer(timer))
    }

    /// The source of what the worker tells itself.
    static let timerSource = "orderflow/timer"
}
