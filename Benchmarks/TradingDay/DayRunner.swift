public import AMQP
internal import Glibc

/// Plays a day at a broker: publishes with confirms what the script says, hears every receiver's queue, and answers.
///
/// One thread, two connections.
public final class DayRunner {
    /// What has been sent, by routing key.
    public private(set) var sent: [String: Int] = [:]
    /// What no queue took.
    public private(set) var returned = 0
    /// The receivers.
    public private(set) var world: OutsideWorld
    /// When something was heard last.
    public private(set) var lastHeard = ContinuousClock.now

    private let day: TradingDay
    private let consuming: AMQPConnection
    private let publishing: AMQPConnection
    private var answers: [(due: ContinuousClock.Instant, answer: OutsideWorld.Answer)] = []

    /// Connects, and begins to listen.
    public init(_ day: TradingDay, broker: AMQPURL) throws(AMQPError) {
        self.day = day
        world = OutsideWorld(day)
        consuming = try AMQPConnection(broker, name: "trading day: receivers", role: .consuming)
        publishing = try AMQPConnection(broker, name: "trading day: senders", role: .publishing)
        for queue in world.queues { try consuming.consume(queue: queue, tag: queue, prefetch: 200) }
    }

    /// Nothing is on its way from here.
    public var isSilent: Bool { answers.isEmpty && publishing.unconfirmedCount == 0 }

    /// Messages that wait in the queues of the workers.
    public func backlog() throws(AMQPError) -> Int {
        var count = 0
        for queue in Self.inbound { count += try publishing.checkQueue(queue).messageCount }
        return count
    }

    private static let inbound = [
        "orders.internal", "orders.external", "payments.callbacks", "warehouse.callbacks", "orders.commands",
        "staff.commands", "reference.updates",
    ]

    /// Sends messages one after the other, as fast as the broker confirms.
    public func send(_ messages: [OutsideMessage]) throws(AMQPError) {
        for message in messages {
            while !publishing.canPublish(bytes: message.body.count) { try listen(for: 50) }
            try publish(message)
        }
        while publishing.unconfirmedCount > 0 { try listen(for: 50) }
    }

    /// Plays the script to its end. `report` is called about once a second with how much of it is sent.
    public func play(report: (Int) -> Void) throws(AMQPError) {
        let start = ContinuousClock.now
        var reportedAt = start
        var next = 0
        while next < day.script.entries.count {
            let entry = day.script.entries[next]
            if start + .milliseconds(entry.at) <= .now, publishing.canPublish(bytes: entry.message.body.count) {
                try publish(entry.message)
                next += 1
            } else {
                try listen(for: 5)
            }
            if .now - reportedAt > .seconds(1) {
                reportedAt = .now
                report(next)
            }
        }
    }

    /// Hears and answers until there is nothing more to do, or for so many milliseconds.
    public func listen(for milliseconds: Int32) throws(AMQPError) {
        try publishing.flush()
        var entries = [
            pollfd(fd: consuming.fileDescriptor, events: Int16(POLLIN), revents: 0),
            pollfd(
                fd: publishing.fileDescriptor, events: Int16(publishing.wantsWrite ? POLLIN | POLLOUT : POLLIN),
                revents: 0),
        ]
        let waits = !consuming.hasBufferedInput && !publishing.hasBufferedInput
        _ = poll(&entries, 2, waits ? milliseconds : 0)
        try hear()
        try publishing.receive { event in
            if case .settled(let settlement) = event, settlement.outcome != .confirmed { returned += 1 }
        }
        try answer()
        try consuming.serviceHeartbeat()
        try publishing.serviceHeartbeat()
    }

    private func hear() throws(AMQPError) {
        var last: Delivery?
        let now = Moment(seconds: Int64(time(nil)))
        try consuming.receive(maxBytes: 512 * 1024) { event in
            guard case .delivery(let delivery) = event else { return }
            last = delivery
            for answer in world.hear(delivery.body, from: delivery.queue, at: now) {
                answers.append((.now + .milliseconds(answer.after), answer))
            }
        }
        guard let last else { return }
        lastHeard = .now
        try consuming.ack(last.deliveryTag, multiple: true, generation: last.generation)
    }

    private func answer() throws(AMQPError) {
        let now = ContinuousClock.now
        var waiting: [(due: ContinuousClock.Instant, answer: OutsideWorld.Answer)] = []
        let due = answers.filter { $0.due <= now }.sorted { $0.due < $1.due }
        guard !due.isEmpty else { return }
        waiting = answers.filter { $0.due > now }
        for (index, item) in due.enumerated() {
            guard publishing.canPublish(bytes: item.answer.message.body.count) else {
                waiting += due[index...]
                break
            }
            if let message = world.send(item.answer) { try publish(message) }
        }
        answers = waiting
    }

    private func publish(_ message: OutsideMessage) throws(AMQPError) {
        try publishing.publish(
            exchange: "orderflow.in", routingKey: message.routingKey, properties: message.properties,
            body: message.body)
        sent[message.routingKey, default: 0] += 1
    }
}
