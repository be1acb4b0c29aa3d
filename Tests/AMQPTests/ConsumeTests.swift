import AMQP
import Synchronization
import TestServers
import Testing

@Suite("Consuming")
struct ConsumeTests {
    @Test("gives bodies and properties as they were sent, from several queues", arguments: [false, true])
    func delivers(tls: Bool) async throws {
        try await TestVhost.use { vhost in
            let sender = try vhost.connect(.publishing, tls: tls)
            let receiver = try vhost.connect(.consuming, tls: tls)
            let properties = MessageProperties(
                contentType: "application/cloudevents+json", contentEncoding: "identity", messageID: "id-1",
                appID: "shop", type: "order.placed.v1", timestamp: 1_800_000_000, correlationID: "corr",
                replyTo: "answers", userID: "orderflow",
                headers: [
                    "text": "订单", "flag": true, "count": -5, "ratio": .double(1.5), "nothing": .null,
                    "when": .timestamp(12), "raw": .bytes([0, 255]), "list": .array([1, "two"]),
                    "nested": .table(["deep": .table(["er": 1])]),
                ])
            for queue in ["one", "two"] {
                try sender.declare(.quorum(queue))
                try receiver.consume(queue: queue, tag: "from-\(queue)", prefetch: 10)
                try sender.publish(exchange: "", routingKey: queue, properties: properties, body: Array(queue.utf8))
            }
            try sender.flush()
            let deliveries = try receiver.pump("both") { $0.deliveries.count == 2 }.deliveries
                .sorted { $0.queue < $1.queue }
            #expect(deliveries.map(\.queue) == ["one", "two"])
            #expect(deliveries.map(\.consumerTag) == ["from-one", "from-two"])
            #expect(deliveries.map(\.body) == [Array("one".utf8), Array("two".utf8)])
            #expect(deliveries.map(\.routingKey) == ["one", "two"])
            for delivery in deliveries {
                #expect(delivery.properties == properties)
                #expect(delivery.generation == receiver.generation)
                #expect(!delivery.isRedelivered)
                #expect(delivery.deliveryCount == nil)
                #expect(delivery.oversize == nil)
            }
        }
    }

