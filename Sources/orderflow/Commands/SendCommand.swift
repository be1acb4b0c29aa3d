internal import AMQP
internal import ArgumentParser
internal import OrderWorker

/// `orderflow send`: publishes messages from a file, each confirmed by the broker.
struct SendCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send", abstract: "Publish messages, one JSON object a line, each confirmed by the broker.",
        discussion: """
            A line is a CloudEvent: {"type": "payment.captured.v1", "source": "gateway", "id": "1", "data": {…}}. Its type \
            says where it goes; a member "routingKey" stands over that. Lines that can't be sent are told with their number, \
            the others are sent. Sending a file again is harmless: a message is known by source and id.
            """)

    enum Queue: String, CaseIterable, ExpressibleByArgument {
        case ordersInternal = "orders.internal"
        case ordersExternal = "orders.external"

        var routingKey: String { self == .ordersInternal ? "order.internal" : "order.external" }
    }

    @Argument(help: "The file; - for the standard input.")
    var file: String

    @Option(help: "Where orders go that don't name their routing key.")
    var queue: Queue?

    @OptionGroup var options: ConfigurationOptions

    /// Body and envelope; the broker's side takes no more.
    private static let maxBytes = 1024 * 1024

    func run() throws {
        let configuration = try options.load()
        var reader = try LineReader(path: file, maxBytes: Self.maxBytes)
        let connection = try configuration.connectBroker(.publishing)
        defer { connection.close() }
        var report = SendReport(file: file)
        let publisher = ConfirmedPublisher(connection)
        var lines: [UInt64: Int] = [:]
        publisher.onSettled { tag, outcome in
            report.settled(line: lines.removeValue(forKey: tag) ?? 0, outcome)
        }
        do {
            while let (line, isTooLong) = try reader.next() {
                let message: OutgoingMessage
                do throws(OutgoingMessage.Problem) {
                    guard !isTooLong else { throw OutgoingMessage.Problem("longer than \(Self.maxBytes) bytes") }
                    guard let read = try OutgoingMessage(line: line, orderKey: queue?.routingKey) else { continue }
                    message = read
                } catch {
                    report.bad(line: reader.number, error.text)
                    continue
                }
                var properties = message.properties
                // The broker vouches for it: what may be believed depends on it.
                properties.userID = connection.url.user
                let tag = try publisher.publish(
                    exchange: OrderflowTopology.inbound, routingKey: message.routingKey, properties: properties,
                    body: message.body)
                lines[tag] = reader.number
            }
            try publisher.finish()
        } catch {
            report.end(unsettled: lines.count)
            guard let refusal = error as? AMQPError, refusal.replyCode == 404 else { throw error }
            throw Failure(
                .usage, "the broker has no exchange \(OrderflowTopology.inbound): `orderflow topology declare`")
        }
        report.end(unsettled: 0)
        if report.isFaulty { throw Failure(.findings, "") }
    }
}
