import Postgres
import TestSite
import Testing

@Suite("P3: the order of arrival does not matter")
struct EarlyFactTests {
    @Test("a payment that comes before its order is applied when the order comes")
    func paymentFirst() async throws {
        try await Site.use { site in
            try site.open()
            try site.pay("shop/1", id: "early")
            #expect(try site.outcome(of: "early", source: "gateway") == "parked")
            try site.place("shop/1")
            try site.waitFor("shop/1", "released")
            #expect(try site.outcome(of: "early", source: "gateway") == "done")
            #expect(try site.count("SELECT count(*) FROM parked") == 0)
            #expect(try site.count("SELECT count(*) FROM due WHERE kind = 'parked_too_long'") == 0)
        }
    }

    @Test("a whole story told backwards ends as the story told in order")
    func backwards() async throws {
        try await Site.use { site in
            try site.open()
            try site.report("delivered", "shop/1-F1", shipment: "S1")
            try site.report("shipped", "shop/1-F1", shipment: "S1", lines: [(1, 1)])
            try site.report("accepted", "shop/1-F1")
            try site.ask("received", "shop/1", request: "r1")
            try site.pay("shop/1")
            try site.place("shop/1")
            try site.waitFor("shop/1", "completed")
            try site.waitUntilQuiet()
            #expect(try site.count("SELECT count(*) FROM parked") == 0)
            #expect(try site.count("SELECT on_hand FROM stock") == 999)
            #expect(try site.count("SELECT reserved FROM stock") == 0)
            try site.audit()
        }
    }

    @Test("payment and order at the same moment in two lanes, in both orders, 1,000 times: one order, one capture each")
    func crossing() async throws {
        try await Site.use(workers: 2, lanes: 2) { site in
            try site.open(stock: 10_000)
            for index in 1...1_000 {
                let number = "shop/\(index)"
                if index.isMultiple(of: 2) {
                    try site.pay(number)
                    try site.place(number)
                } else {
                    try site.place(number)
                    try site.pay(number)
                }
                if index.isMultiple(of: 40) { try site.flush() }
            }
            try site.wait("all are released") {
                try site.count("SELECT count(*) FROM orders WHERE status = 'released'") == 1_000
            }
            try site.waitUntilQuiet()
            #expect(try site.count("SELECT count(*) FROM payment_facts") == 1_000)
            #expect(try site.count("SELECT sum(captured)::bigint FROM orders") == 1_000_000)
            #expect(try site.count("SELECT count(*) FROM parked") == 0)
            try site.checkDeliveries()
            try site.audit()
        }
    }

    @Test("a fact that crossed its order unseen is found by the sweep within seconds")
    func swept() async throws {
        try await Site.use { site in
            try site.open()
            try site.pay("shop/1", id: "early")
            #expect(try site.outcome(of: "early", source: "gateway") == "parked")
            // As if another lane had not seen the parked row: it is hidden while the order comes.
            try site.database.execute("UPDATE parked SET order_number = 'hidden'")
            try site.place("shop/1")
            try site.waitFor("shop/1", "awaiting_payment")
            try site.database.execute("UPDATE parked SET order_number = 'shop/1'")
            try site.waitFor("shop/1", "released")
        }
    }

    @Test("what waits too long is an alert where there is no order, stays parked, and still applies")
    func tooLongWithoutOrder() async throws {
        try await Site.use { site in
            try site.open()
            try site.pay("shop/1", id: "early")
            #expect(try site.outcome(of: "early", source: "gateway") == "parked")
            try site.database.execute("UPDATE due SET due_at = now(), next_at = now() WHERE kind = 'parked_too_long'")
            try site.wait("operations hear of it") { !site.sink.told("ops", "conflict.found").isEmpty }
            #expect(try site.count("SELECT count(*) FROM parked") == 1)
            try site.place("shop/1")
            try site.waitFor("shop/1", "released")
        }
    }

    @Test("what waits too long for a state of its order is a hold on it, closed when the fact is applied")
    func tooLongWithOrder() async throws {
        try await Site.use { site in
            try site.open()
            try site.place("shop/1")
            try site.waitFor("shop/1", "awaiting_payment")
            try site.report("shipped", "shop/1-F1", shipment: "S1", id: "early")
            #expect(try site.outcome(of: "early", source: "wms") == "parked")
            try site.database.execute("UPDATE due SET due_at = now(), next_at = now() WHERE kind = 'parked_too_long'")
            try site.wait("the order is held") { try site.openHolds("shop/1") == ["parked_too_long"] }
            #expect(try site.count("SELECT count(*) FROM parked") == 1)
        }
    }
}
