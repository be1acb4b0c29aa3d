import AMQP
import OrderCore
import OrderStore
import OrderWorker
import Postgres
import TestServers

extension Site {
    /// Waits for something that the database or the receivers tell.
    package func wait(_ what: String, within seconds: Double = 90, until condition: () throws -> Bool) throws {
        try flush()
        try waitUntil(what, within: seconds, condition)
    }

    /// Waits for something as long as anything moves; when nothing does any more, it is lost, and not only late.
    package func waitWhileMoving(_ what: String, until condition: () throws -> Bool) throws {
        let patience = Duration.seconds(20)
        var (last, since) = (0, ContinuousClock.now)
        try wait(what, within: 600) {
            if try condition() { return true }
            let written = try count(
                "SELECT (SELECT count(*) FROM inbox) + (SELECT count(*) FROM order_journal) + coalesce(max(id), 0) FROM event_log"
            )
            if written != last { (last, since) = (written, .now) }
            guard .now - since > patience, try queued() == 0 else { return false }
            throw Unmet(what: "not \(what), and nothing moves any more")
        }
    }

    /// Messages for the workers, those too that one has in hand; as the broker knew a few seconds ago.
    private func queued() throws -> Int {
        let management = try management()
        return try OrderflowTopology.inboundQueues.map(\.queue).reduce(0) { sum, queue in
            // No figure is no reason to give up.
            try sum + (management.queueDepth(name, queue) ?? 1)
        }
    }

    /// Waits until an order has a status.
    package func waitFor(_ order: String, _ status: String, within seconds: Double = 90) throws {
        var last: String?
        do {
            try wait("\(order) is \(status)", within: seconds) {
                last = try self.status(of: order)
                return last == status
            }
        } catch {
            throw Unmet(what: "\(order) is \(last ?? "not there"), not \(status) within \(seconds) s")
        }
    }

    package func status(of order: String) throws -> String? {
        try text("SELECT status FROM orders WHERE number = '\(order)'")
    }

    /// Waits until a message has had its outcome, and returns it.
    @discardableResult
    package func outcome(of id: String, source: String = "shop", within seconds: Double = 90) throws -> String {
        var found: String?
        try wait("an outcome of \(id)", within: seconds) {
            found = try text("SELECT outcome FROM inbox WHERE source = '\(source)' AND id = '\(id)'")
            return found != nil
        }
        return found ?? ""
    }

    /// Waits until a session of the site's workers waits for a lock that another session has.
    package func waitForStuckLock() throws {
        try wait("a worker waits for a lock") {
            try count(
                """
                SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()
                """) > 0
        }
    }

    /// Makes the timers of an order fall due now.
    package func makeDue(_ kind: String, of order: String? = nil) throws {
        let its = order.map { " AND order_number = '\($0)'" } ?? ""
        try database.execute("UPDATE due SET due_at = now(), next_at = now() WHERE kind = '\(kind)'\(its)")
    }

    /// Messages in a queue that no consumer has.
    package func depth(of queue: String) throws -> Int {
        let connection = try AMQPConnection(amqpURL(), name: "test", role: .consuming)
        defer { connection.close() }
        return try connection.checkQueue(queue).messageCount
    }

    /// Waits until so many messages of the tests are in the inbox, and all that came of them is told.
    package func waitUntilTaken(_ messages: Int, within seconds: Double = 90) throws {
        try flush(within: seconds)
        var last = 0
        do {
            try waitUntil("", within: seconds) {
                last = try count("SELECT count(*) FROM inbox")
                return last >= messages
            }
        } catch {
            throw Unmet(what: "\(last) of \(messages) messages were taken within \(seconds) s")
        }
        try waitUntilQuiet(within: seconds)
    }

    /// Waits until nothing is left to publish, nothing falls due that may have something to tell, and what was published
    /// has been heard. What fell due may have been claimed by a worker that is gone: its claim lasts for a while.
    package func waitUntilQuiet(within seconds: Double = 180) throws {
        try flush()
        // Stock is told by due rows, a moment after its change. In one statement: such a row goes as its events come.
        try waitUntil("the outbox is empty, and nothing is due", within: seconds) {
            try count(
                """
                SELECT (SELECT count(*) FROM outbox)
                    + (SELECT count(*) FROM due WHERE due_at < now() + interval '1 second')
                """) == 0
        }
        let events = try count("SELECT coalesce(sum(cardinality(receivers)), 0)::bigint FROM event_log")
        var heard = 0
        do {
            try waitUntil("", within: seconds) {
                heard = Set(sink.all.map { $0.receiver + $0.id }).count
                return heard >= events
            }
        } catch {
            throw Unmet(what: "\(heard) of \(events) events were heard")
        }
    }

    /// Fails with what the audit finds.
    package func audit(patience: Int = 600) throws {
        let findings = try auditFindings(patience: patience)
        if !findings.isEmpty { throw Unmet(what: "the audit finds: \(findings.prefix(5).joined(separator: "; "))") }
    }

    /// Fails with how the receivers heard less, or otherwise, than the log says.
    package func checkDeliveries() throws {
        let faults = try deliveryFaults()
        if !faults.isEmpty { throw Unmet(what: "receivers heard: \(faults.prefix(5).joined(separator: "; "))") }
    }

    /// What the audit finds, as sentences; empty when all is well.
    private func auditFindings(patience: Int) throws -> [String] {
        var audit = Audit()
        audit.patienceSeconds = patience
        return try audit.run(on: connect()).flatMap(\.findings).map { "\($0.check): \($0.key): \($0.detail)" }
    }

    /// How the receivers heard less, or otherwise, than the log says; empty when all is well.
    ///
    /// Each receiver first saw the events of each subject in the order of their numbers from 1 on without a gap, and a
    /// repeat had the same bytes.
    private func deliveryFaults() throws -> [String] {
        var faults: [String] = []
        var bodies: [String: [UInt8]] = [:]
        var last: [String: Int64] = [:]
        for told in sink.all {
            let key = told.receiver + " " + told.id
            if let known = bodies[key] {
                if known != told.body { faults.append("\(key) came again with other bytes") }
                continue
            }
            bodies[key] = told.body
            guard told.sequence > 0 else { continue }
            // Fulfilments count apart from the order that they are of.
            let stream = told.receiver + " " + told.subject
            let before = last[stream] ?? 0
            let number = EventNumber(epoch: Int64(told.epoch), sequence: Int64(told.sequence)).stored
            if number != EventNumber.next(after: before, in: Int64(told.epoch)) {
                faults.append("\(stream): number \(told.sequence) of epoch \(told.epoch) after \(before)")
            }
            last[stream] = number
        }
        for row in try database.query(
            """
            SELECT t.receiver || ' ' || e.subject, max(t.number) FROM event_log AS e
            CROSS JOIN unnest(e.receivers, e.numbers) AS t (receiver, number) WHERE t.number > 0 GROUP BY 1
            """)
        {
            let (stream, number) = (try row.text(0), try row.int64(1))
            if last[stream] != number { faults.append("\(stream): heard to \(last[stream] ?? 0), logged to \(number)") }
        }
        return faults
    }
}

/// What a test waited for in vain.
package struct Unmet: Error, CustomStringConvertible {
    package let what: String
    package init(what: String) { self.what = what }
    package var description: String { what }
}
