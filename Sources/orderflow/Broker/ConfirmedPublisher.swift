internal import AMQP
internal import Glibc

/// Publishes from straight-line code and waits for the confirms.
final class ConfirmedPublisher {
    private let connection: AMQPConnection
    /// How long the broker may leave a publish unconfirmed.
    private let patience: Duration
    private var hears: ((UInt64, PublishOutcome) -> Void)?

    init(_ connection: AMQPConnection, patience: Duration = .seconds(30)) {
        self.connection = connection
        self.patience = patience
    }

    /// Called with each publish that is settled.
    func onSettled(_ hears: @escaping (UInt64, PublishOutcome) -> Void) {
        self.hears = hears
    }

    /// Publishes as soon as the window has room; gives the publish's tag.
    func publish(
        exchange: String, routingKey: String, properties: MessageProperties, body: [UInt8]
    ) throws -> UInt64 {
        try wait { connection.canPublish(bytes: body.count) }
        return try connection.publish(
            exchange: exchange, routingKey: routingKey, properties: properties, body: body, isMandatory: true)
    }

    /// Waits until everything is settled.
    func finish() throws {
        try wait { connection.unconfirmedCount == 0 }
    }

    /// Does the connection's duties until the condition holds.
    private func wait(until isDone: () -> Bool) throws {
        var deadline = ContinuousClock.now + patience
        while true {
            try connection.receive { event in
                switch event {
                case .settled(let settlement):
                    deadline = .now + patience
                    hears?(settlement.tag, settlement.outcome)
                case .blocked(let reason): Console.message("the broker takes no messages for now: \(reason)")
                case .unblocked: Console.message("the broker takes messages again")
                case .delivery, .returned, .consumerCancelled: break
                }
            }
            if isDone() { return }
            try connection.flush()
            try connection.serviceHeartbeat()
            guard ContinuousClock.now < deadline else {
                throw Failure(.unavailable, "the broker confirmed nothing for \(patience)")
            }
            if connection.hasBufferedInput { continue }
            var entry = pollfd(
                fd: connection.fileDescriptor,
                events: Int16(POLLIN) | (connection.wantsWrite ? Int16(POLLOUT) : 0), revents: 0)
            poll(&entry, 1, 200)
        }
    }
}
