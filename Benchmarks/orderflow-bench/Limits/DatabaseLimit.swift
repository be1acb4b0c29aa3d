internal import OrderMessages
internal import OrderStore
internal import Postgres
internal import Synchronization

/// The database alone (L1): the rows of a workload written by the statements of the worker, from memory, over as many
/// connections as there are lanes. Outbox rows go with the next batch, as if the broker had confirmed them at once.
struct DatabaseLimit {
    struct Result: Sendable {
        var messages = 0
        var seconds = 0.0
        var batches = 0
        var statements = 0
        var roundTrips = 0
        /// CPU time of the client.
        var clock = PhaseClock()

        var messagesPerSecond: Double { Double(messages) / seconds }
    }

    private let configuration: PostgresConfiguration
    private static let connections = 4
    private static let batch = 200

    init(_ configuration: PostgresConfiguration) {
        self.configuration = configuration
    }

    func run(_ workload: Workload) throws -> Result {
        var result = Result()
        let decoder = try Transaction(configuration)
        result.clock.start()
        let steps = workload.steps.map { step in step.messages.map { decoder.decode(RawMessage($0)) } }
        result.clock.lap(.decode)
        let feed = Feed(steps, batch: Self.batch)
        let sum = Sum()
        for _ in 0..<Self.connections {
            try PlainThread.start { [configuration] in Self.work(feed, configuration, sum) }
        }
        result.seconds = try feed.run(threads: Self.connections)
        result.messages = steps.reduce(0) { $0 + $1.count }
        result.batches = feed.count
        sum.value.withLock { sum in
            result.clock = result.clock + sum.clock
            (result.statements, result.roundTrips) = (sum.statements, sum.roundTrips)
        }
        return result
    }

    private static func work(_ feed: Feed, _ configuration: PostgresConfiguration, _ sum: Sum) {
        do {
            let transaction = try Transaction(configuration)
            transaction.clock = PhaseClock()
            let connection = transaction.store.connection
            let before = (connection.statementCount, connection.roundTripCount)
            feed.ready()
            var confirmed: [OutboxKey] = []
            while let batch = feed.take() {
                confirmed = try transaction.commit(batch.messages, confirmed: confirmed).map(\.key)
                feed.done(batch)
            }
            sum.value.withLock { sum in
                if let clock = transaction.clock { sum.clock = sum.clock + clock }
                sum.statements += connection.statementCount - before.0
                sum.roundTrips += connection.roundTripCount - before.1
            }
            try transaction.store.deleteConfirmed(confirmed)
        } catch {
            feed.failed(error)
        }
        feed.ended()
    }

    /// What the threads come to.
    private final class Sum: Sendable {
        let value = Mutex((clock: PhaseClock(), statements: 0, roundTrips: 0))
    }
}
