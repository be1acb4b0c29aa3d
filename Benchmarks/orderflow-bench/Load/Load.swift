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
    ///
    /// - Parameters:
    ///   - check: called again and again.
    ///   - started: called once, when what comes before the clock is done.
    func run(seconds limit: Int, _ check: () throws -> Void, started: () throws -> Void) throws -> Double {
        let deadline = ContinuousClock.now + .seconds(limit)
        if workload.stepsBefore > 0 {
            for step in workload.steps[..<workload.stepsBefore] { try publish(step.messages) }
            for step in workload.steps[..<workload.stepsBefore] { try settle(step, until: deadline, check) }
            try awaitEmptyOutbox(check)
        }
        try started()
        let start = ContinuousClock.now
        for index in workload.stepsBefore..<workload.steps.count {
            if index >= workload.stepsBefore + 2 { try settle(workload.steps[index - 2], until: deadline, check) }
            try publish(workload.steps[index].messages)
        }
        for step in workload.steps.suffix(2) { try settle(step, until: deadline, check) }
        try awaitEmptyOutbox(check)
        return (ContinuousClock.now - start) / .seconds(1)
    }

    /// Publishes everything without waiting for what comes of it, then listens until `isDone`; gives the seconds.
    func flood(until isDone: () throws -> Bool) throws -> Double {
        let start = ContinuousClock.now
        for step in workload.steps { try publish(step.messages) }
        while try !isDone() { try turn(milliseconds: 5) }
        return (ContinuousClock.now - start) / .seconds(1)
    }

    private func publish(_ messages: [OutsideMessage]) throws {
        for message in messages {
            guard message.properties.isPersistent else { throw BenchFailure("a message of the load is not persistent") }
            while !publishing.canPublish(bytes: message.body.count) { try turn(milliseconds: 5) }
            try publishing.publish(
                exchange: OrderflowTopology.inbound, routingKey: message.routingKey,
                properties: message.properties, body: message.body)
        }
        try publishing.flush()
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

    /// All that was published is confirmed: its messages to the last, and the events of the workers.
    private func awaitEmptyOutbox(_ check: () throws -> Void) throws {
        try poll("an empty outbox", seconds: 60) {
            try check()
            return try publishing.unconfirmedCount == 0
                && !database.query("SELECT EXISTS (SELECT FROM outbox)").only().bool(0)
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
        var isPersistent = true
        try listening.receive { event in
            guard case .delivery(let delivery) = event else { return }
            last = delivery
            isPersistent = isPersistent && delivery.properties.isPersistent
            guard events.contains(delivery.routingKey), let wave = workload.wave(ofEvent: delivery.body) else { return }
            signs[Workload.Sign(event: delivery.routingKey, wave: wave), default: 0] += 1
        }
        guard isPersistent else { throw BenchFailure("an event is not persistent") }
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
