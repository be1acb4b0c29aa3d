import AMQP
import Foundation
import Glibc
import OrderWorker
import TestServers
import TestSite

/// Every delivery of the workers' queues, as the broker's own tracing (its firehose) tells of them.
struct DeliveryTrace {
    /// A message that was given to a worker.
    struct Entry {
        var source: String
        var id: String
        /// How often it had been given out before.
        var deliveryCount: Int
    }

    private let site: Site
    private static let queue = "trace"

    /// From now on.
    init(_ site: Site) throws {
        self.site = site
        let connection = try AMQPConnection(site.amqpURL(), name: "trace", role: .publishing)
        defer { connection.close() }
        try connection.declare(QueueDeclaration(Self.queue))
        for (queue, _) in OrderflowTopology.inboundQueues {
            try connection.bind(
                Binding(exchange: "amq.rabbitmq.trace", queue: Self.queue, routingKey: "deliver.\(queue)"))
        }
        try site.management().trace(site.name)
    }

    /// All deliveries so far, in their order; each is told once.
    func take() throws -> [Entry] {
        let connection = try AMQPConnection(site.amqpURL(), name: "trace", role: .consuming)
        defer { connection.close() }
        var left = try connection.checkQueue(Self.queue).messageCount
        var entries: [Entry] = []
        try connection.consume(queue: Self.queue, tag: Self.queue, prefetch: 500)
        try waitUntil("the trace is read") {
            var entry = pollfd(fd: connection.fileDescriptor, events: Int16(POLLIN), revents: 0)
            if !connection.hasBufferedInput { poll(&entry, 1, 20) }
            var last: Delivery?
            try connection.receive { event in
                guard case .delivery(let delivery) = event else { return }
                last = delivery
                left -= 1
                if let entry = Entry(delivery) { entries.append(entry) }
            }
            if let last { try connection.ack(last.deliveryTag, multiple: true, generation: last.generation) }
            try connection.flush()
            return left <= 0
        }
        return entries
    }
}

extension DeliveryTrace.Entry {
    /// The body is the message's, its properties are in a header. Nil of what has no envelope.
    fileprivate init?(_ delivery: Delivery) {
        guard let envelope = try? JSONSerialization.jsonObject(with: Data(delivery.body)) as? [String: Any],
            let source = envelope["source"] as? String, let id = envelope["id"] as? String
        else { return nil }
        self.init(source: source, id: id, deliveryCount: 0)
        guard case .table(let properties) = delivery.properties.headers["properties"],
            case .table(let headers) = properties["headers"], case .int(let count) = headers["x-delivery-count"]
        else { return }
        deliveryCount = Int(count)
    }
}
