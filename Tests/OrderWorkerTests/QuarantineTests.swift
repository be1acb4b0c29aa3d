import Postgres
import TestSite
import Testing

@Suite("P7: an order whose rows read back impossible is left alone until a person has looked")
struct QuarantineTests {
    @Test("its facts wait, its timers fire later, its commands are refused, all others go on; let out, it catches up")
    func quarantine() async throws {
        try await Site.use { site in
            try site.open(policy: ["paymentTimeoutSeconds": 3_600])
            for number in ["shop/1", "shop/2"] {
                try site.place(number)
                try site.waitFor(number, "awaiting_payment")
            }
            try site.database.execute(
                """
                ALTER TABLE fulfilments DROP CONSTRAINT fulfilments_state_check;
                UPDATE fulfilments SET state = 'teleported' WHERE order_number = 'shop/1';
                UPDATE due SET due_at = now(), next_at = now() WHERE order_number = 'shop/1'
                """)
            try site.pay("shop/1", id: "pay")
            try site.pay("shop/2")
            try site.waitFor("shop/2", "released")
            #expect(try site.outcome(of: "pay", source: "gateway") == "parked")
            #expect(try site.count("SELECT count(*) FROM quarantined_orders WHERE order_number = 'shop/1'") == 1)
            try site.wait("the timer is set to fire later") {
                try site.count(
                    """
                    SELECT count(*) FROM due WHERE kind = 'payment_timeout' AND order_number = 'shop/1'
                        AND due_at > now() + interval '1 minute'
                    """) == 1
            }
            try site.command("cancel", "shop/1", id: "cancel")
            #expect(try site.outcome(of: "cancel", source: "console") == "refused")
            try site.command("lift_quarantine", "shop/1", id: "too early")
            #expect(try site.outcome(of: "too early", source: "console") == "refused")
            #expect(try site.count("SELECT count(*) FROM quarantined_orders") == 1)

            try site.database.execute("UPDATE fulfilments SET state = 'planned' WHERE order_number = 'shop/1'")
            try site.command("cancel", "shop/1", id: "not yet")
            #expect(try site.outcome(of: "not yet", source: "console") == "refused")
            try site.command("lift_quarantine", "shop/1", id: "lift")
            #expect(try site.outcome(of: "lift", source: "console") == "done")
            try site.waitFor("shop/1", "released")
            #expect(try site.outcome(of: "pay", source: "gateway") == "done")
            #expect(try site.count("SELECT count(*) FROM quarantined_orders") == 0)
            let entry = "SELECT by || ': ' || why FROM order_journal WHERE cause_id = 'lift'"
            #expect(try site.text(entry)?.contains("ann: out of quarantine") == true)
            #expect(try site.count("SELECT count(*) FROM parked") == 0)
            try site.audit()
            try site.waitUntilQuiet()
            try site.checkDeliveries()
            // Told once, however many messages have met it.
            let alerts = site.sink.told("ops", "hold.opened").filter {
                String(decoding: $0.body, as: UTF8.self).contains("column state")
            }
            #expect(alerts.count == 1)
        }
    }
}
