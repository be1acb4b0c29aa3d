import OrderCore
import OrderSimulator
import Testing

@Suite("What rules read of an order")
struct RuleReadingTests {
    private func bench(_ rules: Rule...) -> Bench {
        var bench = Bench()
        bench.follow(rules)
        return bench
    }

    private func holds(_ condition: RuleCondition) -> Rule {
        Rule.made("look", .review, condition, .hold(.highValue, detail: "look"))
    }

    @Test("stock that was not read is not there, not none: nothing is held for it")
    func unreadStock() {
        var bench = bench(holds(.lines(.any, .line(.available, .within(0...4)))))
        bench.place()
        bench.set.stock.complete = []
        bench.pay(200)
        #expect(bench.status() == .released)
        bench.place("web/2", [.of("A", 95, at: 1)])
        bench.pay(95, "web/2", "T2")
        #expect(bench.holds("web/2") == [.highValue])
        bench.verify()
    }

    @Test("earlier orders that were not read are not there, not none: no rule takes a buyer for a new one")
    func unreadHistory() {
        let first = RuleCondition.history(BuyerHistory(hasSameGoods: false, seconds: 600), .within(0...0))
        var bench = bench(
            Rule.made("new", .output, .all([first, .order(.event, .isIn(["order.shipped"]))]), .tell(receiver: "crm")))
        bench.place { $0.buyer = "ann" }
        bench.pay(200)
        bench.ship("P1", [1: 2])
        bench.place("web/2") { $0.buyer = "ann" }
        bench.pay(200, "web/2", "T2")
        bench.set.histories["web/2"] = [BuyerHistory(hasSameGoods: false, seconds: 600): 0]
        bench.ship("P2", [1: 2], "web/2")
        func receivers(_ number: String) -> [String]? {
            bench.events.first { $0.payload.name == "order.shipped" && $0.orderNumber == number }?
                .deliveries.map(\.receiver)
        }
        #expect(receivers("web/1")?.contains("crm") == false)
        #expect(receivers("web/2")?.contains("crm") == true)
        bench.verify()
    }

    @Test(
        "until it is handed over, an order is what is left of it",
        arguments: [
            .order(.quantity, .within(3...Int64.max)), .order(.payable, .within(201...Int64.max)),
            .order(.goods, .within(201...Int64.max)), .order(.lineCount, .within(2...Int64.max)),
            .lines(.any, .line(.sku, .isIn(["B"]))), .sum(.quantity, of: .all([]), .within(3...Int64.max)),
        ] as [RuleCondition])
    func rest(condition: RuleCondition) {
        for isCancelled in [false, true] {
            var bench = bench(holds(condition))
            bench.place("web/1", [.of("A", 2, at: 100), .of("B", 1, at: 50)])
            if isCancelled { bench.command(.cancelLines([LineQuantity(line: 2, quantity: 1)])) }
            bench.pay(isCancelled ? 200 : 250)
            #expect(bench.status() == (isCancelled ? .released : .awaitingRelease))
            bench.verify()
        }
    }

    @Test(
        "below its floor price is what the buyer pays for a unit after discounts, tax left out",
        arguments: [
            (0, 0, 0, false), (20, 0, 0, false), (21, 0, 0, true), (0, 21, 0, true), (21, 0, 50, true),
            (20, 0, 50, false),
        ] as [(Int64, Int64, Int64, Bool)])
    func floor(discount: Int64, deduction: Int64, tax: Int64, isBelow: Bool) {
        var bench = bench(holds(.lines(.any, .line(.isBelowFloor, .within(1...1)))))
        bench.set.reference.products["A"]?.floorPrice = 90
        bench.set.reference.products["A"]?.priceCurrency = "CNY"
        bench.place {
            $0.claimed.discount = discount
            $0.claimed.deduction = deduction
            $0.claimed.tax = tax
        }
        bench.pay(200 - discount - deduction + tax)
        #expect(bench.status() == (isBelow ? .awaitingRelease : .released))
        bench.verify()
    }

    @Test("a floor price in another currency says nothing of an order")
    func floorCurrency() {
        var bench = bench(holds(.lines(.any, .line(.isBelowFloor, .within(1...1)))))
        bench.set.reference.products["A"]?.floorPrice = 900
        bench.set.reference.products["A"]?.priceCurrency = "JPY"
        bench.place()
        bench.pay(200)
        #expect(bench.status() == .released)
        bench.verify()
    }

    private let double = RuleCondition.history(
        BuyerHistory(hasSameGoods: true, seconds: 600), .within(1...Int64.max))

    @Test("of two orders of the same goods one is held, whichever of them comes first")
    func doubles() {
        for isLaterFirst in [false, true] {
            var bench = bench(holds(double))
            let second = Timestamp(microseconds: 1_800_000_030_000_000)
            let numbers = isLaterFirst ? ["web/2", "web/1"] : ["web/1", "web/2"]
            bench.feed(
                numbers.map { number in
                    bench.placing(number, term: .cashOnDelivery) {
                        $0.buyer = "ann"
                        if number == "web/2" { $0.placedAt = second }
                    }
                })
            #expect(numbers.map { bench.holds($0).count } == [0, 1])
            bench.verify()
        }
    }

    @Test("an order that was placed later and waits to be paid holds no earlier one")
    func laterUnpaid() {
        var bench = bench(holds(double))
        var messages = [bench.placing("web/1") { $0.buyer = "ann" }]
        messages.append(
            bench.placing("web/2") {
                $0.buyer = "ann"
                $0.placedAt = Timestamp(microseconds: 1_800_000_030_000_000)
            })
        messages.append(bench.paying(.captured, "web/1", 200, "T1"))
        messages.append(bench.paying(.captured, "web/2", 200, "T2"))
        bench.feed(messages)
        #expect(bench.status("web/1") == .released)
        #expect(bench.holds("web/2") == [.highValue])
        bench.verify()
    }
}
