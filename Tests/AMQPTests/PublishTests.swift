import AMQP
import TestServers
import Testing

@Suite("Publishing")
struct PublishTests {
    @Test("settles every message once, in order, whether confirmed singly or many at a time", arguments: [false, true])
    func confirms(tls: Bool) async throws {
        try await TestVhost.use { vhost in
            let connection = try vhost.connect(.publishing, tls: tls)
            try connection.declare(.quorum("q"))
            var settled: [Settlement] = []
            var published: UInt64 = 0
            while settled.count < 2_000 {
                while published < 2_000, connection.canPublish(bytes: 600) {
                    published = try connection.publish(
                        exchange: "", routingKey: "q", properties: MessageProperties(messageID: "m\(published + 1)"),
                        body: [UInt8](repeating: 1, count: 600))
                    #expect(connection.unconfirmedCount <= connection.options.window.messages)
                }
                try connection.flush()
                settled += try connection.pump("a confirm") { !$0.isEmpty }.settlements
            }
            #expect(Set(settled.map(\.tag)) == Set(1...2_000))
            #expect(settled.allSatisfy { $0.outcome == .confirmed && $0.messageID == "m\($0.tag)" })
            #expect(connection.unconfirmedCount == 0)
            #expect(connection.awaitingConfirmSince == nil)
            #expect(try connection.checkQueue("q").messageCount == 2_000)
        }
    }

    @Test("tells a mandatory message without a queue from its neighbours")
    func returns() async throws {
        try await TestVhost.use { vhost in
            let connection = try vhost.connect(.publishing)
            try connection.declare(.quorum("there"))
            try connection.send([1], to: "there", id: "first")
            try connection.send([2], to: "gone", id: "second")
            try connection.send([3], to: "there", id: "third")
            let events = try connection.pump("three settlements") { $0.settlements.count == 3 }
            let outcomes = Dictionary(uniqueKeysWithValues: events.settlements.map { ($0.messageID, $0.outcome) })
            #expect(outcomes == ["first": .confirmed, "second": .returned, "third": .confirmed])
            let back = try #require(events.returns.first)
            #expect(events.returns.count == 1)
            #expect(back.replyCode == 312)
            #expect(back.routingKey == "gone")
            #expect(back.properties.messageID == "second")
        }
    }

    @Test("stops at its window and says so; a body larger than the window goes alone")
    func keepsWindow() async throws {
        try await TestVhost.use { vhost in
            let connection = try vhost.connect(.publishing) { $0.window = PublishWindow(bytes: 4_000, messages: 3) }
            try connection.declare(.quorum("q"))
            for _ in 1...3 { try connection.send([1], to: "q") }
            #expect(!connection.canPublish(bytes: 1))
            #expect(failure { try connection.send([1], to: "q") }?.code == .windowFull)
            #expect(connection.isOpen)
            try connection.pump("room") { _ in connection.unconfirmedCount == 0 }
            #expect(connection.canPublish(bytes: 1_000_000))
            try connection.send([UInt8](repeating: 7, count: 1_000_000), to: "q")
            #expect(!connection.canPublish(bytes: 0))
            try connection.pump("the large one") { _ in connection.unconfirmedCount == 0 }
        }
    }

    @Test("a message that AMQP cannot carry is refused and leaves the stream whole", arguments: [false, true])
    func refusesUnsendable(tls: Bool) async throws {
        try await TestVhost.use { vhost in
            let connection = try vhost.connect(.publishing, tls: tls)
            try connection.declare(.quorum("q"))
            let long = String(repeating: "x", count: 256)
            #expect(failure { try connection.send([1], to: long) }?.code == .invalidArgument)
            #expect(failure { try connection.send([1], to: "q", id: long) }?.code == .invalidArgument)
            let headers: [String: AMQPValue] = ["h": .string(String(repeating: "x", count: 200_000))]
            let error = failure {
                try connection.publish(
                    exchange: "", routingKey: "q", properties: MessageProperties(headers: headers), body: [1])
            }
            #expect(error?.code == .invalidArgument)
            #expect(connection.isOpen)
            try connection.send([1], to: "q", id: "fine")
            let settled = try connection.pump("the good one") { $0.settlements.count == 1 }.settlements
            #expect(settled == [Settlement(tag: 1, messageID: "fine", outcome: .confirmed)])
        }
    }

    @Test("to an exchange that is not there closes the channel and names the reason")
    func closesOnMissingExchange() async throws {
        try await TestVhost.use { vhost in
            let connection = try vhost.connect(.publishing)
            try connection.publish(exchange: "nowhere", routingKey: "", properties: MessageProperties(), body: [1])
            try connection.flush()
            let error = failure { try connection.pump("the close") { _ in false } }
            #expect(error?.code == .notFound)
            #expect(error?.message.contains("nowhere") == true)
            #expect(!connection.isOpen)
            #expect(failure { try connection.flush() }?.code == .alreadyClosed)
        }
    }
}
