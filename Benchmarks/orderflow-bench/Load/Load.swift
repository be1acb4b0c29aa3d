internal import AMQP
internal import Postgres
internal import TradingDay

/// The load generator: fills the queues step by step, and notes when all is done.
final class Load {
    private let workload: Workload
    private let outside: Outside
    private let database: PostgresConnection
    private var signs: [Workload.Sign: Int] = [:]
    private let events = Set(Workload.Stage.allCases.compactMap(\.sign))

    /// Empties the queues of the vhost, and begins to listen.
    init(_ workload: Workload, broker: AMQPURL, database: PostgresConnection) throws {
        self.workload = workload
        self.database = database
        outside = try Outside(broker, hearing: ["storefront.updates"])
    }

    /// Waits until every queue has so many consumers.
    func awaitConsumers(_ count: Int, _ check: () throws -> Void) throws { try outside.awaitConsumers(count, check) }

    /// Runs to the end and gives the seconds from the first message to the last confirmed event.
    ///
    /// - Parameters:
    ///   - check: called again and again.
    ///   - started: called once, when what comes before the clock is done.
    func run(seconds limit: Int, _ check: () throws -> Void, started: () throws -> Void) throws -> Double {
        let deadline = ContinuousClock.now + .seconds(limit)
        if workload.stepsBefore > 0 {
            for step in workload.steps[..<workload.stepsBefore] { try send(step.messages) }
            for step in workload.steps[..<workload.stepsBefore] { try settle(step, until: deadline, check) }
            try awaitEmptyOutbox(check)
        }
        try started()
        let start = ContinuousClock.now
        for index in workload.stepsBefore..<workload.steps.count {
            if index >= workload.stepsBefore + 2 { try settle(workload.steps[index - 2], until: deadline, check) }
            try send(workload.steps[index].messages)
        }
        for step in workload.steps.suffix(2) { try settle(step, until: deadline, check) }
        try awaitEmptyOutbox(check)
        return (ContinuousClock.now - start) / .seconds(1)
    }

    /// Sends everything without waiting for what comes of it, then listens until `isDone`; gives the seconds.
    func flood(until isDone: () throws -> Bool) throws -> Double {
        let start = ContinuousClock.now
        for step in workload.steps { try send(step.messages) }
        while try !isDone() { try turn(milliseconds: 5) }
        return (ContinuousClock.now - start) / .seconds(1)
    }

    private func send(_ messages: [OutsideMessage]) throws {
        for message in messages { try outside.send(message, hear) }
        try outside.flush()
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

    /// All that was published is confirmed: our messages to the last, and the events of the workers.
    private func awaitEmptyOutbox(_ check: () throws -> Void) throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while try outside.unconfirmed > 0 || database.query("SELECT EXISTS (SELECT FROM outbox)").only().bool(0) {
            guard .now < deadline else { throw BenchFailure("waited 60 s for an empty outbox, in vain") }
            try check()
            try turn(milliseconds: 10)
        }
    }

    private func turn(milliseconds: Int32) throws { try outside.turn(milliseconds: milliseconds, hear) }

    private func hear(_ delivery: Delivery) {
        guard events.contains(delivery.routingKey), let wave = workload.wave(ofEvent: delivery.body) else { return }
        signs[Workload.Sign(event: delivery.routingKey, wave: wave), default: 0] += 1
    }
}
