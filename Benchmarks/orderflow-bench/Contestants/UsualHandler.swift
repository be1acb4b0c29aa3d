internal import AMQP
internal import Glibc
internal import OrderCore
internal import OrderMessages
internal import OrderStore
internal import OrderWorker
internal import Postgres

/// One thread of the usual worker, with its own connections: takes a message, decides and writes in one transaction,
/// publishes its events, waits until the broker has confirmed them, and acks.
///
/// The decisions, the tables and the statements are those of our worker, so that batching alone makes the difference.
final class UsualHandler: @unchecked Sendable {
    private let consuming: AMQPConnection
    private let publishing: AMQPConnection
    private let transaction: Transaction
    private let encoder = EventEncoder(instance: "bench")
    private var waiting: [Delivery] = []
    /// Events that the broker has confirmed: their rows go with the next transaction.
    private var confirmed: [OutboxKey] = []

    /// Two ahead, so that the next message is there when one is done.
    private static let prefetch: UInt16 = 2

    init(name: String, broker: AMQPURL, database: PostgresConfiguration) throws {
        publishing = try AMQPConnection(broker, name: name + " publish", role: .publishing)
        consuming = try AMQPConnection(broker, name: name + " consume", role: .consuming)
        transaction = try Transaction(database)
        for (queue, _) in OrderflowTopology.inboundQueues {
            try consuming.consume(queue: queue, tag: queue, prefetch: Self.prefetch)
        }
    }

    func run(until isStopping: () -> Bool) throws {
        while !isStopping() {
            guard !waiting.isEmpty else {
                if try !receive(milliseconds: 20) { try forgetConfirmed() }
                continue
            }
            try handle(waiting.removeFirst())
        }
        try forgetConfirmed()
        consuming.close()
        publishing.close()
    }

    private func handle(_ delivery: Delivery) throws {
        let incoming = transaction.decode(OrderMessages.RawMessage(delivery))
        let events = try transaction.commit([incoming], confirmed: confirmed)
        confirmed.removeAll(keepingCapacity: true)
        for event in events {
            let message = encoder.message(event.envelope, data: event.data)
            try publishing.publish(
                exchange: OrderflowTopology.events, routingKey: message.routingKey,
                properties: MessageProperties(
                    contentType: message.contentType, messageID: message.messageID, appID: message.appID,
                    type: message.type, timestamp: UInt64(clamping: message.timestamp)),
                body: message.body)
        }
        try publishing.flush()
        while publishing.unconfirmedCount > 0 {
            wait(publishing, milliseconds: 1_000)
            try publishing.receive { _ in }
        }
        confirmed = events.map(\.key)
        try consuming.ack(delivery.deliveryTag, generation: delivery.generation)
        try publishing.serviceHeartbeat()
        _ = try receive(milliseconds: 0)
    }

    private func receive(milliseconds: Int32) throws -> Bool {
        let before = waiting.count
        wait(consuming, milliseconds: milliseconds)
        try consuming.receive { event in
            if case .delivery(let delivery) = event { waiting.append(delivery) }
        }
        try consuming.serviceHeartbeat()
        return waiting.count > before
    }

    private func forgetConfirmed() throws {
        guard !confirmed.isEmpty else { return }
        try transaction.store.deleteConfirmed(confirmed)
        confirmed.removeAll()
    }

    private func wait(_ connection: AMQPConnection, milliseconds: Int32) {
        guard !connection.hasBufferedInput else { return }
        var entry = pollfd(
            fd: connection.fileDescriptor, events: Int16(connection.wantsWrite ? POLLIN | POLLOUT : POLLIN), revents: 0)
        _ = poll(&entry, 1, milliseconds)
    }
}
