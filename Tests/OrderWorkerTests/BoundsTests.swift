import AMQP
import Glibc
import OrderWorker
import Postgres
import TestServers
import TestSite
import Testing

@Suite("P10: what nobody looks after pauses intake at its bound")
struct BoundsTests {
    @Test("dead messages over their bound pause intake, which goes on when they are settled")
    func dead() async throws {
        try await Site.use(workers: 0) { site in
            let first = try site.startWorker()
            try site.open()
            #expect(first.stop())
            try site.database.execute(
                """
                INSERT INTO dead_messages (queue, headers, body, body_length, body_hash, reason, fingerprint)
                SELECT 'q', '{}', '', 0, md5(n::text)::uuid, 'a test', 'a test' FROM generate_series(1, 20) AS n
                """)
            let worker = try site.startWorker { $0.deadMessages = 20 }
            try site.wait("intake pauses") { worker.log.count(of: "intake pauses") > 0 }
            try site.place("shop/1")
            try site.flush()
            poll(nil, 0, 3_000)
            #expect(try site.count("SELECT count(*) FROM orders") == 0, "nothing is taken in")
            try site.database.execute("DELETE FROM dead_messages")
            try site.waitFor("shop/1", "awaiting_payment")
        }
    }

    @Test("old log partitions are dropped, and operations hear once of a fact that names no order and waits too long")
    func upkeep() async throws {
        try await Site.use(workers: 0) { site in
            let first = try site.startWorker()
            try site.open()
            try site.report("shipped", "none", shipment: "S1", id: "orphan")
            try site.wait("it is parked") { try site.count("SELECT count(*) FROM parked") == 1 }
            #expect(first.stop())
            try site.database.execute(
                """
                UPDATE parked SET deadline = now() - interval '1 hour', order_number = NULL;
                CREATE TABLE event_log_20200101 PARTITION OF event_log FOR VALUES FROM ('2020-01-01') TO ('2020-01-02');
                """)
            try site.startWorker()
            try site.wait("operations hear of it") { site.sink.told("ops", "message.dead").count == 1 }
            try site.wait("the partition is gone") {
                try site.count("SELECT count(*) FROM pg_class WHERE relname = 'event_log_20200101'") == 0
            }
        }
    }
}
