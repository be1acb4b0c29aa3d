package import AMQP
import Foundation
import Glibc
import OrderWorker
import Synchronization

/// What one receiver was told.
package struct Told: Sendable {
    package let receiver: String
    package let id: String
    package let type: String
    package let subject: String
    package let sequence: Int
    package let epoch: Int
    package let body: [UInt8]

    /// What it tells. Read when it is asked for: a sink may keep a million of them.
    package var data: [String: Any] { Told.json(body)["data"] as? [String: Any] ?? [:] }

    fileprivate static func json(_ body: [UInt8]) -> [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]) ?? [:]
    }
}

/// All receivers in one: takes every event from their queues, on a thread of its own, whatever happens to the broker.
package final class Sink: Sendable {
    private let url: AMQPURL
    private let events = Mutex<[Told]>([])
    private let isOpen = Atomic<Bool>(true)
    private let hasEnded = Atomic<Bool>(false)

    package init(_ url: AMQPURL) {
        self.url = url
        Thread.detachNewThread { [self] in
            while isOpen.load(ordering: .acquiring) {
                do { try listen() } catch { usleep(100_000) }
            }
            hasEnded.store(true, ordering: .releasing)
        }
    }

    private func listen() throws {
        // A queue that a test has taken away is looked for again after a second.
        let queues = OrderflowTopology.receiverQueues.map(\.queue).filter { isThere($0) }
        let connection = try AMQPConnection(url, name: "sink", role: .consuming)
        defer { connection.close() }
        // What a consumer before this one had in hand comes first, once the broker knows that it is gone.
        for queue in queues {
            let deadline: ContinuousClock.Instant = .now + .seconds(60)
            while try connection.checkQueue(queue).consumerCount > 0, .now < deadline { usleep(20_000) }
            try connection.consume(queue: queue, tag: queue, prefetch: 500)
        }
        let isWhole = queues.count == OrderflowTopology.receiverQueues.count
        let end: ContinuousClock.Instant = .now + (isWhole ? .seconds(3_600) : .seconds(1))
        while isOpen.load(ordering: .acquiring), connection.isOpen, .now < end {
            var entry = pollfd(fd: connection.fileDescriptor, events: Int16(POLLIN), revents: 0)
            if !connection.hasBufferedInput { poll(&entry, 1, 20) }
            var last: Delivery?
            var isCancelled = false
            try connection.receive { event in
                switch event {
                case .delivery(let delivery):
                    last = delivery
                    take(delivery)
                case .consumerCancelled: isCancelled = true
                default: break
                }
            }
            if let last { try connection.ack(last.deliveryTag, multiple: true, generation: last.generation) }
            try connection.flush()
            try connection.serviceHeartbeat()
            if isCancelled { return }
        }
    }

    /// Asked on a connection of its own, which a queue ends that is missing, or not served after its server died.
    private func isThere(_ queue: String) -> Bool {
        guard let connection = try? AMQPConnection(url, name: "sink", role: .consuming) else {
            return false
        }
        defer { connection.close() }
        guard (try? connection.checkQueue(queue)) != nil else { return false }
        return (try? connection.consume(queue: queue, tag: queue, prefetch: 1)) != nil
    }

    private func take(_ delivery: Delivery) {
        let receiver = String(delivery.routingKey.prefix { $0 != "." })
        let json = Told.json(delivery.body)
        let told = Told(
            receiver: receiver, id: delivery.properties.messageID ?? "", type: delivery.properties.type ?? "",
            subject: json["subject"] as? String ?? "", sequence: Int(json["sequence"] as? String ?? "") ?? 0,
            epoch: json["epoch"] as? Int ?? 0, body: delivery.body)
        events.withLock { $0.append(told) }
    }

    /// All that was told so far, in order of arrival.
    package var all: [Told] { events.withLock { $0 } }

    /// What was told after the first so many.
    package func told(after count: Int) -> [Told] { events.withLock { Array($0.dropFirst(count)) } }

    /// What a receiver was told about a subject, repeats left out.
    package func stream(_ receiver: String, _ subject: String) -> [Told] {
        var seen: Set<String> = []
        return all.filter { $0.receiver == receiver && $0.subject == subject && seen.insert($0.id).inserted }
    }

    /// What was told to a receiver of one type, repeats left out.
    package func told(_ receiver: String, _ type: String) -> [Told] {
        var seen: Set<String> = []
        return all.filter { $0.receiver == receiver && $0.type == type + ".v1" && seen.insert($0.id).inserted }
    }

    package func close() {
        isOpen.store(false, ordering: .releasing)
        while !hasEnded.load(ordering: .acquiring) { usleep(1_000) }
    }
}
