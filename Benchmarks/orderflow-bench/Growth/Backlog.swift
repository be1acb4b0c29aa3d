internal import AMQP
internal import OrderWorker
internal import Postgres
internal import TradingDay

/// Orders that wait in the queues before the workers start, and how fast they go then. Receivers read their events.
final class Backlog {
    private let count: Int
    private let seed: UInt64
    private let outside: Outside
    private let database: PostgresConnection

    init(_ count: Int, seed: UInt64, broker: AMQPURL, database: PostgresConnection) throws {
        self.count = count
        self.seed = seed
        self.database = database
        outside = try Outside(broker, hearing: OrderflowTopology.receiverQueues.map(\.queue))
    }

    /// Orders are made as they go: a million do not stand in memory.
    func fill() throws {
        var seed = Seed(seed)
        let now = Moment(seconds: 1_790_000_000)
        for index in 0..<count {
            let order = LoadOrder(number: LoadOrder.firstNumber + index, .lifecycle, &seed)
            guard let message = order.message(.placed, at: now) else { continue }
            try outside.send(message) { _ in }
            if index % 10_000 == 0 { Terminal.tick("filling the queues: \(index.grouped) of \(count.grouped)") }
        }
        Terminal.endTicks()
        while outside.unconfirmed > 0 { try outside.turn(milliseconds: 20) { _ in } }
    }

    /// Gives the seconds until no message is left and every event is confirmed.
    func drain(_ check: () throws -> Void) throws -> Double {
        let start = ContinuousClock.now
        var lookAt = start
        while true {
            try outside.turn(milliseconds: 20) { _ in }
            try check()
            guard .now > lookAt else { continue }
            lookAt = .now + .milliseconds(500)
            let waiting = try ["orders.internal", "orders.external"].reduce(0) { sum, queue in
                sum + (try outside.waiting(in: queue))
            }
            Terminal.tick("working off the backlog: \(waiting.grouped) of \(count.grouped) wait")
            guard waiting == 0 else { continue }
            let row = try database.query("SELECT (SELECT count(*) FROM orders), EXISTS (SELECT FROM outbox)").only()
            if try row.int(0) >= count, try !row.bool(1) { break }
        }
        Terminal.endTicks()
        return (ContinuousClock.now - start) / .seconds(1)
    }
}
