import AMQP
import Foundation
import Glibc
import OrderWorker
import Postgres
import TestSite
import Testing

@Suite("P7: a fault hurts the message that has it, and none else")
struct IsolationTests {
    @Test("data that only the database refuses is bisected down to the culprit; the rest of the batch commits")
    func dataFault() async throws {
        try await Site.use { site in
            try site.open()
            try site.database.execute(
                "ALTER TABLE order_lines ADD CONSTRAINT no_culprit CHECK (order_number <> 'shop/culprit')")
            for index in 1...60 { try site.place("shop/\(index)") }
            try site.place("shop/culprit", id: "culprit")
            for index in 61...120 { try site.place("shop/\(index)") }
            try site.wait("the others are there") { try site.count("SELECT count(*) FROM orders") == 120 }
            #expect(try site.outcome(of: "culprit") == "dead")
            #expect(try site.text("SELECT reason FROM dead_messages")?.contains("no_culprit") == true)
            #expect(try site.text("SELECT order_number FROM dead_messages") == "shop/culprit")
            #expect(try site.count("SELECT reserved FROM stock") == 120)
            try site.audit()
        }
    }

    @Test(
        "an error of schema or set-up pauses intake: nothing is acked or blamed, and all goes on after the repair",
        arguments: [
            ("ALTER TABLE order_lines RENAME TO gone", "ALTER TABLE gone RENAME TO order_lines"),
            ("DROP TABLE event_log_today CASCADE", "SELECT make_log_partitions(7)"),
        ])
    func schemaFault(breaking: String, repair: String) async throws {
        try await Site.use(workers: 0) { site in
            let worker = try site.startWorker()
            try site.open()
            let today = try site.text("SELECT 'event_log_' || to_char(now() AT TIME ZONE 'UTC', 'YYYYMMDD')") ?? ""
            try site.database.execute(breaking.replacing("event_log_today", with: today))
            for index in 1...50 { try site.place("shop/\(index)") }
            try site.flush()
            try site.wait("intake has met the fault, and met it again") {
                worker.log.count(of: "intake pauses") >= 2
            }
            #expect(try site.count("SELECT count(*) FROM orders") == 0)
            #expect(try site.count("SELECT count(*) FROM dead_messages") == 0)
            try site.database.execute(repair)
            try site.wait("all are there after the repair") { try site.count("SELECT count(*) FROM orders") == 50 }
            #expect(try site.count("SELECT count(*) FROM dead_messages") == 0)
        }
    }

    @Test(
        "a right that is taken away pauses intake: no message is blamed, and all goes on by itself when it is given back",
        arguments: ["order_lines", "inbox", "outbox"])
    func revoked(table: String) async throws {
        try await Site.use(workers: 0) { site in
            let limited = try site.limitedSettings()
            let worker = try site.startWorker { $0.database = limited }
            try site.open()
            try site.place("shop/0")
            try site.waitFor("shop/0", "awaiting_payment")
            try site.database.execute("REVOKE INSERT ON \(table) FROM orderflow_worker")
            for index in 1...50 { try site.place("shop/\(index)") }
            try site.wait("intake has met the fault, and met it again") {
                worker.log.count(of: "intake pauses") >= 2
            }
            #expect(try site.count("SELECT count(*) FROM orders") == 1)
            #expect(try site.count("SELECT count(*) FROM dead_messages") == 0)
            try site.database.execute("GRANT INSERT ON \(table) TO orderflow_worker")
            try site.wait("all are there after the repair") { try site.count("SELECT count(*) FROM orders") == 51 }
            #expect(try site.count("SELECT count(*) FROM dead_messages") == 0)
            try site.waitUntilQuiet()
            try site.checkDeliveries()
            try site.audit()
        }
    }

