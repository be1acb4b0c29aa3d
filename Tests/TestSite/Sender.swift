package import AMQP
import Glibc
import OrderWorker
import TestServers

/// All senders in one: publishes until the broker has confirmed, over whatever happens to the broker meanwhile.
///
/// What was under way when a connection broke is sent again, as any honest sender would: repeats are part of the game.
package final class Sender {
    private struct Outgoing {
        let key: String
        let exchange: String
        let properties: MessageProperties
        let body: [UInt8]
    }

    private let url: AMQPURL
    private var connection: AMQPConnection?
    private var waiting: [Outgoing] = []
    private var head = 0
    private var underWay: [UInt64: Outgoing] = [:]

    package init(_ url: AMQPURL) {
        self.url = url
    }

    /// Takes a message; it is on its way when `flush` has returned.
    package func send(
        _ body: [UInt8], to key: String, exchange: String = OrderflowTopology.inbound, properties: MessageProperties
    ) {
        waiting.append(Outgoing(key: key, exchange: exchange, properties: properties, body: body))
        if waiting.count - head >= 200 { turn(waiting: 0) }
    }

    /// How many are not confirmed yet.
    package var pendingCount: Int { waiting.count - head + underWay.count }

    /// Everything that was sent is confirmed.
    package var isIdle: Bool { pendingCount == 0 }

    /// Waits until all that was sent is confirmed.
    package func flush(within seconds: Double = 90) throws {
        try waitUntil("everything sent is confirmed", within: seconds) {
            turn(waiting: 5)
            return isIdle
        }
    }

    package func close() {
        connection?.close()
        connection = nil
    }

    /// One turn: publishes what the window takes, hears confirms; connects anew where the connection is gone.
    package func turn(waiting milliseconds: Int32) {
        do {
            let connection = try connected()
            while head < waiting.count, connection.canPublish(bytes: waiting[head].body.count) {
                let message = waiting[head]
                let tag = try connection.publish(
                    exchange: message.exchange, routingKey: message.key, properties: message.properties,
                    body: message.body)
                head += 1
                underWay[tag] = message
            }
            try connection.flush()
            var entry = pollfd(fd: connection.fileDescriptor, events: Int16(POLLIN), revents: 0)
            if !connection.hasBufferedInput { poll(&entry, 1, milliseconds) }
            try connection.receive { event in
                guard case .settled(let settlement) = event else { return }
                guard let message = underWay.removeValue(forKey: settlement.tag) else { return }
                if settlement.outcome != .confirmed { waiting.append(message) }
            }
            try connection.serviceHeartbeat()
        } catch {
            connection?.close()
            connection = nil
            poll(nil, 0, 50)
        }
        if head == waiting.count {
            waiting.removeAll(keepingCapacity: true)
            head = 0
        }
    }

    private func connected() throws -> AMQPConnection {
        if let connection, connection.isOpen { return connection }
        connection = nil
        let fresh = try AMQPConnection(url, name: "test", role: .publishing)
        waiting = underWay.sorted { $0.key < $1.key }.map(\.value) + waiting[head...]
        head = 0
        underWay.removeAll()
        connection = fresh
        return fresh
    }
}
