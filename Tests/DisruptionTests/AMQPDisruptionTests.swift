import AMQP
import Glibc
import Synchronization
import TestServers
import Testing

/// What the broker does to us when it is frozen, killed or out of memory. Each suite has a pair of servers of its own.
@Suite("A broker in trouble", .serialized)
struct AMQPDisruptionTests {
    /// No call may take longer: what hangs, hangs for ever. The longest bound is the wait for the broker's answer, set to
    /// 2 s here; a busy machine adds to it.
    private static let patience: Duration = .seconds(30)

    @Test("a frozen broker hangs nothing: all calls return or throw in time", arguments: [false, true])
    func frozen(tls: Bool) async throws {
        try await withPair { pair in
            let publisher = try connect(pair, .publishing, tls: tls)
            let consumer = try connect(pair, .consuming, tls: tls)
            let asker = try connect(pair, .consuming, tls: tls)
            try publisher.declare(.quorum("q"))
            try consumer.consume(queue: "q", tag: "c", prefetch: 100)
            try publisher.publish(exchange: "", routingKey: "q", properties: MessageProperties(), body: [1])
            var first: Delivery?
            try waitUntil("a delivery") {
                try publisher.turn()
                try consumer.turn { if case .delivery(let delivery) = $0 { first = delivery } }
                return first != nil && publisher.unconfirmedCount == 0
            }
            let delivery = try #require(first)

            try pair.broker.freeze()
            defer { try? pair.broker.thaw() }

            // As much as the window takes, with the largest bodies last, and all of it at once.
            var count = 0
            try timed("publishing up to the window") {
                while publisher.canPublish(bytes: 1_000), count < 1_000 {
                    try publisher.publish(
                        exchange: "", routingKey: "q", properties: MessageProperties(),
                        body: [UInt8](repeating: 1, count: 1_000))
                    try publisher.flush()
                    count += 1
                }
            }
            #expect(count == publisher.options.window.bytes / 1_512)
            try timed("receiving") { try publisher.receive { _ in } }
            try timed("acking") { try consumer.ack(delivery.deliveryTag, generation: delivery.generation) }
            try timed("asking") {
                #expect(failure { _ = try asker.checkQueue("q") }?.code == .timedOut)
                #expect(!asker.isOpen)
            }
            try timed("closing what failed") { asker.close() }
            try timed("connecting") {
                #expect(failure { _ = try connect(pair, .publishing, tls: tls) }?.code == .timedOut)
            }
            let start = ContinuousClock.now
            #expect(
                failure {
                    try waitUntil("missed heartbeats") {
                        try consumer.turn()
                        return false
                    }
                }?.code
                    == .heartbeatMissed)
            #expect(ContinuousClock.now - start < Self.patience)
            try timed("closing") { publisher.close(timeout: .seconds(1)) }
            try timed("closing the dead") { consumer.close() }
        }
    }

    @Test(
        "a large body to a frozen broker waits here, not in the kernel's send, or gives up in time",
        arguments: [false, true])
    func frozenLargeBody(tls: Bool) async throws {
        try await withPair { pair in
            let publisher = try connect(pair, .publishing, tls: tls)
            try publisher.declare(.quorum("q"))
            try pair.broker.freeze()
            let body = [UInt8](repeating: 1, count: 16 * 1024 * 1024)
            try timed("publishing 16 MiB") {
                let error = failure {
                    try publisher.publish(exchange: "", routingKey: "q", properties: MessageProperties(), body: body)
                    try publisher.flush()
                }
                #expect(tls ? error?.code == .timedOut : error == nil && publisher.wantsWrite)
            }
            try timed("closing") { publisher.close(timeout: .seconds(1)) }
            try pair.broker.thaw()
        }
    }

    @Test("after a thaw the connection goes on where it was")
    func thawed() async throws {
        try await withPair { pair in
            let publisher = try connect(pair, .publishing, tls: false) { $0.heartbeatSeconds = 30 }
            try publisher.declare(.quorum("q"))
            try pair.broker.freeze()
            try publisher.publish(
                exchange: "", routingKey: "q", properties: MessageProperties(),
                body: [UInt8](repeating: 1, count: 8 * 1024 * 1024))
            try publisher.flush()
            #expect(publisher.wantsWrite)
            try pair.broker.thaw()
            try waitUntil("the confirm") {
                try publisher.turn()
                return publisher.unconfirmedCount == 0
            }
            #expect(try publisher.checkQueue("q").messageCount == 1)
        }
    }

    @Test("a killed broker ends every call with a lost connection", arguments: [false, true])
    func killed(tls: Bool) async throws {
        try await withPair { pair in
            let connection = try connect(pair, .publishing, tls: tls)
            try pair.broker.kill9()
            let error = failure {
                try waitUntil("the loss") {
                    try connection.turn()
                    return false
                }
            }
            #expect(error?.code == .connectionLost)
            try timed("closing") { connection.close() }
            #expect(failure { _ = try connect(pair, .publishing, tls: tls) }?.code == .connectFailed)
        }
    }

    @Test("a memory alarm is told, stops publishing and is told again when it ends; acks go on")
    func alarm() async throws {
        try await withPair { pair in
            let publisher = try connect(pair, .publishing, tls: false) { $0.heartbeatSeconds = 5 }
            try publisher.declare(.quorum("q"))
            let consumer = try connect(pair, .consuming, tls: false) { $0.heartbeatSeconds = 5 }
            try consumer.consume(queue: "q", tag: "c", prefetch: 10)
            try turning(publisher, consumer) { try pair.broker.limitMemory(to: "1") }
            // The broker blocks a connection when it next publishes.
            try publisher.publish(exchange: "", routingKey: "q", properties: MessageProperties(), body: [1])
            var seen: [String] = []
            try waitUntil("blocked") {
                try publisher.turn { seen.append("\($0)") }
                try consumer.turn()
                return publisher.isBlocked
            }
            #expect(seen.contains { $0.contains("low on memory") }, "\(seen)")
            #expect(!publisher.canPublish(bytes: 1))
            #expect(
                failure {
                    try publisher.publish(exchange: "", routingKey: "q", properties: MessageProperties(), body: [2])
                }?.code == .windowFull)
            #expect(try consumer.checkQueue("q").consumerCount == 1)
            let end = ContinuousClock.now + .seconds(16)
            try waitUntil("three heartbeats") {
                try publisher.turn()
                try consumer.turn()
                return .now > end
            }
            try turning(publisher, consumer) { try pair.broker.limitMemory(to: "2GB") }
            try waitUntil("unblocked and confirmed") {
                try publisher.turn()
                return !publisher.isBlocked && publisher.unconfirmedCount == 0
            }
        }
    }

    /// Keeps connections alive while something happens that may take longer than their heartbeats.
    private func turning(_ connections: AMQPConnection..., while body: @Sendable @escaping () throws -> Void) throws {
        let outcome = Outcome()
        detachThread {
            let result = Result { try body() }
            outcome.result.withLock { $0 = result }
        }
        try waitUntil("the end of it") {
            for connection in connections { try connection.turn() }
            return outcome.result.withLock { $0 != nil }
        }
        try outcome.result.withLock { $0 }?.get()
    }

    private final class Outcome: Sendable {
        let result = Mutex<Result<Void, any Error>?>(nil)
    }

    private func timed(_ what: String, _ body: () throws -> Void) throws {
        let start = ContinuousClock.now
        try body()
        let taken = ContinuousClock.now - start
        #expect(taken < Self.patience, "\(what) took \(taken)")
    }

    private func withPair(_ body: @Sendable @escaping (ServerPair) throws -> Void) async throws {
        try await onThread {
            let pair = try ServerPair.start(TestServers.uniqueName("amqp"))
            do {
                try body(pair)
            } catch {
                try pair.stop()
                throw error
            }
            try pair.stop()
        }
    }
}

