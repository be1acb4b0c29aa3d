import Postgres
import TestSite
import Testing

@Suite("P7: a parked fact that has a fault hurts itself alone")
struct ParkedIsolationTests {
    @Test("one that the database refuses is dead, not the order that it waited for nor what waited beside it")
    func dataFault() async throws {
        try await Site.use { site in
            try site.open()
            try site.database.execute(
                "ALTER TABLE payment_facts ADD CONSTRAINT no_culprit CHECK (transaction <> 'T-culprit')")
            try site.pay("shop/1", 400, transaction: "T-culprit", id: "culprit")
            try site.pay("shop/1", 1_000, transaction: "T-good", id: "good")
            #expect(try site.outcome(of: "culprit", source: "gateway") == "parked")
            #expect(try site.outcome(of: "good", source: "gateway") == "parked")
            for index in 1...20 { try site.place("shop/\(index)", id: "placed \(index)") }
            try site.waitFor("shop/1", "released")
            try site.wait("the culprit is dead") { try site.outcome(of: "culprit", source: "gateway") == "dead" }
            #expect(try site.text("SELECT reason FROM dead_messages")?.contains("no_culprit") == true)
            #expect(try site.text("SELECT order_number FROM dead_messages") == "shop/1")
            try site.wait("all are placed") { try site.count("SELECT count(*) FROM orders") == 20 }
            #expect(try site.count("SELECT count(*) FROM inbox WHERE outcome = 'dead'") == 1)
            #expect(try site.count("SELECT count(*) FROM parked") == 0)
            #expect(try site.amount("captured", of: "shop/1") == 1_000)
            try site.audit()
            // It can be replayed like any dead message.
            try site.database.execute("ALTER TABLE payment_facts DROP CONSTRAINT no_culprit")
            try site.settleDead("message.replay", id: "replay")
            try site.wait("it is applied") { try site.amount("captured", of: "shop/1") == 1_400 }
            try site.audit()
        }
    }

    @Test("one whose business fact another message has brought meanwhile does not stop the order that it names")
    func takenKey() async throws {
        try await Site.use { site in
            try site.open()
            try site.place("shop/2")
            try site.waitFor("shop/2", "awaiting_payment")
            // The gateway named a wrong order, and said it again for the right one.
            try site.pay("shop/1", transaction: "T", id: "wrong")
            #expect(try site.outcome(of: "wrong", source: "gateway") == "parked")
            try site.pay("shop/2", transaction: "T", id: "right")
            try site.waitFor("shop/2", "released")
            try site.place("shop/1", id: "innocent")
            try site.waitFor("shop/1", "awaiting_payment")
            #expect(try site.outcome(of: "innocent") == "done")
            try site.wait("the wrong one is a conflict") {
                try site.outcome(of: "wrong", source: "gateway") == "conflict"
            }
            #expect(try site.count("SELECT count(*) FROM dead_messages") == 0)
            #expect(try site.amount("captured", of: "shop/1") == 0)
            try site.audit()
        }
    }

    @Test("one that ended the process again and again runs alone, and is dead at its fifth mark")
    func crashSuspect() async throws {
        try await Site.use(workers: 0) { site in
            let first = try site.startWorker()
            try site.open()
            try site.pay("shop/1", 1_000, transaction: "T-good", id: "good")
            try site.pay("shop/1", 400, transaction: "T-culprit", id: "culprit")
            #expect(try site.outcome(of: "good", source: "gateway") == "parked")
            #expect(try site.outcome(of: "culprit", source: "gateway") == "parked")
            try site.place("shop/2")
            try site.waitFor("shop/2", "awaiting_payment")
            #expect(first.stop())
            // Two tries of the sweep ended without an outcome.
            try site.database.execute("UPDATE parked SET claims = 2, retry_at = now() WHERE id = 'culprit'")
            try site.startMarks(at: 5)
            try site.startWorker()
            try site.place("shop/1")
            try site.waitFor("shop/1", "released")
            try site.wait("the culprit is dead") { try site.outcome(of: "culprit", source: "gateway") == "dead" }
            #expect(try site.text("SELECT fingerprint FROM dead_messages") == "crash_suspect")
            #expect(try site.count("SELECT count(*) FROM crash_marks") == 0)
            #expect(try site.count("SELECT count(*) FROM parked") == 0)
            try site.audit()
        }
    }

    @Test("a message that runs alone wakes no parked fact: the sweep takes it a moment later")
    func suspectWakesNobody() async throws {
        try await Site.use(workers: 0) { site in
            let first = try site.startWorker()
            try site.open()
            try site.pay("shop/1", id: "early")
            #expect(try site.outcome(of: "early", source: "gateway") == "parked")
            #expect(first.stop())
            try site.place("shop/1", id: "suspect")
            try site.flush()
            try site.redeliver(times: 3, queue: "orders.internal", count: 1)
            try site.startWorker()
            try site.waitFor("shop/1", "released")
            let placing = "cause_id = 'suspect' AND order_number = 'shop/1'"
            #expect(try site.text("SELECT max(to_status) FROM order_journal WHERE \(placing)") == "awaiting_payment")
            #expect(try site.count("SELECT count(*) FROM parked") == 0)
            try site.audit()
        }
    }
}
