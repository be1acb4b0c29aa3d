internal import AMQP
internal import OrderImport
internal import OrderWorker

/// Publishes the messages of an import, and counts what the broker says to each.
struct ImportSender {
    /// What became of the messages.
    struct Counts {
        var confirmed = 0
        var skipped = 0
        var unsettled = 0
    }

    private let publisher: ConfirmedPublisher
    private let user: String
    private let ledger: Ledger
    private let total: Int
    private var position = 0
    private let start: Int

    /// What the broker's answers are noted in.
    private final class Ledger {
        var waiting: [UInt64: (position: Int, message: ImportMessage)] = [:]
        var confirmed = 0
        var notTaken: [Refusal] = []
        /// The first message that is not confirmed.
        var firstRefused: Int?
    }

    /// - Parameter start: messages before this one were confirmed to an earlier run.
    init(_ connection: AMQPConnection, total: Int, start: Int) {
        publisher = ConfirmedPublisher(connection)
        user = connection.url.user
        self.total = total
        self.start = start
        let ledger = Ledger()
        self.ledger = ledger
        publisher.onSettled { tag, outcome in
            guard let (position, message) = ledger.waiting.removeValue(forKey: tag) else { return }
            if outcome == .confirmed {
                ledger.confirmed += 1
                return
            }
            ledger.firstRefused = min(ledger.firstRefused ?? position, position)
            let reason =
                outcome == .returned
                ? "no queue takes \(message.routingKey): `orderflow topology declare` makes the queues"
                : "the broker did not take it: its queue is full or failing; import again"
            ledger.notTaken.append(
                Refusal(
                    kind: .message, file: "", line: 0, input: "", message: "\(message.name) \(message.id)",
                    reason: reason))
        }
    }

    /// Messages that the broker did not take.
    var notTaken: [Refusal] { ledger.notTaken }

    var counts: Counts {
        Counts(
            confirmed: ledger.confirmed, skipped: min(start, position), unsettled: ledger.waiting.count)
    }

    mutating func send(_ message: ImportMessage, _ progress: inout ImportProgress) throws {
        defer { position += 1 }
        guard position >= start else { return }
        let properties = MessageProperties(
            contentType: ImportMessage.contentType, messageID: message.id, appID: message.source,
            type: message.type,
            userID: user)
        let tag = try publisher.publish(
            exchange: OrderflowTopology.inbound, routingKey: message.routingKey, properties: properties,
            body: message.body)
        ledger.waiting[tag] = (position, message)
        if position.isMultiple(of: 100) {
            Console.progress(ProgressBar.text(position, of: total, "sent, now \(message.name)"))
        }
        if position.isMultiple(of: 1_000) { try keep(&progress) }
    }

    /// Waits until the broker has answered to everything.
    func finish(_ progress: inout ImportProgress) throws {
        try publisher.finish()
        try keep(&progress)
    }

    /// Writes down how far it came: everything before the first message without a confirm.
    func keep(_ progress: inout ImportProgress) throws {
        let firstWaiting = ledger.waiting.values.map(\.position).min() ?? max(position, start)
        try progress.keep(min(firstWaiting, ledger.firstRefused ?? firstWaiting))
    }
}
