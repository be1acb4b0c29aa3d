import AMQP
import Testing

@Suite("Declarations")
struct DeclarationTests {
    private static let topology = Topology(
        exchanges: [
            ExchangeDeclaration("in", arguments: ["alternate-exchange": "other"]), ExchangeDeclaration("other"),
        ],
        queues: [.quorum("q", arguments: ["x-delivery-limit": 1000]), QueueDeclaration("plain")],
        bindings: [Binding(exchange: "in", queue: "q", routingKey: "order.*")])

    @Test("can be made twice and route as they say")
    func declares() async throws {
        try await TestVhost.use { vhost in
            let connection = try vhost.connect(.publishing)
            try Self.topology.declare(on: connection)
            try Self.topology.declare(on: connection)
            #expect(try Self.topology.check(on: connection).isEmpty)
            try connection.publish(exchange: "in", routingKey: "order.x", properties: MessageProperties(), body: [1])
            try connection.flush()
            try connection.pump("its confirm") { $0.settlements.first?.outcome == .confirmed }
            #expect(try connection.checkQueue("q").messageCount == 1)
            try connection.purgeQueue("q")
            #expect(try connection.checkQueue("q").messageCount == 0)
            try connection.unbind(Self.topology.bindings[0])
        }
    }

    @Test("of a queue that exists otherwise name the argument, and the connection goes on")
    func namesDifference() async throws {
        try await TestVhost.use { vhost in
            let connection = try vhost.connect(.consuming)
            try connection.declare(QueueDeclaration("q", arguments: ["x-max-length": 10]))
            let generation = connection.generation
            let error = failure { try connection.declare(QueueDeclaration("q", arguments: ["x-max-length": 20])) }
            #expect(error?.code == .preconditionFailed)
            #expect(error?.replyCode == 406)
            #expect(error?.difference?.argument == "x-max-length")
            #expect(error?.difference?.declared.contains("20") == true)
            #expect(error?.difference?.existing.contains("10") == true)
            #expect(error?.context == "queue 'q'")
            #expect(connection.isOpen)
            #expect(connection.generation > generation)
            try connection.declare(QueueDeclaration("classic"))
            #expect(failure { try connection.declare(.quorum("classic")) }?.difference?.argument == "x-queue-type")
            #expect(failure { try connection.declare(ExchangeDeclaration("amq.topic", kind: .fanout)) } != nil)
            #expect(try connection.checkQueue("q").messageCount == 0)
        }
    }

    @Test("that are missing are listed by a check that makes nothing")
    func checks() async throws {
        try await TestVhost.use { vhost in
            let connection = try vhost.connect(.publishing)
            #expect(try Self.topology.check(on: connection).map(\.code) == Array(repeating: .notFound, count: 4))
            #expect(failure { _ = try connection.checkQueue("q") }?.code == .notFound)
            try connection.declare(QueueDeclaration("later"))
            try connection.send([1], to: "later")
            let settled = try connection.pump("its confirm") { $0.settlements.count == 1 }.settlements
            #expect(settled.first == Settlement(tag: 1, messageID: nil, outcome: .confirmed))
        }
    }

    @Test("of another connection's own queue are refused as locked")
    func refusesLocked() async throws {
        try await TestVhost.use { vhost in
            let owner = try vhost.connect(.consuming)
            let name = try owner.declare(QueueDeclaration("", isDurable: false, isExclusive: true)).name
            #expect(name.hasPrefix("amq.gen-"))
            let other = try vhost.connect(.consuming)
            #expect(failure { _ = try other.checkQueue(name) }?.code == .resourceLocked)
        }
    }

    @Test("with a name that AMQP cannot carry are refused before anything is sent")
    func refusesLongNames() async throws {
        try await TestVhost.use { vhost in
            let connection = try vhost.connect(.consuming)
            let name = String(repeating: "q", count: 256)
            #expect(failure { try connection.declare(QueueDeclaration(name)) }?.code == .invalidArgument)
            try connection.declare(QueueDeclaration(String(repeating: "q", count: 255)))
        }
    }
}
