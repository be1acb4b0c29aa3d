internal import AMQP
internal import Glibc
internal import OrderWorker

/// One lane of the relay, on a thread of its own: consumes, publishes what the messages cause, and acks.
final class Relay: @unchecked Sendable {
    private let consuming: AMQPConnection
    private let publishing: AMQPConnection
    private let events: EventMix
    private let bodies: [[UInt8]]
    private var owed: [Double]
    private var waiting: [Delivery] = []
    private var clock = PhaseClock()
    private static let batch = 200

    init(_ broker: AMQPURL, _ events: EventMix, name: String) throws {
        self.events = events
        bodies = events.shares.map { Array(repeating: UInt8(ascii: "x"), count: $0.bytes) }
        owed = Array(repeating: 0, count: events.shares.count)
        publishing = try AMQPConnection(broker, name: name + " publish", role: .publishing)
        consuming = try AMQPConnection(broker, name: name + " consume", role: .consuming)
        for (queue, _) in OrderflowTopology.inboundQueues {
            try consuming.consume(queue: queue, tag: queue, prefetch: UInt16(2 * Self.batch))
        }
    }

    func run(_ state: RelayState) throws {
        clock.start()
        while !state.isStopping {
            try receive(milliseconds: waiting.isEmpty ? 20 : 0)
            guard !waiting.isEmpty else { continue }
            let batch = waiting.prefix(Self.batch)
            try publish(for: batch.count)
            clock.lap(.publish)
            if let last = batch.last {
                try consuming.ack(last.deliveryTag, multiple: true, generation: last.generation)
            }
            clock.lap(.ack)
            waiting.removeFirst(batch.count)
            state.add(batch.count)
        }
        state.add(clock)
        consuming.close()
        publishing.close()
    }

    /// What so many messages cause; returns when all of it is confirmed.
    private func publish(for count: Int) throws {
        for (index, share) in events.shares.enumerated() {
            owed[index] += share.perMessage * Double(count)
            while owed[index] >= 1 {
                owed[index] -= 1
                while !publishing.canPublish(bytes: bodies[index].count) { try settle() }
                try publishing.publish(
                    exchange: OrderflowTopology.events, routingKey: share.receiver + ".bench",
                    properties: MessageProperties(
                        contentType: "application/cloudevents+json", messageID: "5d3f6a0e-6f3b-5a47-9d9c-6f1d2a3b4c5d",
                        appID: "orderflow", type: "order.delivered.v1", timestamp: 1_790_000_000),
                    body: bodies[index])
            }
        }
        while publishing.unconfirmedCount > 0 { try settle() }
    }

    private func settle() throws {
        try publishing.flush()
        wait(publishing, milliseconds: 100)
        try publishing.receive { _ in }
        clock.lap(.publish)
        try receive(milliseconds: 0)
    }

    private func receive(milliseconds: Int32) throws {
        wait(consuming, milliseconds: milliseconds)
        try consuming.receive { event in
            if case .delivery(let delivery) = event { waiting.append(delivery) }
        }
        try consuming.serviceHeartbeat()
        try publishing.serviceHeartbeat()
        clock.lap(.receive)
    }

    private func wait(_ connection: AMQPConnection, milliseconds: Int32) {
        guard !connection.hasBufferedInput else { return }
        var entry = pollfd(
            fd: connection.fileDescriptor, events: Int16(connection.wantsWrite ? POLLIN | POLLOUT : POLLIN), revents: 0)
        _ = poll(&entry, 1, milliseconds)
    }
}
