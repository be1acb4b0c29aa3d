import AMQP
import FaultAuditor
import OrderWorker
import TestServers
import TestSite

extension FaultCase {
    /// Damaged, random and oversize bodies and headers beside honest ones.
    static let hostileInput = FaultCase(
        id: "F21", title: "hostile input: damaged examples, random bytes, deep nesting, 16 MB",
        isShort: true, isLong: true
    ) { stage in
        stage.crew.scale(to: 0) { settings in
            settings.environment["ORDERFLOW_BOUNDS_DEAD_MESSAGES"] = "10000000"
            settings.environment["ORDERFLOW_WORKER_MARKER_GRACE_SECONDS"] = "0"
        }
        try stage.open(workers: 2)
        var input = try HostileInput(seed: stage.seed)
        let sizes = [1_048_577, 2_000_000, 16_000_000]
        let oversize = stage.scale.pick(2, 6, 30)
        for index in 0..<oversize { stage.speaker.say(input.oversize(bytes: sizes[index % sizes.count]), fate: .kept) }
        let count = stage.scale.pick(2_000, 20_000, 1_000_000)
        for index in 1...count {
            stage.speaker.say(input.next(), fate: .kept)
            // No faster than it is taken.
            if index.isMultiple(of: 2_000) { stage.time("2,000 are taken", limit: 60) { try stage.isTaken() } }
        }
        // Nobody knows under which identity hostile input will have its outcome, and so whether a worker has some in hand.
        stage.calmSeconds = 10
        stage.calmDown()
        stage.measure("hostile messages", Double(count + oversize), "")
        for outcome in ["done", "parked", "refused", "conflict", "dead"] {
            let taken = try stage.count("SELECT count(*) FROM inbox WHERE outcome = '\(outcome)'")
            stage.measure("messages \(outcome)", Double(taken), "")
        }
        let groups = try stage.count("SELECT count(DISTINCT fingerprint) FROM dead_messages")
        stage.measure("groups of dead messages", Double(groups), "")
        try stage.findOversize(oversize)
    }
}

extension Stage {
    /// So many different bodies are kept whole; one may be there twice, since a sender that lost its connection sends again.
    fileprivate func findOversize(_ expected: Int) throws {
        let connection = try AMQPConnection(site.amqpURL(), name: "stage", role: .consuming)
        defer { connection.close() }
        try connection.consume(queue: OrderflowTopology.oversize, tag: "stage", prefetch: 1_000)
        var starts: Set<[UInt8]> = []
        time("oversize messages are kept whole", limit: 20) {
            try connection.receive { event in
                if case .delivery(let delivery) = event { starts.insert(Array(delivery.body.prefix(32))) }
            }
            return starts.count >= expected
        }
        check(starts.count == expected, "\(starts.count) of \(expected) oversize messages are kept whole")
    }

    /// Not much is on its way or in the workers' queues.
    fileprivate func isTaken() throws -> Bool {
        play(0.1)
        let most = 200
        let pending = speaker.pendingCount
        guard pending <= most else { return false }
        let connection = try AMQPConnection(site.amqpURL(), name: "stage", role: .publishing)
        defer { connection.close() }
        let waiting = try OrderflowTopology.inboundQueues.map { queue, _ in
            try connection.checkQueue(queue).messageCount
        }
        return waiting.reduce(pending, +) <= most
    }
}
