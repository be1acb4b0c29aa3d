import OrderCore
import OrderSimulator
import Testing

@Suite("What becomes of a gift when its cause is cancelled")
struct GiftCauseTests {
    /// A bench where B is given by a rule.
    private func bench(
        each step: GiftAction.Step? = nil, when condition: RuleCondition = .all([]),
        _ edit: (inout Rule) -> Void = { _ in }
    ) -> Bench {
        var gift = GiftAction(sku: "B")
        gift.each = step
        var rule = Rule.made("cup", .gift, condition, .gift(gift))
        edit(&rule)
        var bench = Bench()
        bench.follow([rule])
        return bench
    }

    private let two = RuleCondition.sum(.quantity, of: .line(.sku, .isIn(["A"])), .within(2...Int64.max))

    @Test("the warehouse has none of the goods: the gift is not shipped alone, the order ends and all is refunded")
    func allShort() {
        var bench = bench()
        bench.place("web/1", [.of("A", 3, at: 100)]) { $0.claimed.shipping = 10 }
        bench.pay(310)
        bench.report(.short, [1: 3], document: "D1")
        #expect(bench.count("fulfilment.cancel_requested") == 1)
        #expect(bench.state()?.order.isCancelling == true)
        bench.report(.cancelled)
        #expect(bench.status() == .cancelled)
        #expect(bench.requests(.refund).map(\.amount).reduce(0, +) == 310)
        #expect(bench.stock("B").reserved == 0)
        bench.verify()
    }

    @Test("the warehouse ships the gift all the same: its part goes on, and nobody is asked for ever")
    func giftGoesOn() {
        var bench = bench()
        bench.place("web/1", [.of("A", 3, at: 100)])
        bench.pay(300)
        bench.report(.short, [1: 3], document: "D1")
        bench.report(.cancelRefused)
        #expect(bench.count("fulfilment.cancel_requested") == 1)
        bench.ship("P1", [2: 1])
        #expect(bench.status() == .shipped)
        bench.verify()
    }

    @Test("of part of the goods there is none: the warehouse is asked to leave out what the rest does not earn")
    func partShort() {
        var bench = bench(each: .amount(100))
        bench.place("web/1", [.of("A", 3, at: 100)])
        bench.pay(300)
        #expect(bench.line(2)?.quantity == 3)
        bench.report(.short, [1: 1], document: "D1")
        #expect(bench.state()?.fulfilmentLines.all.map(\.asked) == [0, 1])
        bench.report(.amended)
        #expect(bench.line(2)?.cancelled == 1)
        bench.ship("P1", [1: 2, 2: 2])
        #expect(bench.status() == .shipped)
        bench.verify()
    }

    @Test("a change that a warehouse has not answered is not mixed with another: the gift stays")
    func alreadyAsked() {
        var bench = bench(when: two)
        bench.place("web/1", [.of("A", 3, at: 100)])
        bench.pay(300)
        bench.command(.cancelLines([LineQuantity(line: 1, quantity: 1)]))
        bench.report(.short, [1: 2], document: "D1")
        #expect(bench.count("fulfilment.amend_requested") == 1)
        #expect(bench.line(2)?.open == 1)
        bench.report(.amended)
        bench.ship("P1", [1: 1, 2: 1])
        #expect(bench.status() == .shipped)
        bench.verify()
    }

    @Test("a gift of a campaign that is over by now stays with what is left")
    func campaignOver() {
        var bench = bench { $0.validUntil = Timestamp(microseconds: 1_800_000_060_000_000) }
        bench.place("web/1", [.of("A", 3, at: 100)])
        #expect(bench.line(2) != nil)
        bench.now = bench.now.adding(seconds: 3_600)
        bench.command(.cancelLines([LineQuantity(line: 1, quantity: 1)]))
        #expect(bench.line(2)?.open == 1)
        bench.verify()
    }

    @Test("what no cancel changes does not take it: the day, who the buyer is, what there is in stock")
    func otherCauses() {
        let none = RuleCondition.history(BuyerHistory(hasSameGoods: false, seconds: 600), .within(0...0))
        let stocked = RuleCondition.lines(.no, .not(.line(.available, .within(90...Int64.max))))
        let unpaid = RuleCondition.not(.order(.paymentState, .isIn(["paid"])))
        var bench = bench(when: .all([none, stocked, unpaid, two]))
        bench.place("web/1", [.of("A", 3, at: 100)]) { $0.buyer = "ann" }
        #expect(bench.line(2) != nil)
        bench.pay(300)
        bench.count("A", "N", 5)
        bench.command(.cancelLines([LineQuantity(line: 1, quantity: 1)]))
        #expect(bench.state()?.fulfilmentLines.all.map(\.asked) == [1, 0])
        bench.report(.amended)
        bench.command(.cancelLines([LineQuantity(line: 1, quantity: 1)]))
        #expect(bench.state()?.fulfilmentLines.all.map(\.asked) == [1, 1])
        bench.verify()
    }

    @Test("units by what matches go by what is left of it")
    func stepsOfRest() {
        let stocked = RuleCondition.line(.available, .within(90...Int64.max))
        var bench = bench(each: .quantity(1, of: .all([.line(.sku, .isIn(["A"])), stocked])))
        bench.place("web/1", [.of("A", 3, at: 100)])
        #expect(bench.line(2)?.quantity == 3)
        bench.count("A", "N", 5)
        bench.command(.cancelLines([LineQuantity(line: 1, quantity: 1)]))
        #expect(bench.line(2)?.open == 2)
        bench.verify()
    }
}
