internal import AMQP
internal import Glibc
internal import OrderWorker
internal import Postgres
internal import TradingDay

/// The load generator: fills the queues step by step, and notes when all is done. One thread, two connections.
final class Load {
    private let workload: Workload
    private let publishing: AMQPConnection
    private let listening: AMQPConnection
    private let database: PostgresConnection
    private var signs: [Workload.Sign: Int] = [:]
    private let events = Set(Workload.Stage.allCases.compactMap(\.sign))

    /// Empties the queues of the vhost, and begins to listen.
    init(_ workload: Workload, broker: AMQPURL, database: PostgresConnection) throws {
        self.workload = workload
        self.database = database
        publishing = try AMQPConnection(broker, name: "bench: load", role: .publishing)
        for queue in OrderflowTopology.topology.queues { try publishing.deleteQueue(queue.name) }
        try OrderflowTopology.topology.declare(on: publishing)
        listening = try AMQPConnection(broker, name: "bench: signs", role: .consuming)
        try listening.consume(queue: "storefront.updates", tag: "signs", prefetch: 2_000)
    }

    /// Waits until every queue has so many consumers.
    func awaitConsumers(_ count: Int, _ check: () throws -> Void) throws {
        try poll("consumers", seconds: 30) {
            try check()
            return try publishing.checkQueue("staff.commands").consumerCount >= count
                || publishing.checkQueue("warehouse.callbacks").consumerCount >= count
        }
    }

    /// Runs to the end and gives the seconds from the first message to the last confirmed event.
    func run(seconds limit: Int, _ check: () throws -> Void) throws -> Double {
        let start = ContinuousClock.now
        let deadline = start + .seconds(limit)
        for (index, step) in workload.steps.enumerated() {
            if index >= 2 { try settle(workload.steps[index - 2], until: deadline, check) }
            for message in step.messages {
                while !publishing.canPublish(bytes: message.body.count) { try turn(milliseconds: 5) }
                try publishing.publish(
                    exchange: OrderflowTopology.inbound, routingKey: message.routingKey,
                    properties: message.properties, body: message.body)
            }
            try publishing.flush()
        }
        try settle(workload.steps[workload.steps.count - 1], until: deadline, check)
        try poll("an empty outbox", seconds: 30) {
            try check()
            return try !database.query("SELECT EXISTS (SELECT FROM outbox)").only().bool(0)
        }
        return (ContinuousClock.now - start) / .seconds(1)
    }

    private func settle(
        _ step: Workload.Step, until deadline: ContinuousClock.Instant, _ check: () throws -> Void
    ) throws {
        while !step.signs.allSatisfy({ signs[$0.key, default: 0] >= $0.value }) {
            guard .now < deadline else {
                let missing = step.signs.filter { signs[$0.key, default: 0] < $0.value }.count
                throw BenchFailure("the run takes too long: \(missing) stages of a step are not done")
            }
            try check()
            try turn(milliseconds: 20)
        }
    }

    private func turn(milliseconds: Int32) throws {
        try publishing.flush()
        var entries = [
            pollfd(fd: listening.fileDescriptor, events: Int16(POLLIN), revents: 0),
            pollfd(
                fd: publishing.fileDescriptor, events: Int16(publishing.wantsWrite ? POLLIN | POLLOUT : POLLIN),
                revents: 0),
        ]
        let waits = !listening.hasBufferedInput && !publishing.hasBufferedInput
        _ = Glibc.poll(&entries, 2, waits ? milliseconds : 0)
        try publishing.receive { _ in }
        var last: Delivery?
        try listening.receive { event in
            guard case .delivery(let delivery) = event else { return }
            last = delivery
            guard events.contains(delivery.routingKey), let wave = workload.wave(ofEvent: delivery.body) else { return }
            signs[Workload.Sign(event: delivery.routingKey, wave: wave), default: 0] += 1
        }
        if let last { try listening.ack(last.deliveryTag, multiple: true, generation: last.generation) }
        try publishing.serviceHeartbeat()
        try listening.serviceHeartbeat()
    }

    private func poll(_ what: String, seconds: Int, until condition: () throws -> Bool) throws {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while try !condition() {
            guard .now < deadline else { throw BenchFailure("waited \(seconds) s for \(what), in vain") }
            try turn(milliseconds: 10)
        }
    }
}
