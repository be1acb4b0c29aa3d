internal import AMQP
internal import Glibc
internal import OrderImport
internal import Postgres

/// Holds a stage back until a worker has taken the messages of those before it.
struct StageBarrier {
    private let configuration: Configuration
    private let patience: Duration
    private var expected: [(source: String, id: String)] = []

    /// - Parameter patience: how long no worker may take any of them.
    init(_ configuration: Configuration, patience: Duration) throws {
        self.configuration = configuration
        self.patience = patience
        // Better told before anything is sent.
        try configuration.connectDatabase().close()
    }

    /// A message that a later stage will wait for.
    mutating func expect(_ message: ImportMessage) {
        expected.append((message.source, message.id))
    }

    /// Waits until everything expected stands in the inbox.
    mutating func pass(after stage: String, before next: String, keepingAlive broker: AMQPConnection)
        throws
    {
        let database = try configuration.connectDatabase()
        defer { database.close() }
        let total = expected.count
        var deadline = ContinuousClock.now + patience
        while true {
            let left = try missing(database)
            if left.isEmpty { break }
            if left.count < expected.count { deadline = .now + patience }
            expected = left
            Console.progress(
                ProgressBar.text(
                    total - left.count, of: total, "of stage \(stage) taken by a worker, then \(next)"))
            guard ContinuousClock.now < deadline else {
                throw Failure(
                    .timedOut,
                    "no worker has taken any of the \(left.count) messages left of stage \(stage) for \(patience): "
                        + "start one (`orderflow worker`), or send all at once with --no-wait")
            }
            try broker.receive { _ in }
            try broker.serviceHeartbeat()
            usleep(200_000)
        }
        expected = []
    }

    private func missing(_ database: PostgresConnection) throws(PostgresError) -> [(
        source: String, id: String
    )] {
        var missing: [(source: String, id: String)] = []
        for start in stride(from: 0, to: expected.count, by: 1_000) {
            let part = expected[start..<min(start + 1_000, expected.count)]
            let rows = try database.query(
                """
                SELECT w.source, w.id FROM unnest($1, $2) AS w (source, id)
                WHERE NOT EXISTS (SELECT FROM inbox AS i WHERE i.source = w.source AND i.id = w.id)
                """, [.textArray(part.map(\.source)), .textArray(part.map(\.id))])
            for row in rows { missing.append((try row.text(0), try row.text(1))) }
        }
        return missing
    }
}