    @Test("an ack for many empties the queue; what was given back comes again and is counted")
    func acksAndRequeues() async throws {
        try await TestVhost.use { vhost in
            let sender = try vhost.connect(.publishing)
            try sender.declare(.quorum("q"))
            let receiver = try vhost.connect(.consuming)
            try receiver.consume(queue: "q", tag: "c", prefetch: 10)
            for number in 1...4 { try sender.send([UInt8(number)], to: "q") }
            let first = try receiver.pump("four") { $0.deliveries.count == 4 }.deliveries
            try receiver.ack(first[1].deliveryTag, multiple: true, generation: first[1].generation)
            try receiver.reject(first[2].deliveryTag, generation: first[2].generation)
            try receiver.requeue(first[3].deliveryTag, generation: first[3].generation)
            let again = try #require(
                try receiver.pump("the fourth again") { $0.deliveries.count == 1 }.deliveries.first)
            #expect(again.body == [4])
            #expect(again.isRedelivered)
            #expect(again.deliveryCount == 1)
            try receiver.ack(again.deliveryTag, generation: again.generation)
            receiver.close()
            try waitUntil("the consumer is gone") { try sender.checkQueue("q").consumerCount == 0 }
            #expect(try sender.checkQueue("q").messageCount == 0)
        }
    }

    @Test("an ack of an older connection's delivery is dropped without a word")
    func dropsOldAck() async throws {
        try await TestVhost.use { vhost in
            let sender = try vhost.connect(.publishing)
            try sender.declare(.quorum("q"))
            try sender.send([1], to: "q")
            let old = try vhost.connect(.consuming)
            try old.consume(queue: "q", tag: "c", prefetch: 10)
            let lost = try #require(try old.pump("it") { $0.deliveries.count == 1 }.deliveries.first)
            old.close()
            let new = try vhost.connect(.consuming)
            #expect(new.generation > old.generation)
            try new.consume(queue: "q", tag: "c", prefetch: 10)
            let again = try #require(try new.pump("it again") { $0.deliveries.count == 1 }.deliveries.first)
            #expect(again.deliveryTag == lost.deliveryTag)
            try new.ack(lost.deliveryTag, generation: lost.generation)
            try new.requeue(again.deliveryTag, generation: again.generation)
            let third = try new.pump("it a third time") { $0.deliveries.count == 1 }.deliveries.first
            #expect(third?.body == [1])
        }
    }

    @Test("an ack of an unknown delivery closes the channel and says so")
    func reportsChannelClose() async throws {
        try await TestVhost.use { vhost in
            let connection = try vhost.connect(.consuming)
            try connection.ack(77, generation: connection.generation)
            let error = failure { try connection.pump("the close") { _ in false } }
            #expect(error?.code == .preconditionFailed)
            #expect(error?.message.contains("unknown delivery tag 77") == true)
            #expect(!connection.isOpen)
        }
    }

    @Test("is told when its queue is deleted")
    func reportsServerCancel() async throws {
        try await TestVhost.use { vhost in
            let owner = try vhost.connect(.publishing)
            try owner.declare(.quorum("q"))
            let receiver = try vhost.connect(.consuming)
            try receiver.consume(queue: "q", tag: "c", prefetch: 10)
            try owner.deleteQueue("q")
            let events = try receiver.pump("the cancel") { !$0.isEmpty }
            guard case .consumerCancelled(let tag) = try #require(events.first) else {
                Issue.record("expected a cancel, got \(events)")
                return
            }
            #expect(tag == "c")
            #expect(receiver.isOpen)
        }
    }

    @Test("after a cancel the deliveries under way still come and can be acked; no more follow")
    func cancels() async throws {
        try await TestVhost.use { vhost in
            let sender = try vhost.connect(.publishing)
            try sender.declare(.quorum("q"))
            for number in 1...30 { try sender.send([UInt8(number)], to: "q") }
            try sender.pump("confirms") { _ in sender.unconfirmedCount == 0 }
            let receiver = try vhost.connect(.consuming)
            try receiver.consume(queue: "q", tag: "c", prefetch: 10)
            try receiver.cancel(tag: "c")
            let taken = try receiver.pump("what was under way") { _ in !receiver.hasBufferedInput }.deliveries
            #expect(taken.count <= 10)
            if let last = taken.last {
                try receiver.ack(last.deliveryTag, multiple: true, generation: last.generation)
            }
            receiver.close()
            try waitUntil("the rest is in the queue") {
                try sender.checkQueue("q").messageCount == 30 - taken.count
            }
        }
    }

    @Test("stops reading at the bytes asked for and goes on from there")
    func stopsAtLimit() async throws {
        try await TestVhost.use { vhost in
            let sender = try vhost.connect(.publishing)
            try sender.declare(.quorum("q"))
            for _ in 1...100 { try sender.send([UInt8](repeating: 1, count: 1_000), to: "q") }
            let receiver = try vhost.connect(.consuming)
            try receiver.consume(queue: "q", tag: "c", prefetch: 200)
            var total = 0
            try waitUntil("all") {
                var now = 0
                try receiver.receive(maxBytes: 5_000) { event in
                    if case .delivery = event { now += 1 }
                }
                #expect(now <= 5)
                total += now
                return total == 100
            }
        }
    }

    @Test("a message that has come by half keeps nobody waiting and is given when it is whole")
    func takesHalves() async throws {
        try await TestVhost.use { vhost in
            let allowance = Mutex(Int.max)
            let relay = try Relay(to: UInt16(vhost.url().port)) { _, said in
                allowance.withLock { allowed in
                    let heard = Array(said.prefix(allowed))
                    said.removeFirst(heard.count)
                    allowed -= heard.count
                    return heard
                }
            }
            defer { relay.close() }
            var url = try vhost.url()
            url.port = Int(relay.port)
            let receiver = try AMQPConnection(url, name: "test", role: .consuming)
            let sender = try vhost.connect(.publishing)
            try sender.declare(.quorum("q"))
            try receiver.consume(queue: "q", tag: "c", prefetch: 10)
            let body = [UInt8](repeating: 1, count: 300_000)
            var given: [Delivery] = []
            // Ends in a method, in a header, in the second of three body frames; then the rest.
            for allowed in [10, 40, 200_000, .max] {
                allowance.withLock { $0 = allowed }
                if allowed == 10 { try sender.send(body, to: "q") }
                let end = ContinuousClock.now + .milliseconds(100)
                try waitUntil("a while, or the message") {
                    try receiver.turn { if case .delivery(let delivery) = $0 { given.append(delivery) } }
                    return allowed == .max ? !given.isEmpty : .now > end
                }
                #expect(given.isEmpty == (allowed != .max))
            }
            #expect(given.map(\.body) == [body])
        }
    }

    @Test("without a tag the broker chooses one")
    func choosesTag() async throws {
        try await TestVhost.use { vhost in
            let connection = try vhost.connect(.consuming)
            try connection.declare(.quorum("q"))
            let tag = try connection.consume(queue: "q", tag: "", prefetch: 1)
            #expect(tag.hasPrefix("amq.ctag-"))
            try connection.cancel(tag: tag)
        }
    }
}
