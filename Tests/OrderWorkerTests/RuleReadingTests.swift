import OrderWorker
import TestSite
import Testing

@Suite("What rules read of an order, as a worker lives by it")
struct RuleReadingTests {
    /// A site whose workers follow these rules from their first order on.
    private func use(
        _ rules: String, lanes: Int = 1, _ body: @Sendable @escaping (Site) throws -> Void
    ) async throws {
        try await Site.use(workers: 0) { site in
            try site.publish(rules)
            try site.startWorker { $0.lanes = lanes }
            try site.open(skus: ["TEA", "RARE"], stock: 5)
            try site.receive(1_000, of: "TEA", in: "WH1", document: "more")
            try site.wait("there is more") {
                try site.count("SELECT count(*) FROM stock WHERE on_hand = 1005") == 1
            }
            try body(site)
        }
    }

    @Test("a review that looks at stock sees it, of an order that only its payment speaks of")
    func stock() async throws {
        let rules = """
            rules:
              - {name: rare, phase: review, when: {anyLine: {stock.available: {below: 5}}}, then: {hold: manual}}
            """
        try await use(rules) { site in
            for (number, sku) in [("shop/1", "TEA"), ("shop/2", "RARE")] {
                try site.place(number, sku: sku)
                try site.wait("it is placed") {
                    try site.count("SELECT count(*) FROM orders WHERE number = '\(number)'") == 1
                }
                try site.pay(number, id: "pay \(number)")
            }
            try site.wait("the rare one is held") { try site.openHolds("shop/2") == ["manual"] }
            try site.waitFor("shop/1", "released")
            try site.audit()
        }
    }

    @Test("how many orders a buyer placed is known after the release, too")
    func history() async throws {
        let rules = """
            rules:
              - name: new
                phase: output
                when: {event: order.shipped, buyer.orders: {days: 30, atMost: 0}}
                then: {tell: [crm]}
            """
        try await use(rules) { site in
            for number in ["shop/1", "shop/2"] {
                try site.place(number)
                try site.pay(number, id: "pay \(number)")
                try site.waitFor(number, "released")
                try site.report("shipped", "\(number)-F1", shipment: "P-\(number)", lines: [(1, 1)]) {
                    $0["orderNumber"] = number
                }
                try site.waitFor(number, "shipped")
            }
            let told = "SELECT string_agg(order_number, ', ') FROM rule_decisions WHERE phase = 'output'"
            #expect(try site.text(told) == "shop/1")
        }
    }

    @Test("an order that a rule rejected for its buyer's earlier ones is no other's when it is placed again")
    func placedAgain() async throws {
        let rules = """
            rules:
              - {name: one, phase: validate, when: {buyer.orders: {days: 1, atLeast: 1}}, then: {reject: one a day}}
            """
        try await use(rules) { site in
            try site.place("shop/1") { $0["buyer"] = ["id": "li"] }
            try site.wait("it is taken") { try site.count("SELECT count(*) FROM orders") == 1 }
            for quantity in [1, 2] {
                try site.place("shop/2", quantities: [quantity]) { $0["buyer"] = ["id": "li"] }
                try site.wait("it is rejected, the \(quantity). time") {
                    try site.count("SELECT count(*) FROM orders WHERE status = 'rejected' AND attempt = \(quantity)")
                        == 1
                }
            }
        }
    }

    @Test("two orders of the same goods that need no payment first are never both let go, whatever lanes have them")
    func doubles() async throws {
        let rules = """
            rules:
              - name: twice
                phase: review
                when: {buyer.sameOrder: {minutes: 10, atLeast: 1}}
                then: {hold: suspected_double}
            """
        try await use(rules, lanes: 4) { site in
            let pairs = 1...40
            for pair in pairs {
                for part in ["b", "a"] {
                    try site.place("shop/\(pair)\(part)", term: "cash_on_delivery") {
                        $0["buyer"] = ["id": "b-\(pair)"]
                        if part == "a" { $0["placedAt"] = "2026-01-01T00:00:00Z" }
                        if part == "b" { $0["placedAt"] = "2026-01-01T00:01:00Z" }
                    }
                }
            }
            try site.flush()
            try site.wait("all are there") { try site.count("SELECT count(*) FROM orders") == 2 * pairs.count }
            let held = "SELECT count(*) FROM orders WHERE status = 'awaiting_release'"
            #expect(try site.count(held) == pairs.count)
            #expect(try site.count("SELECT count(*) FROM holds WHERE reason = 'suspected_double'") == pairs.count)
            try site.audit()
        }
    }
}
