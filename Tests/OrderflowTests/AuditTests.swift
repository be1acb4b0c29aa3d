import OrderStore
import Postgres
import TestServers
import Testing

@Suite("The audit")
struct AuditTests {
    /// What breaks one promise, and the checks that have to see it: just those.
    struct Harm: Sendable, CustomTestStringConvertible {
        let broken: Set<String>
        let sql: String

        init(_ broken: String..., by sql: String) {
            self.broken = Set(broken)
            self.sql = sql
        }

        var testDescription: String { broken.sorted().joined(separator: ", ") + ": " + sql }
    }

    @Test("finds nothing in a sound database, and nothing in an empty one")
    func sound() async throws {
        try await Installation.use { installation in
            let connection = try AuditWorld.make(in: installation)
            #expect(try broken(connection).isEmpty)
            let result = try installation.program.run("audit", "-o", "json")
            #expect(result.status == 0 && result.messages.contains("checks hold"), "\(result.summary)")
        }
        try await Installation.use { installation in
            _ = try installation.program.run("migrate")
            #expect(try broken(installation.connect()).isEmpty)
        }
    }

    @Test(
        "sees each broken promise, and no other",
        arguments: [
            Harm(
                "order_status", "order_version",
                by: "ALTER TABLE orders DROP CONSTRAINT orders_status_check; UPDATE orders SET status = 'lost'"),
            Harm("order_version", by: "UPDATE orders SET version = 4"),
            Harm("order_version", by: "UPDATE orders SET status = 'shipped'"),
            Harm("journal_unbroken", by: "DELETE FROM order_journal WHERE version = 2"),
            Harm("journal_unbroken", by: "DELETE FROM order_journal WHERE version = 1"),
            Harm("journal_unbroken", by: "UPDATE order_journal SET from_status = 'rejected' WHERE version = 2"),
            Harm(
                "journal_transitions",
                by: """
                    UPDATE order_journal SET to_status = 'awaiting_review' WHERE version = 2;
                    UPDATE order_journal SET from_status = 'awaiting_review' WHERE version = 3
                    """),
            Harm("ownerless", by: "INSERT INTO order_contacts (order_number, key_id) VALUES ('shop/none', 0)"),
            Harm(
                "quarantined", by: "INSERT INTO quarantined_orders (order_number, fault) VALUES ('shop/1', 'bad row')"),
            Harm("payable", by: "UPDATE orders SET tax = 5"),
            Harm("line_sums", by: "UPDATE order_lines SET unit_price = 1"),
            Harm("line_shares", by: "UPDATE order_lines SET share = share - 1"),
            Harm("settlement_reversals", by: "UPDATE orders SET reversed = 1"),
            Harm("settlement_reversals", by: "UPDATE orders SET payment_term = 'prepaid', reversed = 1"),
            Harm("payments", by: "UPDATE payment_facts SET amount = amount - 1"),
            Harm("payments", by: "UPDATE orders SET refund_pending = 1"),
            Harm(
                "stock_bounds",
                by: """
                    ALTER TABLE stock DROP CONSTRAINT stock_not_oversold; UPDATE stock SET on_hand = 1;
                    INSERT INTO stock_journal (sku, warehouse, kind, on_hand, reserved, missing)
                    VALUES ('TEA', 'SH1', 'count', -99, 0, 0)
                    """),
            Harm(
                "stock_reserved",
                by: """
                    UPDATE stock SET reserved = 1;
                    INSERT INTO stock_journal (sku, warehouse, kind, on_hand, reserved, missing)
                    VALUES ('TEA', 'SH1', 'release', 0, -1, 0)
                    """),
            Harm("line_reserved", by: "UPDATE fulfilment_lines SET shipped = 1"),
            Harm(
                "stock_missing",
                by: """
                    UPDATE stock SET missing = 3;
                    INSERT INTO stock_journal (sku, warehouse, kind, on_hand, reserved, missing)
                    VALUES ('TEA', 'SH1', 'count', 0, 0, 3)
                    """),
            Harm("stock_journal", by: "DELETE FROM stock_journal WHERE kind = 'receive'"),
            Harm(
                "event_numbers",
                by: """
                    UPDATE event_log SET numbers = '{3}' WHERE id = 2; UPDATE outbox SET number = 3;
                    UPDATE orders SET event_counts = '{"erp": 3, "storefront": 1}'
                    """),
            Harm("event_counts", by: #"UPDATE orders SET event_counts = '{"erp": 5, "storefront": 1}'"#),
            Harm("event_counts", by: #"UPDATE stock SET event_counts = '{}'"#),
            Harm("event_counts", by: #"UPDATE fulfilments SET event_counts = '{"wms": 2}'"#),
            Harm("outbox_events", by: "UPDATE outbox SET event_id = 99"),
            Harm("parked_outcomes", by: "UPDATE inbox SET outcome = 'done' WHERE id = 'm2'"),
            Harm("parked_outcomes", by: "DELETE FROM parked"),
            Harm("dead_outcomes", by: "UPDATE inbox SET outcome = 'done' WHERE id = 'm3'"),
            Harm("dead_outcomes", by: "DELETE FROM dead_messages"),
            Harm("parked_deadlines", by: "DELETE FROM due"),
            Harm(
                "due_overdue",
                by: "UPDATE due SET due_at = now() - interval '1 hour', next_at = now() - interval '1 hour'"),
            Harm("outbox_overdue", by: "UPDATE event_log SET created_at = now() - interval '1 hour' WHERE id = 2"),
        ])
    func harm(_ harm: Harm) async throws {
        try await Installation.use { installation in
            let connection = try AuditWorld.make(in: installation)
            try connection.execute(harm.sql)
            #expect(try broken(connection) == harm.broken, "\(harm.sql)")
        }
    }

    @Test(
        "adds payments up in whatever order their facts were told",
        arguments: [
            (
                "'charge_back_won', 'w', 500, false, now(), 3), ('shop/1', 'g', 't', 'charged_back', 'b', 500, false, now(), 4",
                ""
            ),
            (
                "'charged_back', 'b', 500, false, now(), 3), ('shop/1', 'g', 't', 'charged_back', 'c', 5, false, now(), 4",
                "charged_back = 505"
            ),
            (
                "'refunded', 'r', 300, false, now(), 3), ('shop/1', 'g', 't', 'refunded', 's', 700, true, now(), 4",
                "refunded = 700"
            ),
            (
                "'refunded', 'r', 700, true, now(), 3), ('shop/1', 'g', 't', 'refunded', 's', 300, true, now(), 4",
                "refunded = 700"
            ),
            (
                "'authorized', 'x', 900, false, now(), 3), ('shop/1', 'g', 't', 'voided', 'v', 0, false, now() + interval '1 s', 4",
                ""
            ),
            (
                "'voided', 'v', 0, false, now() - interval '1 h', 3), ('shop/1', 'g', 't', 'authorized', 'x', 900, false, now(), 4",
                "authorized = 900"
            ),
        ])
    func payments(_ facts: String, _ sums: String) async throws {
        try await Installation.use { installation in
            let connection = try AuditWorld.make(in: installation)
            try connection.execute(
                """
                INSERT INTO payment_facts (order_number, gateway, transaction, kind, reference, amount, is_cumulative,
                    occurred_at, sequence, currency)
                SELECT v.*, 'CNY' FROM (VALUES ('shop/1', 'g', 't', \(facts))) AS v
                """)
            if !sums.isEmpty {
                #expect(try broken(connection) == ["payments"])
                try connection.execute("UPDATE orders SET \(sums)")
            }
            #expect(try broken(connection).isEmpty)
        }
    }

    @Test("tells the rows that break a check, and ends with 1")
    func rows() async throws {
        try await Installation.use { installation in
            let connection = try AuditWorld.make(in: installation)
            try connection.execute("UPDATE orders SET tax = 5")
            let result = try installation.program.run("audit")
            #expect(result.status == 1)
            #expect(result.output.contains("BROKEN: payable is goods"), "\(result.summary)")
            #expect(result.output.contains("shop/1  payable 2000, the sums give 2005"), "\(result.summary)")
            #expect(result.messages.contains("1 of"))
        }
    }

    @Test("gives as much time as it is told to")
    func patience() async throws {
        try await Installation.use { installation in
            let connection = try AuditWorld.make(in: installation)
            try connection.execute("UPDATE event_log SET created_at = now() - interval '1 hour' WHERE id = 2")
            #expect(try installation.program.run("audit", "--patience", "7200").status == 0)
            #expect(try installation.program.run("audit", "--patience", "60").status == 1)
        }
    }

    private func broken(_ connection: PostgresConnection) throws -> Set<String> {
        Set(try Audit().run(on: connection).filter { $0.count > 0 }.map(\.check.name))
    }
}
