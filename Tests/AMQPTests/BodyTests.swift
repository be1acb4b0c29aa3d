import AMQP
import Testing

@Suite("Message bodies")
struct BodyTests {
    /// What one frame carries: the broker's frame size of 128 KiB less eight bytes.
    private static let fragment = 131_072 - 8

    @Test(
        "of any size arrive whole",
        arguments: [0, 1, 600, fragment - 1, fragment, fragment + 1, fragment * 2, fragment * 4, 1024 * 1024],
        [false, true])
    func arriveWhole(size: Int, tls: Bool) async throws {
        try await TestVhost.use { vhost in
            let sender = try vhost.connect(.publishing, tls: tls)
            try sender.declare(.quorum("q"))
            let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
            for each in [body, [9]] {
                try sender.send(each, to: "q")
                try sender.pump("its confirm") { _ in sender.unconfirmedCount == 0 }
            }
            let receiver = try vhost.connect(.consuming, tls: tls)
            try receiver.consume(queue: "q", tag: "c", prefetch: 10)
            let bodies = try receiver.pump("both") { $0.deliveries.count == 2 }.deliveries.map(\.body)
            #expect(bodies == [body, [9]])
        }
    }

    @Test("over the limit keep their start, their length and their digest")
    func oversize() async throws {
        try await TestVhost.use { vhost in
            let sender = try vhost.connect(.publishing)
            try sender.declare(.quorum("q"))
            let body = (0..<300_000).map { UInt8(truncatingIfNeeded: $0) }
            try sender.send(body, to: "q")
            try sender.pump("its confirm") { _ in sender.unconfirmedCount == 0 }
            try sender.send([9], to: "q")
            let receiver = try vhost.connect(.consuming) {
                $0.maxBodyBytes = 200_000
                $0.oversizeKeptBytes = 1_000
                $0.oversizeDigest = { Sum() }
            }
            try receiver.consume(queue: "q", tag: "c", prefetch: 10)
            let deliveries = try receiver.pump("both") { $0.deliveries.count == 2 }.deliveries
            #expect(deliveries[0].body == Array(body.prefix(1_000)))
            #expect(deliveries[0].oversize?.length == 300_000)
            #expect(deliveries[0].oversize?.digest == [body.reduce(0, &+)])
            #expect(deliveries[1].body == [9])
            #expect(deliveries[1].oversize == nil)
        }
    }
}

private struct Sum: BodyDigest {
    private var sum: UInt8 = 0

    mutating func update(_ bytes: UnsafeRawBufferPointer) { sum = bytes.reduce(sum, &+) }
    mutating func finish() -> [UInt8] { [sum] }
}
