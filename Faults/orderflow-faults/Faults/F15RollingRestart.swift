import AMQP
import FaultAuditor
import OrderSimulator
import Postgres
import TestSite

extension FaultCase {
    /// All replicas are replaced, one after the other, again and again; then more of them, then fewer.
    static let rollingRestart = FaultCase(
        id: "F15", title: "rolling restart by SIGTERM, and scaling from 1 to 4 and back", isShort: true
    ) { stage in
        // Nobody says anything twice: what comes again is the broker's doing.
        stage.speaker.echo(percent: 0)
        let trace = try DeliveryTrace(stage.site)
        try stage.open(workers: 3, perSecond: stage.usualRate * 2)
        stage.time("all replicas consume", limit: 10) { try stage.consumers() == 3 }
        for _ in 0..<stage.scale.pick(2, 20, 20) { try stage.replaceAll() }
        try stage.checkDeliveries("while one worker after the other ends", most: 1)
        // Workers that end at the same time may hand a message on to each other before it comes to one that stays.
        for _ in 0..<stage.scale.pick(1, 4, 10) {
            for replicas in [1, 4, 1] { try stage.scale(to: replicas) }
            try stage.awaitHandedBack()
        }
        try stage.checkDeliveries("while three workers end at once", most: 3)
        stage.load.place(perSecond: 0)
        stage.time("the queues are empty", limit: 20) { try stage.isIdle() }
        try stage.checkFinishedWork(trace)
    }
}

extension Stage {
    /// Each replica is told to end, and drains; the next one when another has taken its place.
    fileprivate func replaceAll() throws {
        for worker in crew.workers {
            let replicas = try consumers()
            // A burst: there is something in hand.
            for _ in 1...20 { try site.place("shop/restart-\(site.next())") }
            play(Double.random(in: 0...0.05, using: &random))
            let start = ContinuousClock.now
            note(end: try crew.drain(worker), after: start)
            time("another has taken its place", limit: 10) { try consumers() == replicas }
            try awaitHandedBack()
        }
    }

    /// So that no message meets two drains.
    fileprivate func awaitHandedBack() throws {
        let said = speaker.ledger.entries.count
        time("what was handed back is done", limit: 10) { try count("SELECT count(*) FROM inbox") >= said }
    }

    fileprivate func scale(to replicas: Int) throws {
        let before = crew.workers
        let start = ContinuousClock.now
        crew.scale(to: replicas)
        for worker in before.dropFirst(replicas) { note(end: try worker.end(within: 120), after: start) }
        time("so many replicas consume", limit: 10) { try consumers() == replicas }
        play(1)
    }

    /// Lanes that take orders.
    fileprivate func consumers() throws -> Int {
        let connection = try AMQPConnection(site.amqpURL(), name: "stage", role: .publishing)
        defer { connection.close() }
        return try connection.checkQueue("orders.internal").consumerCount
    }

    private func note(end status: Int32, after start: ContinuousClock.Instant) {
        measure("a worker drains", (.now - start) / .seconds(1), "s", limit: 20)
        check(status == 0, "a worker that was told to end ended with \(WaitStatus(status))")
    }

    /// Everything that was said has its outcome.
    fileprivate func isIdle() throws -> Bool {
        guard speaker.isIdle, load.isIdle else { return false }
        return try count("SELECT count(*) FROM inbox") >= speaker.ledger.entries.count
    }

    /// A message is logged with the count of its redeliveries when it has its outcome.
    fileprivate func checkDeliveries(_ when: String, most: Int) throws {
        let largest = try count("SELECT coalesce(max((headers ->> 'x-delivery-count')::bigint), 0) FROM message_log")
        measure("redeliveries of a message \(when)", Double(largest), "")
        check(largest <= most, "a message was redelivered \(largest) times \(when)")
    }

    /// What was given out more often than the log of its outcome says was finished by then.
    fileprivate func checkFinishedWork(_ trace: DeliveryTrace) throws {
        let session = try site.connect()
        defer { session.close() }
        var logged: [String: Int] = [:]
        let rows = try session.query(
            """
            SELECT source || ' ' || id, coalesce(max((headers ->> 'x-delivery-count')::bigint), 0)
            FROM message_log WHERE body IS NOT NULL GROUP BY 1
            """)
        for row in rows { logged[try row.text(0)] = try row.int(1) }
        let deliveries = try trace.take()
        check(deliveries.count >= logged.count, "the trace has \(deliveries.count) of \(logged.count) deliveries")
        let repeats = deliveries.filter { $0.deliveryCount > 0 }
        let finished = repeats.filter { $0.deliveryCount > logged["\($0.source) \($0.id)"] ?? 0 }
        measure("redeliveries of untouched work", Double(repeats.count - finished.count), "")
        measure("redeliveries of finished work", Double(finished.count), "")
        for entry in finished.prefix(3) { note("\(entry.source) \(entry.id) was finished, and given out again") }
    }
}
