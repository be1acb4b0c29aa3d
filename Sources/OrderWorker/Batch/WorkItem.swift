internal import OrderCore
internal import OrderMessages
internal import OrderStore

/// One thing to do in a batch.
enum WorkItem {
    /// A message from a queue.
    case delivery(Incoming)
    /// A due row that was claimed.
    case timer(ClaimedTimer)
    /// An order whose parked facts are to be looked at again.
    case sweep(String)

    /// Runs in a batch of its own: a suspect, or a command that touches other messages.
    var runsAlone: Bool {
        switch self {
        case .delivery(let incoming): incoming.isSuspect || incoming.isDeadLetterCommand
        case .timer(let claimed): claimed.tries >= Isolation.suspectTries
        case .sweep: false
        }
    }

    /// What a crash mark is kept under.
    var crashKey: String {
        switch self {
        case .delivery(let incoming):
            switch incoming.decoded.result {
            case .success(let messages): "message " + (messages.first?.identity.text ?? "")
            case .failure(let failure): "body \(failure.bodyHash.high) \(failure.bodyHash.low)"
            }
        case .timer(let claimed):
            "timer \(claimed.timer.kind.rawValue) \(claimed.timer.orderNumber ?? "") \(claimed.timer.reference)"
        case .sweep(let number): "sweep " + number
        }
    }
}

extension Incoming {
    /// A fact or wish about orders that are there, which may wait for them.
    var waitsForOrders: Bool {
        guard !isDeadLettered, case .success(let messages) = decoded.result else { return false }
        return messages.allSatisfy { message in
            if case .orderPlaced = message.payload { return false }
            return !message.payload.orderNumbers.isEmpty
        }
    }

    var isDeadLetterCommand: Bool {
        guard case .success(let messages) = decoded.result, case .deadLetters = messages.first?.payload else {
            return false
        }
        return true
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
