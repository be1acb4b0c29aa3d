import AMQP
import Foundation
import Glibc
import OrderWorker
import Synchronization

/// What one receiver was told.
struct Told: @unchecked Sendable {
    let receiver: String
    let id: String
    let type: String
    let subject: String
    let sequence: Int
    let data: [String: Any]
    let body: [UInt8]
}

/// All receivers in one: takes every event from their queues, on a thread of its own.
final class Sink: Sendable {
    private let events = Mutex<[Told]>([])
    private let isOpen = Atomic<Bool>(true)
    private let hasEnded = Atomic<Bool>(false)

    init(_ url: AMQPURL) throws {
        let connection = try AMQPConnection(url, name: "sink", role: .consuming)
        for (_, queue) in OrderflowTopology.receiverQueues {
            _ = try connection.consume(queue: queue, tag: queue, prefetch: 500)
        }
        Thread.detachNewThread { [self] in
            while isOpen.load(ordering: .acquiring), connection.isOpen {
                var entry = pollfd(fd: connection.fileDescriptor, events: Int16(POLLIN), revents: 0)
                if !connection.hasBufferedInput { poll(&entry, 1, 20) }
                do {
                    var last: Delivery?
                    try connection.receive { event in
                        guard case .delivery(let delivery) = event else { return }
                        last = delivery
                        take(delivery)
                    }
                    if let last { try connection.ack(last.deliveryTag, multiple: true, generation: last.generation) }
                    try connection.flush()
                    try connection.serviceHeartbeat()
                } catch { break }
            }
            connection.close()
            hasEnded.store(true, ordering: .releasing)
        }
    }

    private func take(_ delivery: Delivery) {
        let receiver = String(delivery.routingKey.prefix { $0 != "." })
        let json = try? JSONSerialization.jsonObject(with: Data(delivery.body)) as? [String: Any]
        let told = Told(
            receiver: receiver, id: delivery.properties.messageID ?? "", type: delivery.properties.type ?? "",
            subject: json?["subject"] as? String ?? "", sequence: Int(json?["sequence"] as? String ?? "") ?? 0,
            data: json?["data"] as? [String: Any] ?? [:], body: delivery.body)
        events.withLock { $0.append(told) }
    }

    /// All that was told so far, in order of arrival.
    var all: [Told] { events.withLock { $0 } }

    /// What a receiver was told about a subject, repeats left out.
    func stream(_ receiver: String, _ subject: String) -> [Told] {
        var seen: Set<String> = []
        return all.filter { $0.receiver == receiver && $0.subject == subject && seen.insert($0.id).inserted }
    }

    func close() {
        isOpen.store(false, ordering: .releasing)
        while !hasEnded.load(ordering: .acquiring) { usleep(1_000) }
    }
}
