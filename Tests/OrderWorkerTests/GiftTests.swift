import OrderWorker
import TestSite
import Testing

@Suite("What a buyer gets once, as a worker lives by it")
struct GiftTests {
    private static let rules = """
        rules:
          - {name: cup, phase: gift, then: {gift: {sku: CUP, oncePerBuyer: true}}}
          - {name: look, phase: validate, when: {remark: {exists: true}}, then: {hold: buyer_remark}}
        """

    private static let keys = "SELECT count(*) FROM business_keys WHERE key LIKE 'gift %'"

    /// A site whose worker follows the rules from its first order on.
    private func use(_ body: @Sendable @escaping (Site) throws -> Void) async throws {
        try await Site.use(workers: 0) { site in
            try site.publish(Self.rules)
            let database = try site.limitedSettings()
            try site.startWorker { $0.database = database }
            try site.open(skus: ["TEA", "CUP"])
            try body(site)
        }
    }

    @Test("an order that was held is handed over when it is let go, without the gift that its buyer has by then")
    func held() async throws {
        try await use { site in
            try site.place("shop/first")
            try site.wait("the gift is given") { try site.gifts(of: "shop/first") == 1 }
            try site.place("shop/held") { $0["remark"] = "please hurry" }
            try site.wait("it is held") { try site.openHolds("shop/held") == ["buyer_remark"] }
            try site.pay("shop/held", id: "pay held")
            try site.command("release", "shop/held", id: "release") { $0["holdReason"] = "buyer_remark" }
            try site.waitFor("shop/held", "released")
            #expect(try site.gifts(of: "shop/held") == 0)
            #expect(try site.count("SELECT count(*) FROM dead_messages") == 0)
            try site.audit()
        }
    }

    @Test("a gift that was held back with its order is given when the order is let go, and known from then on")
    func heldFirst() async throws {
        try await use { site in
            try site.place("shop/held") { $0["remark"] = "please hurry" }
            try site.wait("it is held") { try site.openHolds("shop/held") == ["buyer_remark"] }
            #expect(try site.count(Self.keys) == 0)
            try site.command("release", "shop/held", id: "release") { $0["holdReason"] = "buyer_remark" }
            try site.wait("the gift is given") { try site.gifts(of: "shop/held") == 1 }
            #expect(try site.count(Self.keys) == 1)
            try site.audit()
        }
    }

    @Test("a gift of an order that is cancelled before it ships may be had again")
    func cancelled() async throws {
        try await use { site in
            for number in ["shop/1", "shop/2"] {
                try site.place(number)
                try site.wait("the gift is given") { try site.gifts(of: number) == 1 }
                #expect(try site.count(Self.keys) == 1)
                try site.ask("cancel", number, request: "C-\(number)")
                try site.waitFor(number, "cancelled")
                #expect(try site.count(Self.keys) == 0)
            }
            try site.audit()
        }
    }
}

extension Site {
    /// Units that rules have given to an order, and not taken back.
    fileprivate func gifts(of number: String) throws -> Int {
        try count(
            """
            SELECT coalesce(sum(quantity - cancelled), 0)::bigint FROM order_lines
            WHERE order_number = '\(number)' AND gift IS NOT NULL
            """)
    }
}
