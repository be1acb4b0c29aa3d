import OrderWorker
import TestSite
import Testing

@Suite("Timers fire once, and after the payments that came before them")
struct TimerTests {
    @Test("the payment timeout fires once for each of 100 orders over 4 lanes")
    func once() async throws {
        try await Site.use(workers: 2, lanes: 2) { site in
            try site.open(policy: ["paymentTimeoutSeconds": 2])
            for index in 1...100 { try site.place("shop/\(index)") }
            try site.wait("all are cancelled") {
                try site.count("SELECT count(*) FROM orders WHERE status = 'cancelled'") == 100
            }
            try site.waitUntilQuiet()
            #expect(site.sink.told("storefront", "order.cancelled").count == 100)
            #expect(try site.count("SELECT reserved FROM stock") == 0)
            #expect(try site.count("SELECT count(*) FROM due WHERE kind = 'payment_timeout'") == 0)
            #expect(try site.count("SELECT count(*) FROM order_journal WHERE to_status = 'cancelled'") == 100)
            try site.audit()
        }
    }

    @Test("payments that were queued during an outage come before their orders' timeouts")
    func paidDuringOutage() async throws {
        try await Site.use(workers: 0) { site in
            let first = try site.startWorker()
            try site.open()
            for index in 1...100 { try site.place("shop/\(index)") }
            try site.wait("all wait for payment") {
                try site.count("SELECT count(*) FROM orders WHERE status = 'awaiting_payment'") == 100
            }
            #expect(first.stop())
            // Paid while no worker runs; the timers fall due meanwhile.
            for index in 1...100 { try site.pay("shop/\(index)") }
            try site.flush()
            #expect(try site.count("SELECT count(*) FROM due WHERE kind = 'payment_timeout'") == 100)
            try site.makeDue("payment_timeout")
            // Small batches: the timers would be claimed long before the last payment is read.
            try site.startWorker { $0.batchMessages = 5 }
            try site.startWorker { $0.batchMessages = 5 }
            try site.wait("all are released") {
                try site.count("SELECT count(*) FROM orders WHERE status IN ('released', 'cancelled')") == 100
            }
            #expect(try site.count("SELECT count(*) FROM orders WHERE status = 'cancelled'") == 0)
        }
    }

    @Test("the same cancel a thousand times has one effect")
    func cancels() async throws {
        try await Site.use(lanes: 2) { site in
            try site.open()
            try site.place("shop/1")
            try site.pay("shop/1")
            try site.waitFor("shop/1", "released")
            for index in 1...1_000 {
                try site.send(
                    "order.cancel", to: "order.command",
                    ["orderNumber": "shop/1", "requestId": "c1", "occurredAt": "2026-11-21T10:00:00Z"],
                    id: index.isMultiple(of: 2) ? "same" : "cancel \(index)")
            }
            try site.waitUntilTaken(508)
            try site.wait("the warehouse is asked to stop") {
                site.sink.told("wms", "fulfilment.cancel_requested").count == 1
            }
            try site.report("cancelled", "shop/1-F1", id: "agreed") { $0["document"] = "stop-1" }
            try site.waitFor("shop/1", "cancelled")
            try site.waitUntilQuiet()
            #expect(site.sink.told("wms", "fulfilment.cancel_requested").count == 1)
            #expect(site.sink.told("payments", "refund.requested").count == 1)
            #expect(try site.count("SELECT reserved FROM stock") == 0)
            try site.audit()
        }
    }

    @Test("cancel against ship at the same moment, 50 times: one wins, the other goes its way")
    func cancelAgainstShip() async throws {
        try await Site.use(workers: 2, lanes: 2) { site in
            try site.open()
            for index in 1...50 { try site.place("shop/\(index)", term: "cash_on_delivery") }
            try site.wait("all are released") {
                try site.count("SELECT count(*) FROM orders WHERE status = 'released'") == 50
            }
            for index in 1...50 {
                let ship = {
                    try site.report("shipped", "shop/\(index)-F1", shipment: "S\(index)", lines: [(1, 1)])
                }
                if index.isMultiple(of: 2) { try ship() }
                try site.ask("cancel", "shop/\(index)", request: "c\(index)")
                if !index.isMultiple(of: 2) { try ship() }
            }
            try site.wait("all are shipped") {
                try site.count("SELECT count(*) FROM orders WHERE status = 'shipped'") == 50
            }
            try site.waitUntilQuiet()
            #expect(try site.count("SELECT count(*) FROM orders WHERE is_cancelling") == 0)
            #expect(site.sink.told("storefront", "order.cancel_refused").count == 50)
            #expect(try site.count("SELECT on_hand FROM stock") == 950)
            #expect(try site.count("SELECT reserved FROM stock") == 0)
            try site.audit()
            try site.checkDeliveries()
        }
    }
}
