import AMQP
import OrderStore
import TestSite
import Testing

@Suite("Rules of operations, as a worker lives by them")
struct RulesTests {
    private static let review = """
        rules:
          - name: high
            phase: review
            when: {amounts.payable: {atLeast: 1}}
            then: {hold: high_value}
        """

    @Test("published rules are taken up by a running worker; each decision names its rule and version")
    func published() async throws {
        try await Site.use { site in
            try site.open()
            try site.place("shop/1")
            try site.pay("shop/1", id: "pay 1")
            try site.waitFor("shop/1", "released")
            try site.publish(Self.review)
            try site.placeUntilHeld(by: "high_value")
            #expect(
                try site.text("SELECT DISTINCT rules || ' ' || rule || ' ' || phase FROM rule_decisions")
                    == "v1 high review")
            let entry = "SELECT count(*) FROM order_journal WHERE why LIKE '%held for review (rule high, v1)%'"
            #expect(try site.count(entry) > 0)
            #expect(
                try site.count(
                    "SELECT count(*) FROM rule_decisions AS d WHERE NOT EXISTS (SELECT FROM order_journal AS j WHERE j.order_number = d.order_number AND j.version = d.version)"
                ) == 0)
            try site.audit()
        }
    }

    @Test("rules that can't be read change nothing: the worker goes on with those it has")
    func broken() async throws {
        try await Site.use(workers: 0) { site in
            let worker = try site.startWorker()
            try site.open()
            try site.publish(Self.review)
            try site.placeUntilHeld(by: "high_value")
            try site.publish("rules: [{name: x, phase: revue, then: {approve: true}}]")
            try site.wait("the worker has met them") {
                try site.place("shop/nudge-\(site.next())")
                try site.flush()
                return worker.log.count(of: "published rules can't be read") >= 1
            }
            try site.place("shop/last")
            try site.pay("shop/last", id: "pay last")
            try site.wait("it is held by the rules before") {
                try site.count("SELECT count(*) FROM holds WHERE order_number = 'shop/last' AND reason = 'high_value'")
                    == 1
            }
        }
    }

    @Test("a worker that begins takes the newest rules that it can read; where there are none, it takes no order")
    func brokenAtStart() async throws {
        let unreadable = "rules: [{name: x, phase: revue, then: {approve: true}}]"
        try await Site.use(workers: 0) { site in
            try site.publish(unreadable)
            let worker = try site.startWorker()
            try site.wait("it says what is missing") { worker.log.count(of: "no database session") >= 1 }
            try site.publish(Self.review)
            try site.publish(unreadable)
            try site.open()
            try site.place("shop/1")
            try site.pay("shop/1", id: "pay 1")
            try site.wait("it is held by the rules that can be read") { try site.openHolds("shop/1") == ["high_value"] }
        }
    }

    @Test("a receiver that rules name gets a queue of its own, and hears what it is told")
    func receiver() async throws {
        try await Site.use { site in
            try site.open()
            try site.publish(
                """
                rules:
                  - name: crm
                    phase: output
                    when: {event: order.released}
                    then: {tell: [crm]}
                """)
            try site.wait("the receiver hears of an order") {
                let number = "shop/\(site.next())"
                try site.place(number)
                try site.pay(number, id: "pay \(number)")
                try site.flush()
                return (try? site.depth(of: "crm.events")) ?? 0 > 0
            }
            try site.wait("all is confirmed") { try site.count("SELECT count(*) FROM outbox") == 0 }
        }
    }

    @Test("the same goods ordered again within minutes are held, in whichever lane and whatever was given with them")
    func double() async throws {
        try await Site.use { site in
            try site.open(skus: ["TEA", "CUP"])
            try site.publish(
                """
                rules:
                  - name: twice
                    phase: review
                    when: {buyer.sameOrder: {minutes: 10, atLeast: 1}}
                    then: {hold: suspected_double}
                  - {name: cup, phase: gift, then: {gift: {sku: CUP, oncePerBuyer: true}}}
                """)
            try site.wait("the rules count") {
                let number = "shop/\(site.next())"
                for part in ["a", "b"] {
                    try site.place(number + part) { $0["buyer"] = ["id": number] }
                    try site.pay(number + part, id: "pay \(number + part)")
                }
                try site.flush()
                return try site.count("SELECT count(*) FROM holds WHERE reason = 'suspected_double'") > 0
            }
            let firsts = "SELECT count(*) FROM holds WHERE reason = 'suspected_double' AND order_number LIKE '%a'"
            #expect(try site.count(firsts) == 0)
        }
    }

    @Test("a gift is taken from stock and goes with the order; a buyer gets it once, whichever lane has the order")
    func gift() async throws {
        try await Site.use { site in
            try site.open(skus: ["TEA", "CUP"])
            try site.publish(
                """
                rules:
                  - {name: cup, phase: gift, then: {gift: {sku: CUP, oncePerBuyer: true}}}
                """)
            var given = ""
            try site.wait("a gift is given") {
                let number = "shop/\(site.next())"
                try site.place(number) { $0["buyer"] = ["id": number] }
                try site.flush()
                given = try site.text("SELECT min(order_number) FROM order_lines WHERE gift = 'cup'") ?? ""
                return !given.isEmpty
            }
            for index in 1...10 { try site.place("shop/again-\(index)") { $0["buyer"] = ["id": given] } }
            try site.wait("all are there") {
                try site.count("SELECT count(*) FROM orders WHERE number LIKE 'shop/again-%'") == 10
            }
            #expect(try site.count("SELECT count(*) FROM order_lines WHERE order_number LIKE 'shop/again-%'") == 10)
            let reserved = try site.count("SELECT reserved FROM stock WHERE sku = 'CUP'")
            #expect(try site.count("SELECT count(*) FROM order_lines WHERE gift = 'cup'") == reserved)
            try site.pay(given, id: "pay")
            try site.waitFor(given, "released")
            try site.audit()
        }
    }

    @Test("where no rule has a carrier the order waits; the choice goes to the warehouse with the order")
    func carrier() async throws {
        try await Site.use { site in
            try site.open()
            try site.publish(
                """
                rules:
                  - {name: small, phase: carrier, when: {lines.quantity: {atMost: 1}}, then: {carrier: sf}}
                """)
            try site.wait("an order goes with the carrier") {
                let number = "shop/\(site.next())"
                try site.place(number)
                try site.pay(number, id: "pay \(number)")
                try site.flush()
                return try site.count("SELECT count(*) FROM fulfilments WHERE carrier = 'sf'") > 0
            }
            try site.wait("the warehouse is told") {
                site.sink.told("wms", "fulfilment.requested").contains { $0.data["carrier"] as? String == "sf" }
            }
        }
    }

    @Test("rules that look at products see them of an order that only its payment and its warehouse speak of")
    func products() async throws {
        try await Site.use { site in
            try site.open(skus: ["TEA", "ICE"])
            try site.send(
                "product.updated", to: "reference.update",
                [
                    "sku": "ICE", "revision": 2, "listed": true, "pricesMinor": ["*": 1_000], "currency": "CNY",
                    "temperature": "frozen", "floorPriceMinor": 2_000,
                ])
            try site.wait("the product is known") {
                try site.count("SELECT count(*) FROM products WHERE temperature = 'frozen'") == 1
            }
            try site.publish(
                """
                rules:
                  - {name: floor, phase: review, when: {anyLine: {belowFloor: true}}, then: {hold: below_floor}}
                  - {name: cold, phase: carrier, priority: 1, when: {anyLine: {temperature: frozen}}, then: {carrier: ice}}
                  - {name: usual, phase: carrier, then: {carrier: sf}}
                  - {name: told, phase: output, when: {event: order.shipped, anyLine: {temperature: frozen}}, then: {tell: crm}}
                """)
            try site.wait("the rules count") {
                let number = "shop/\(site.next())"
                try site.place(number)
                try site.pay(number, id: "pay \(number)")
                try site.flush()
                return try site.count("SELECT count(*) FROM fulfilments WHERE carrier = 'sf'") > 0
            }
            try site.place("shop/ice", sku: "ICE")
            try site.wait("it is placed") {
                try site.count("SELECT count(*) FROM orders WHERE number = 'shop/ice'") == 1
            }
            try site.pay("shop/ice", id: "pay ice")
            try site.wait("it is held") { try site.openHolds("shop/ice") == ["below_floor"] }
            try site.command("release", "shop/ice", id: "release") { $0["holdReason"] = "below_floor" }
            try site.waitFor("shop/ice", "released")
            #expect(try site.text("SELECT carrier FROM fulfilments WHERE order_number = 'shop/ice'") == "ice")
            try site.report("shipped", "shop/ice-F1", shipment: "P1", lines: [(1, 1)]) {
                $0["orderNumber"] = "shop/ice"
            }
            try site.wait("the receiver hears of it") { (try? site.depth(of: "crm.events")) ?? 0 == 1 }
            let told = "SELECT effect FROM rule_decisions WHERE order_number = 'shop/ice' AND phase = 'output'"
            #expect(try site.text(told) == "crm hears of order.shipped")
        }
    }

    @Test("of events and waits, which are asked about again and again, a rule's first decision of a kind is kept")
    func once() async throws {
        try await Site.use { site in
            try site.open()
            try site.publish(
                """
                rules:
                  - {name: quiet, phase: output, when: {event: tracking.updated}, then: {leaveOut: storefront}}
                  - {name: cold, phase: timing, then: {wait: {handOverInDoubtAfter: {hours: 1}}}}
                """)
            var number = ""
            try site.wait("the rules count") {
                number = "shop/\(site.next())"
                try site.place(number)
                try site.pay(number, id: "pay \(number)")
                try site.waitFor(number, "released")
                return try site.count("SELECT count(*) FROM rule_decisions WHERE order_number = '\(number)'") > 0
            }
            try site.report("shipped", "\(number)-F1", shipment: "P1", lines: [(1, 1)]) { $0["orderNumber"] = number }
            for code in ["picked_up", "in_transit", "arrived"] {
                try site.send(
                    "tracking.checkpoint", to: "warehouse.callback",
                    [
                        "orderNumber": number, "warehouse": "WH1", "shipment": "P1", "code": code, "text": code,
                        "place": "Shanghai", "occurredAt": site.now,
                    ], source: "carrier")
            }
            try site.wait("all are known") {
                try site.count("SELECT count(*) FROM tracking_checkpoints WHERE order_number = '\(number)'") == 3
            }
            let kept =
                "SELECT string_agg(effect, ', ' ORDER BY effect) FROM rule_decisions WHERE order_number = '\(number)'"
            #expect(
                try site.text(kept)
                    == "handOverInDoubtAfter of 3600 s, storefront does not hear of tracking.updated")
        }
    }
}

extension Site {
    func publish(_ rules: String) throws {
        _ = try RuleVersions(connection: database).publish(["rules.yaml": rules], by: "test", note: "a test")
    }

    /// The rules count from a batch on that nobody knows beforehand.
    fileprivate func placeUntilHeld(by reason: String) throws {
        try wait("an order is held") {
            let number = "shop/\(next())"
            try place(number)
            try pay(number, id: "pay \(number)")
            try flush()
            return try count("SELECT count(*) FROM holds WHERE reason = '\(reason)'") > 0
        }
    }
}
