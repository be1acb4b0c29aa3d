internal import AMQP
internal import Logging
internal import OrderCore
internal import OrderMessages
internal import OrderStore
internal import Postgres
internal import Synchronization

/// One thread that takes messages in batches from queue to tables to queue, in a loop, in straight-line code.
///
/// It owns three connections: AMQP for consuming, AMQP for publishing (an alarm blocks only the one that publishes),
/// PostgreSQL. It waits in one place, ``pump(until:descriptor:forWriting:)``. Lanes know nothing of each other.
final class Lane {
    let name: String
    let settings: WorkerSettings
    let log: Logger
    let reader: MessageReader
    let control: WorkerControl
    let pulse: LanePulse
    let wake: WakeUp

    let consumerDialer: Dialer<AMQPConnection>
    let publisherDialer: Dialer<AMQPConnection>
    let databaseDialer: Dialer<PostgresConnection>

    /// Consumes and acks; none while it is being made, or while intake is suspended.
    var consuming: AMQPConnection?
    /// Publishes.
    var publishing: AMQPConnection?
    /// The database session, with its lane number.
    var session: LaneSession?

    /// Received and decoded, not yet in a batch.
    var received = Fifo<Incoming>()
    var receivedBytes = 0

    /// Events that are committed and not yet confirmed.
    var publisher = LanePublisher()
    /// The rules of operations, and the receivers that they name, for whom a publisher that is dialled declares queues.
    var rules: LaneRules
    let namedReceivers: NamedReceivers
    /// Duties beside the batches, and when they are due.
    var duties = Duties()
    /// Why messages are not taken at the moment.
    var pause: Pause?
    /// Since when a batch is in hand with its deliveries unsettled.
    var inHandSince: ContinuousClock.Instant?
    /// Suspects of the batch in hand that have their crash mark: one for each time that they are taken.
    var marked: Set<String> = []

    init(name: String, settings: WorkerSettings, control: WorkerControl, log: Logger) {
        self.name = name
        self.settings = settings
        self.control = control
        self.log = log
        let wake = WakeUp()
        self.wake = wake
        pulse = LanePulse()
        reader = MessageReader(authority: settings.authority)
        rules = LaneRules(settings.rules)
        let label = "orderflow \(settings.instance) \(name)"
        consumerDialer = Dialer(wake: wake) { try Self.dialConsumer(label, settings) }
        let receivers = NamedReceivers(rules.book.set.receivers)
        namedReceivers = receivers
        publisherDialer = Dialer(wake: wake) { try Self.dialPublisher(label, settings, receivers.names) }
        databaseDialer = Dialer(wake: wake) { try PostgresConnection(settings.laneDatabase) }
        control.register(pulse, wake)
    }

    /// Takes messages until the worker is told to stop, then drains.
    func run() {
        while !control.isStopping {
            guard ensureConnected() else { continue }
            attend(to: dutiesDue())
            publish()
            if publisher.isBehind, publishing?.isOpen == true, publishing?.isBlocked == false {
                pump(until: .now + .milliseconds(100))
                continue
            }
            let batch = takeBatch()
            if batch.isEmpty, (duties.unroutable.isEmpty && duties.alerts.isEmpty) || session == nil {
                settleConfirmedWhenIdle()
                waitForWork()
            } else {
                process(batch)
            }
        }
        drain()
        control.remove(pulse)
    }

    /// What has arrived since the last batch, never waiting for more; with it, what fell due.
    private func takeBatch() -> [WorkItem] {
        guard pause == nil, session != nil else { return [] }
        var batch = takeClaimed()
        var bytes = 0
        while let next = received.first, batch.count < settings.batchMessages {
            guard batch.isEmpty || bytes + next.size <= settings.batchBytes else { break }
            let item = WorkItem.delivery(next)
            if let first = batch.first, item.isSuspect || first.isSuspect { break }
            bytes += next.size
            _ = received.popFirst()
            batch.append(item)
        }
        receivedBytes -= bytes
        return batch
    }

    private static func dialPublisher(
        _ label: String, _ settings: WorkerSettings, _ receivers: Set<String>
    ) throws -> AMQPConnection {
        let connection = try AMQPConnection(settings.broker, name: label + " publish", role: .publishing)
        if settings.declaresTopology {
            try OrderflowTopology.topology(ofReceivers: receivers).declare(on: connection)
        }
        return connection
    }

    private static func dialConsumer(_ label: String, _ settings: WorkerSettings) throws -> AMQPConnection {
        let connection = try AMQPConnection(
            settings.broker, name: label + " consume", role: .consuming, options: settings.consumingOptions)
        if settings.declaresTopology { try OrderflowTopology.topology.declare(on: connection) }
        return connection
    }
}

extension WorkerSettings {
    var consumingOptions: ConnectionOptions {
        var options = ConnectionOptions()
        options.oversizeDigest = { SHA256Digest() }
        return options
    }

    /// Dead sessions end by themselves, so that their locks and lane numbers are free; a lane pings within that time.
    var laneDatabase: PostgresConfiguration {
        var configuration = database
        configuration.applicationName = "orderflow \(instance)"
        configuration.lockTimeoutMilliseconds = 2_000
        configuration.statementTimeoutMilliseconds = 30_000
        configuration.idleInTransactionTimeoutMilliseconds = 10_000
        configuration.idleSessionTimeoutMilliseconds = 30_000
        return configuration
    }

    /// Prefetch: two batches, so that the next is there while one is with the database.
    var prefetch: UInt16 { UInt16(clamping: batchMessages * 2) }
}