    @Test("a lock that does not come holds up its order alone; the order is decided when it comes")
    func stuckLock() async throws {
        try await Site.use { site in
            try site.open(skus: ["TEA", "CUP"])
            try site.place("shop/1")
            try site.waitFor("shop/1", "awaiting_payment")
            let other = try site.connect()
            try other.execute("BEGIN; SELECT FROM orders WHERE number = 'shop/1' FOR UPDATE")
            try site.pay("shop/1", id: "stuck")
            for index in 2...30 { try site.place("shop/\(index)", sku: "CUP") }
            try site.wait("the others are there") {
                try site.count("SELECT count(*) FROM orders WHERE number <> 'shop/1'") == 29
            }
            #expect(try site.outcome(of: "stuck", source: "gateway") == "parked")
            try other.execute("ROLLBACK")
            try site.waitFor("shop/1", "released")
        }
    }

    @Test("a payment of several orders that meets a lock waits whole, with its body in the log, and is applied once")
    func stuckParts() async throws {
        try await Site.use { site in
            try site.open()
            for number in ["shop/1", "shop/2"] {
                try site.place(number)
                try site.waitFor(number, "awaiting_payment")
            }
            let other = try site.connect()
            try other.execute("BEGIN; SELECT FROM orders WHERE number = 'shop/2' FOR UPDATE")
            try site.payTogether(["shop/1", "shop/2"], transaction: "T", id: "stuck")
            #expect(try site.outcome(of: "stuck", source: "gateway", within: 120) == "parked")
            #expect(try site.count("SELECT count(*) FROM parked WHERE whole") == 1)
            #expect(try site.count("SELECT count(*) FROM message_log WHERE id = 'stuck' AND body IS NOT NULL") == 1)
            try site.audit()
            try other.execute("ROLLBACK")
            try site.waitFor("shop/1", "released", within: 120)
            try site.waitFor("shop/2", "released")
            #expect(try site.count("SELECT sum(captured)::bigint FROM orders") == 2_000)
            #expect(try site.count("SELECT count(*) FROM parked") == 0)
            try site.audit()
        }
    }

    @Test("an order whose stock is locked for long waits in the database, its lane goes on, and it is placed at last")
    func stuckStock() async throws {
        try await Site.use { site in
            try site.open(skus: ["TEA", "CUP"])
            let other = try site.connect()
            try other.execute("BEGIN; SELECT FROM stock WHERE sku = 'TEA' FOR UPDATE")
            try site.place("shop/1", id: "stuck")
            try site.flush()
            for number in 2...20 { try site.place("shop/\(number)", sku: "CUP") }
            try site.receive(5, of: "TEA", in: "WH1", document: "stuck too")
            try site.wait("the others are placed", within: 120) {
                try site.count("SELECT count(*) FROM orders") == 19
            }
            #expect(try site.outcome(of: "stuck", within: 120) == "parked")
            try site.wait("a report of stock waits too", within: 120) {
                try site.count("SELECT count(*) FROM parked WHERE waits_for = 'busy'") == 2
            }
            try other.execute("ROLLBACK")
            try site.waitFor("shop/1", "awaiting_payment", within: 120)
            try site.wait("the stock is there", within: 120) {
                try site.count("SELECT on_hand FROM stock WHERE sku = 'TEA'") == 1_005
            }
            #expect(try site.outcome(of: "stuck") == "done")
            #expect(try site.count("SELECT count(*) FROM parked") == 0)
            #expect(try site.count("SELECT count(*) FROM dead_messages") == 0)
            try site.audit()
        }
    }

    @Test("a message whose crash mark is the fifth is dead as a crash suspect, and the rest goes on")
    func crashSuspect() async throws {
        try await Site.use(workers: 0) { site in
            let first = try site.startWorker()
            try site.open()
            #expect(first.stop())
            try site.startMarks(at: 5)
            try site.place("shop/suspect", id: "suspect")
            try site.flush()
            try site.redeliver(times: 3, queue: "orders.internal", count: 1)
            try site.place("shop/1")
            try site.startWorker()
            try site.waitFor("shop/1", "awaiting_payment")
            #expect(try site.outcome(of: "suspect") == "dead")
            #expect(try site.text("SELECT fingerprint FROM dead_messages") == "crash_suspect")
            #expect(try site.count("SELECT count(*) FROM crash_marks") == 0)
        }
    }

