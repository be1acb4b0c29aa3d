import TestSite
import Testing

@Suite("P6: money adds up")
struct MoneyTests {
    @Test("an order that is paid twice has the second payment sent back, and the answer settles it")
    func paidTwice() async throws {
        try await Site.use { site in
            try site.open()
            try site.place("shop/1")
            try site.pay("shop/1", transaction: "A")
            try site.pay("shop/1", transaction: "B")
            try site.wait("a refund is asked for") { site.sink.told("payments", "refund.requested").count == 1 }
            let asked = try #require(site.sink.told("payments", "refund.requested").first)
            #expect(asked.data["amountMinor"] as? Int == 1_000)
            #expect(asked.data["transactionId"] as? String == "B")
            let request = try #require(asked.data["requestId"] as? String)
            for id in ["answer", "answer again"] {
                try site.pay("shop/1", transaction: "B", kind: "refunded", id: id) { data in
                    data["operationId"] = nil
                    data["refundId"] = "R1"
                    data["requestId"] = request
                    data["occurredAt"] = "2026-11-21T10:00:00Z"
                }
            }
            try site.wait("the refund is settled") { try site.amount("refunded", of: "shop/1") == 1_000 }
            try site.outcome(of: "answer again", source: "gateway")
            try site.waitUntilQuiet()
            #expect(try site.amount("captured", of: "shop/1") == 2_000)
            #expect(try site.amount("refunded", of: "shop/1") == 1_000)
            #expect(try site.amount("refund_pending", of: "shop/1") == 0)
            #expect(try site.status(of: "shop/1") == "released")
            #expect(try site.text("SELECT state FROM money_requests") == "settled")
            #expect(site.sink.told("finance", "refund.settled").count == 1)
            try site.audit()
        }
    }

    @Test("the same payment reference with another amount: the first is kept, a conflict is shown")
    func otherAmount() async throws {
        try await Site.use { site in
            try site.open()
            try site.place("shop/1", quantities: [3])
            try site.pay("shop/1", 3_000, id: "first")
            try site.waitFor("shop/1", "released")
            try site.pay("shop/1", 2_000, id: "second")
            #expect(try site.outcome(of: "second", source: "gateway") == "conflict")
            #expect(try site.amount("captured", of: "shop/1") == 3_000)
            try site.wait("people see it") { site.sink.told("ops", "conflict.found").count == 1 }
            #expect(try site.count("SELECT count(*) FROM conflicts WHERE kind = 'business_key'") == 1)
            #expect(try site.openHolds("shop/1") == [], "an innocent order is not held")
        }
    }

    @Test("the same message identity with another content is a conflict, and changes nothing")
    func otherContent() async throws {
        try await Site.use { site in
            try site.open()
            try site.place("shop/1", id: "one")
            try site.waitFor("shop/1", "awaiting_payment")
            try site.place("shop/2", id: "one")
            try site.wait("people see it") { site.sink.told("ops", "conflict.found").count == 1 }
            #expect(try site.count("SELECT count(*) FROM orders") == 1)
            #expect(try site.count("SELECT count(*) FROM conflicts WHERE kind = 'message'") == 1)
        }
    }

    @Test("100 on a payable of 300 is never paid, and goes back when the timer ends the order")
    func underpaid() async throws {
        try await Site.use { site in
            try site.open()
            try site.place("shop/1", quantities: [3])
            try site.pay("shop/1", 1_000)
            try site.wait("it is partially paid") {
                try site.text("SELECT payment_state FROM orders") == "partially_paid"
            }
            #expect(try site.status(of: "shop/1") == "awaiting_payment")
            try site.makeDue("payment_timeout")
            try site.waitFor("shop/1", "cancelled")
            try site.wait("a refund is asked for") { site.sink.told("payments", "refund.requested").count == 1 }
            #expect(site.sink.told("finance", "order.paid").isEmpty)
            #expect(try site.amount("refund_pending", of: "shop/1") == 1_000)
            #expect(try site.count("SELECT reserved FROM stock") == 0)
        }
    }

    @Test("a payment for an order that was cancelled or rejected is refunded, not dropped", arguments: [true, false])
    func late(cancelled: Bool) async throws {
        try await Site.use { site in
            try site.open()
            if cancelled {
                try site.place("shop/1")
                try site.waitFor("shop/1", "awaiting_payment")
                try site.ask("cancel", "shop/1", request: "c1")
            } else {
                try site.place("shop/1", sku: "UNKNOWN")
            }
            try site.waitFor("shop/1", cancelled ? "cancelled" : "rejected")
            try site.pay("shop/1")
            try site.wait("a refund is asked for") { site.sink.told("payments", "refund.requested").count == 1 }
            #expect(try site.amount("captured", of: "shop/1") == 1_000)
            #expect(try site.amount("refund_pending", of: "shop/1") == 1_000)
            try site.audit()
        }
    }

    @Test(
        "a failed or voided payment is told to the storefront, and the timer still ends the order",
        arguments: [
            "failed", "voided",
        ])
    func failed(kind: String) async throws {
        try await Site.use { site in
            try site.open()
            try site.place("shop/1")
            if kind == "voided" { try site.pay("shop/1", kind: "authorized") }
            try site.pay("shop/1", kind: kind) { $0["operationId"] = "f1" }
            try site.wait("the storefront hears of it") {
                site.sink.told("storefront", kind == "failed" ? "payment.failed" : "payment.recorded").count > 0
            }
            try site.makeDue("payment_timeout")
            try site.waitFor("shop/1", "cancelled")
        }
    }
}
