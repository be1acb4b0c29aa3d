import Postgres
import TestServers
import Testing

@Suite("Quarantined orders")
struct QuarantineTests {
    @Test("are listed with their fault and how much waits for them, and doctor says where to look")
    func list() async throws {
        try await Installation.use { installation in
            try installation.setUp()
            let program = installation.program
            let none = try program.run("quarantine", "list")
            #expect(none.status == 0 && none.messages.contains("no order is in quarantine"), "\(none.summary)")
            try installation.connect().execute(
                """
                INSERT INTO quarantined_orders (order_number, fault, found_at)
                VALUES ('shop/1', 'fulfilments shop/1-F1: column state: teleported', '2026-11-20T07:00:00Z');
                INSERT INTO parked (source, id, part, order_number, waits_for, queue, type, headers, body, received_at,
                    deadline)
                SELECT 'g', 'm' || n, 0, 'shop/' || n / 3, 'quarantine', 'payments.callbacks', 'payment.captured.v1', '{}',
                    '', now(), now() + interval '1 day'
                FROM generate_series(3, 7) AS n;
                INSERT INTO due (kind, order_number, reference, due_at, next_at)
                VALUES ('payment_timeout', 'shop/1', '', now(), now()), ('payment_timeout', 'shop/2', '', now(), now())
                """)
            let listed = try program.run("quarantine", "list", "-o", "json")
            #expect(
                listed.output.contains(
                    #"{"order":"shop/1","foundAt":"2026-11-20T07:00:00Z","facts":3,"timers":1,"fault":"fulfilments shop/1-F1: "#
                ), "\(listed.summary)")
            let doctor = try program.run("doctor")
            #expect(doctor.output.contains("`orderflow quarantine lift`"), "\(doctor.summary)")
        }
    }
}
