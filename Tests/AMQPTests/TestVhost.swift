import AMQP
import Glibc
import TestServers

/// A vhost of its own for one test, on the private broker.
struct TestVhost: Sendable {
    let name: String

    /// Runs a test on a thread of its own, with a fresh vhost that is deleted afterwards.
    static func use(_ body: @Sendable @escaping (TestVhost) throws -> Void) async throws {
        try await onThread {
            let vhost = TestVhost(name: TestServers.uniqueName("amqp"))
            let management = try ManagementAPI()
            try management.createVhost(vhost.name)
            do {
                try body(vhost)
            } catch {
                try management.deleteVhost(vhost.name)
                throw error
            }
            try management.deleteVhost(vhost.name)
        }
    }

    func url(tls: Bool = false) throws -> AMQPURL {
        var url = try AMQPURL(tls ? TestServers.amqpsURL(vhost: name) : TestServers.amqpURL(vhost: name))
        if tls { url.certificateAuthorityFile = TestServers.caFile }
        return url
    }

    func connect(
        _ role: AMQPConnection.Role, tls: Bool = false, _ adjust: (inout ConnectionOptions) -> Void = { _ in }
    ) throws -> AMQPConnection {
        var options = ConnectionOptions()
        adjust(&options)
        return try AMQPConnection(url(tls: tls), name: "test \(name)", role: role, options: options)
    }
}

extension AMQPConnection {
    /// Does the owner's loop until the events seen satisfy the condition; gives them.
    @discardableResult
    func pump(
        _ what: String, within seconds: Double = 90, until isEnough: ([AMQPEvent]) -> Bool
    ) throws -> [AMQPEvent] {
        var events: [AMQPEvent] = []
        try waitUntil(what, within: seconds) {
            try turn { events.append($0) }
            return isEnough(events)
        }
        return events
    }

    /// One turn of the owner's loop.
    func turn(_ handle: (AMQPEvent) -> Void = { _ in }) throws {
        var entry = pollfd(
            fd: fileDescriptor, events: Int16(POLLIN) | (wantsWrite ? Int16(POLLOUT) : 0), revents: 0)
        if !hasBufferedInput { poll(&entry, 1, 10) }
        try receive(handle)
        try flush()
        try serviceHeartbeat()
    }

    /// Publishes to a queue over the default exchange, and flushes.
    @discardableResult
    func send(_ body: [UInt8], to queue: String, id: String? = nil) throws -> UInt64 {
        let tag = try publish(
            exchange: "", routingKey: queue, properties: MessageProperties(messageID: id), body: body)
        try flush()
        return tag
    }
}

extension Array where Element == AMQPEvent {
    var deliveries: [Delivery] {
        compactMap { event in
            if case .delivery(let delivery) = event { delivery } else { nil }
        }
    }

    var settlements: [Settlement] {
        compactMap { event in
            if case .settled(let settlement) = event { settlement } else { nil }
        }
    }

    var returns: [ReturnedMessage] {
        compactMap { event in
            if case .returned(let message) = event { message } else { nil }
        }
    }
}

/// Runs something that must fail, and returns how.
func failure(_ body: () throws -> Void) -> AMQPError? {
    do {
        try body()
        return nil
    } catch {
        return error as? AMQPError
    }
}
