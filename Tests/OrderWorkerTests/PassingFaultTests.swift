import AMQP
import Glibc
import OrderWorker
import Postgres
import TestServers
import TestSite
import Testing

@Suite("P7: a fault that passes ends as no death, and a due row is never lost")
struct PassingFaultTests {
    @Test("a payment and a due row whose order can't be written for long wait in the database, and end well")
    func longFault() async throws {
        try await Site.use { site in
            try site.open()
            try site.place("shop/1")
            try site.place("shop/2")
            try site.waitFor("shop/1", "awaiting_payment")
            try site.waitFor("shop/2", "awaiting_payment")
            try site.fail(with: "40001")
            try site.makeDue("payment_timeout", of: "shop/2")
            try site.pay("shop/1", id: "pay")
            #expect(try site.outcome(of: "pay", source: "gateway") == "parked")
            try site.wait("the due row was tried") {
                try site.count("SELECT count(*) FROM due WHERE order_number = 'shop/2' AND tries > 0") == 1
            }
            poll(nil, 0, 9_000)
            #expect(try site.count("SELECT count(*) FROM due WHERE kind = 'payment_timeout'") > 0)
            try site.database.execute("DROP TRIGGER fails ON orders")
            try site.database.execute("UPDATE due SET next_at = now()")
            try site.waitFor("shop/1", "released")
            try site.waitFor("shop/2", "cancelled")
            #expect(try site.count("SELECT count(*) FROM dead_messages") == 0)
        }
    }

    @Test("a due row that ended the process again and again is kept as dead, and fires after a replay")
    func deadTimer() async throws {
        try await Site.use(workers: 0) { site in
            try site.leaveTimeout(marks: 4)
            try site.startWorker()
            try site.wait("it is dead") {
                try site.count("SELECT count(*) FROM dead_messages WHERE state = 'dead'") == 1
            }
            #expect(try site.text("SELECT fingerprint FROM dead_messages") == "crash_suspect")
            #expect(try site.text("SELECT order_number FROM dead_messages") == "shop/1")
            #expect(try site.status(of: "shop/1") == "awaiting_payment")
            try site.audit()
            try site.settleDead("message.replay", id: "again")
            try site.waitFor("shop/1", "cancelled")
            #expect(try site.count("SELECT count(*) FROM dead_messages WHERE state = 'replayed'") == 1)
        }
    }

    @Test("what ended the process three times waits longer before its next try, and is done if it is innocent")
    func rests() async throws {
        try await Site.use(workers: 0) { site in
            try site.leaveTimeout(marks: 3)
            let start = ContinuousClock.now
            try site.startWorker()
            try site.waitFor("shop/1", "cancelled")
            #expect(ContinuousClock.now - start > .seconds(4))
            #expect(try site.count("SELECT count(*) FROM crash_marks") == 0)
        }
    }

    @Test("what a batch has committed is told though its marker can't be noted")
    func lostMarker() async throws {
        try await Site.use(workers: 0) { site in
            let first = try site.startWorker()
            try site.open()
            try site.place("shop/1")
            try site.waitFor("shop/1", "awaiting_payment")
            try site.waitUntilQuiet()
            #expect(first.stop())
            try site.database.execute(
                """
                CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION 'a fault' USING ERRCODE = '40001'; END $$;
                CREATE TRIGGER fails BEFORE UPDATE ON queue_markers FOR EACH STATEMENT EXECUTE FUNCTION fail();
                """)
            try site.pay("shop/1")
            site.sender.send(
                [], to: "payment.callback",
                properties: MessageProperties(messageID: "marker 1", appID: "orderflow", type: "orderflow.marker"))
            try site.flush()
            try site.startWorker()
            try site.waitFor("shop/1", "released")
            try site.waitUntilQuiet()
            try site.checkDeliveries()
        }
    }

    @Test("a worker that is told to stop ends within its time, though a lock does not come")
    func stopsAtLock() async throws {
        try await Site.use(workers: 0) { site in
            let worker = try site.startWorker { $0.drainSeconds = 4 }
            try site.open()
            let other = try site.connect()
            try other.execute("BEGIN; SELECT FROM stock WHERE sku = 'TEA' FOR UPDATE")
            try site.place("shop/1")
            try site.waitForStuckLock()
            // It would never end if it waited for the lock.
            #expect(worker.stop())
            try other.execute("ROLLBACK")
            try site.startWorker()
            try site.waitFor("shop/1", "awaiting_payment")
        }
    }

    @Test("what was received with a batch that is stuck is back in its queue within the time that a marker counts on")
    func stuckBatch() async throws {
        try await Site.use(workers: 0) { site in
            let worker = try site.startWorker { $0.batchMessages = 1 }
            try site.open()
            try site.place("shop/1")
            try site.waitFor("shop/1", "awaiting_payment")
            try site.database.execute(
                """
                CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN PERFORM pg_sleep(28); RETURN NEW; END $$;
                CREATE TRIGGER waits BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION wait();
                """)
            try site.place("shop/2")
            try site.flush()
            try site.wait("the batch is in hand") {
                try site.count("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'") > 0
            }
            try site.pay("shop/1")
            try site.wait("the payment is taken") { try site.depth(of: "payments.callbacks") == 0 }
            try site.wait("it goes back") { worker.log.count(of: "what was received goes back") > 0 }
            #expect(try site.count("SELECT count(*) FROM orders") == 1)
            try site.waitFor("shop/2", "awaiting_payment")
            try site.waitFor("shop/1", "released")
        }
    }
}

extension Site {
    /// An unpaid order whose time-out is due, and has ended as many processes as it has marks.
    fileprivate func leaveTimeout(marks: Int) throws {
        let worker = try startWorker()
        try open(policy: ["paymentTimeoutSeconds": 3_600])
        try place("shop/1")
        try waitFor("shop/1", "awaiting_payment")
        #expect(worker.stop())
        try database.execute("UPDATE due SET due_at = now(), next_at = now(), tries = 2")
        try database.execute(
            """
            INSERT INTO crash_marks (key, count, marked_at) VALUES ('timer payment_timeout shop/1 ', \(marks), now())
            """)
    }

    /// Every write of an order fails, until the trigger is gone.
    fileprivate func fail(with state: String) throws {
        try database.execute(
            """
            CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'a fault' USING ERRCODE = '\(state)'; END $$;
            CREATE TRIGGER fails BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION fail();
            """)
    }
}
