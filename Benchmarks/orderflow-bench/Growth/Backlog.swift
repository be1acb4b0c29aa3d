internal import AMQP
internal import Glibc
internal import OrderWorker
internal import Postgres
internal import TradingDay

/// Orders that wait in the queues before the workers start, and how fast they go then. Receivers read their events.
final class Backlog {
    private let count: Int
    private let seed: UInt64
    private let publishing: AMQPConnection
    private let receiving: AMQPConnection
    private let database: PostgresConnection

    init(_ count: Int, seed: UInt64, broker: AMQPURL, database: PostgresConnection) throws {
        self.count = count
        self.seed = seed
        self.database = database
        publishing = try AMQPConnection(broker, name: "bench: backlog", role: .publishing)
        for queue in OrderflowTopology.topology.queues { try publishing.deleteQueue(queue.name) }
        try OrderflowTopology.topology.declare(on: publishing)
        receiving = try AMQPConnection(broker, name: "bench: receivers", role: .consuming)
        for (_, queue) in OrderflowTopology.receiverQueues {
            try receiving.consume(queue: queue, tag: queue, prefetch: 2_000)
        }
    }

    /// Orders are made as they go: a million do not stand in memory.
    func fill() throws {
        var seed = Seed(seed)
        let now = Moment(seconds: 1_790_000_000)
        for index in 0..<count {
            let order = LoadOrder(number: LoadOrder.firstNumber + index, .skewed, &seed)
            guard let message = order.message(.placed, at: now) else { continue }
            while !publishing.canPublish(bytes: message.body.count) { try turn() }
            try publishing.publish(
                exchange: OrderflowTopology.inbound, routingKey: message.routingKey, properties: message.properties,
                body: message.body)
            if index % 10_000 == 0 { Terminal.tick("filling the queues: \(index.grouped) of \(count.grouped)") }
        }
        Terminal.endTicks()
        while publishing.unconfirmedCount > 0 { try turn() }
    }

    /// Gives the seconds until no message is left and every event is confirmed.
    func drain(_ check: () throws -> Void) throws -> Double {
        let start = ContinuousClock.now
        var lookAt = start
        while true {
            try turn()
            try check()
            guard .now > lookAt else { continue }
            lookAt = .now + .milliseconds(500)
            let waiting = try ["orders.internal", "orders.external"].reduce(0) { sum, queue in
                sum + Int(try publishing.checkQueue(queue).messageCount)
            }
            Terminal.tick("working off the backlog: \(waiting.grouped) of \(count.grouped) wait")
            guard waiting == 0 else { continue }
            let row = try database.query("SELECT (SELECT count(*) FROM orders), EXISTS (SELECT FROM outbox)").only()
            if try row.int(0) >= count, try !row.bool(1) { break }
        }
        Terminal.endTicks()
        return (ContinuousClock.now - start) / .seconds(1)
    }

    private func turn() throws {
        try publishing.flush()
        var entries = [
            pollfd(fd: receiving.fileDescriptor, events: Int16(POLLIN), revents: 0),
            pollfd(
                fd: publishing.fileDescriptor, events: Int16(publishing.wantsWrite ? POLLIN | POLLOUT : POLLIN),
                revents: 0),
        ]
        let waits = !receiving.hasBufferedInput && !publishing.hasBufferedInput
        _ = poll(&entries, 2, waits ? 20 : 0)
        try publishing.receive { _ in }
        var last: Delivery?
        try receiving.receive { event in if case .delivery(let delivery) = event { last = delivery } }
        if let last { try receiving.ack(last.deliveryTag, multiple: true, generation: last.generation) }
        try publishing.serviceHeartbeat()
        try receiving.serviceHeartbeat()
    }
}