@Sendable private func connect(
    _ pair: ServerPair, _ role: AMQPConnection.Role, tls: Bool, _ adjust: (inout ConnectionOptions) -> Void = { _ in }
) throws -> AMQPConnection {
    var url = try AMQPURL(tls ? pair.amqpsURL : pair.amqpURL)
    if tls { url.certificateAuthorityFile = pair.caFile }
    var options = ConnectionOptions()
    options.heartbeatSeconds = 2
    options.rpcTimeout = .seconds(2)
    options.sendTimeout = .seconds(2)
    adjust(&options)
    return try AMQPConnection(url, name: "disrupted", role: role, options: options, timeout: .seconds(3))
}

extension AMQPConnection {
    /// One turn of the owner's loop.
    fileprivate func turn(_ handle: (AMQPEvent) -> Void = { _ in }) throws {
        var entry = pollfd(
            fd: fileDescriptor, events: Int16(POLLIN) | (wantsWrite ? Int16(POLLOUT) : 0), revents: 0)
        if !hasBufferedInput { poll(&entry, 1, 10) }
        try receive(handle)
        try flush()
        try serviceHeartbeat()
    }
}

private func failure(_ body: () throws -> Void) -> AMQPError? {
    do {
        try body()
        return nil
    } catch {
        return error as? AMQPError
    }
}