    @Test("a message that was delivered often and is innocent is applied, and leaves no mark")
    func innocentSuspect() async throws {
        try await Site.use(workers: 0) { site in
            let first = try site.startWorker()
            try site.open()
            #expect(first.stop())
            for index in 1...20 { try site.place("shop/\(index)") }
            try site.flush()
            try site.redeliver(times: 4, queue: "orders.internal", count: 20)
            try site.startWorker()
            try site.wait("all are there") { try site.count("SELECT count(*) FROM orders") == 20 }
            #expect(try site.count("SELECT count(*) FROM crash_marks") == 0)
            #expect(try site.count("SELECT count(*) FROM dead_messages") == 0)
        }
    }

    @Test("a suspect that meets locked rows again and again is no crash suspect")
    func suspectMeetsLocks() async throws {
        try await Site.use(workers: 0) { site in
            let first = try site.startWorker()
            try site.open()
            try site.place("shop/1")
            try site.waitFor("shop/1", "awaiting_payment")
            #expect(first.stop())
            try site.pay("shop/1", id: "suspect")
            try site.flush()
            try site.redeliver(times: 3, queue: "payments.callbacks", count: 1)
            try site.startMarks(at: 2)
            let other = try site.connect()
            try other.execute("BEGIN; SELECT FROM orders WHERE number = 'shop/1' FOR UPDATE")
            try site.startWorker()
            #expect(try site.outcome(of: "suspect", source: "gateway") == "parked")
            try other.execute("ROLLBACK")
            try site.waitFor("shop/1", "released")
        }
    }

    @Test("what the broker gives up is recorded as dead, and can be replayed")
    func deadLettered() async throws {
        try await Site.use { site in
            try site.open()
            let body = try JSONSerialization.data(withJSONObject: [
                "specversion": "1.0", "id": "given-up", "source": "gateway", "type": "payment.captured.v1",
                "data": [
                    "gateway": "alipay", "transactionId": "T1", "orderNumber": "shop/1", "amountMinor": 1_000,
                    "currency": "CNY", "operationId": "op", "occurredAt": site.now,
                ] as [String: Any],
            ])
            site.sender.send(
                [UInt8](body), to: "payments.callbacks", exchange: OrderflowTopology.dead,
                properties: MessageProperties(contentType: "application/cloudevents+json"))
            #expect(try site.outcome(of: "given-up", source: "gateway") == "dead")
            #expect(try site.text("SELECT queue FROM dead_messages") == "payments.callbacks")
            try site.place("shop/1")
            try site.waitFor("shop/1", "awaiting_payment")
            try site.settleDead("message.replay", id: "replay")
            try site.waitFor("shop/1", "released")
            #expect(try site.outcome(of: "given-up", source: "gateway") == "done")
        }
    }
}

extension Site {
    /// Takes messages and lets them go back, as a worker does that dies.
    func redeliver(times: Int, queue: String, count: Int) throws {
        for _ in 0..<times {
            let connection = try AMQPConnection(amqpURL(), name: "dying", role: .consuming)
            try connection.consume(queue: queue, tag: "dying", prefetch: 100)
            var taken = 0
            try wait("\(count) deliveries") {
                try connection.receive { if case .delivery = $0 { taken += 1 } }
                return taken >= count
            }
            connection.close()
        }
    }

    /// As if the process had died before: the first mark of anything counts as so many.
    func startMarks(at count: Int) throws {
        try database.execute(
            """
            CREATE FUNCTION start_marks() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN NEW.count = \(count); RETURN NEW; END $$;
            CREATE TRIGGER start_marks BEFORE INSERT ON crash_marks FOR EACH ROW EXECUTE FUNCTION start_marks();
            """)
    }

    /// Staff decide about dead messages: the newest, unless told.
    func settleDead(
        _ type: String, id: String, number: Int? = nil, user: String? = "orderflow"
    ) throws {
        let number = try number ?? count("SELECT max(number) FROM dead_messages")
        try send(
            type, to: "staff.command", ["ids": [number], "by": "ann", "reason": "a test"], source: "console", id: id,
            user: user)
    }
}
