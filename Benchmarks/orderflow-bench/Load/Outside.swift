internal import AMQP
internal import Glibc
internal import OrderWorker
internal import TradingDay

/// The systems outside: a connection that sends, and one that hears events. Used by one thread.
final class Outside {
    private let sending: AMQPConnection
    private let hearing: AMQPConnection

    /// Empties the queues of the vhost, and begins to hear what comes to these.
    init(_ broker: AMQPURL, hearing queues: [String]) throws {
        sending = try AMQPConnection(broker, name: "bench: outside", role: .publishing)
        for queue in OrderflowTopology.topology.queues { try sending.deleteQueue(queue.name) }
        try OrderflowTopology.topology.declare(on: sending)
        hearing = try AMQPConnection(broker, name: "bench: receivers", role: .consuming)
        for queue in queues { try hearing.consume(queue: queue, tag: queue, prefetch: 2_000) }
    }

    var unconfirmed: Int { sending.unconfirmedCount }

    /// Sends, once the broker takes it; meanwhile what comes is heard.
    func send(_ message: OutsideMessage, _ hear: (Delivery) -> Void) throws {
        guard message.properties.isPersistent else { throw BenchFailure("a message of the load is not persistent") }
        while !sending.canPublish(bytes: message.body.count) { try turn(milliseconds: 5, hear) }
        try sending.publish(
            exchange: OrderflowTopology.inbound, routingKey: message.routingKey, properties: message.properties,
            body: message.body)
    }

    func flush() throws { try sending.flush() }

    /// How many messages wait in a queue.
    func waiting(in queue: String) throws -> Int { Int(try sending.checkQueue(queue).messageCount) }

    /// Waits until every queue has so many consumers.
    func awaitConsumers(_ count: Int, _ check: () throws -> Void) throws {
        let deadline = ContinuousClock.now + .seconds(30)
        // It is the last but one of those that a worker consumes.
        while try sending.checkQueue("staff.commands").consumerCount < count {
            guard .now < deadline else { throw BenchFailure("waited 30 s for consumers, in vain") }
            try check()
            try turn(milliseconds: 10) { _ in }
        }
    }

    /// Waits a little, unless something is there; sends what is to be sent, hears what has come, and acks it.
    func turn(milliseconds: Int32, _ hear: (Delivery) -> Void) throws {
        try sending.flush()
        var entries = [
            pollfd(fd: hearing.fileDescriptor, events: Int16(POLLIN), revents: 0),
            pollfd(
                fd: sending.fileDescriptor, events: Int16(sending.wantsWrite ? POLLIN | POLLOUT : POLLIN), revents: 0),
        ]
        let waits = !hearing.hasBufferedInput && !sending.hasBufferedInput
        _ = poll(&entries, 2, waits ? milliseconds : 0)
        try sending.receive { _ in }
        var last: Delivery?
        var isPersistent = true
        try hearing.receive { event in
            guard case .delivery(let delivery) = event else { return }
            last = delivery
            isPersistent = isPersistent && delivery.properties.isPersistent
            hear(delivery)
        }
        guard isPersistent else { throw BenchFailure("an event is not persistent") }
        if let last { try hearing.ack(last.deliveryTag, multiple: true, generation: last.generation) }
        try sending.serviceHeartbeat()
        try hearing.serviceHeartbeat()
    }
}
