import OrderCore
import OrderSimulator
import Testing

@Suite("What is written down of rules that are asked again and again")
struct RuleRecordTests {
    private func bench(_ rules: Rule...) -> Bench {
        var bench = Bench()
        bench.follow(rules) { $0.label = "v3" }
        return bench
    }

    @Test("who hears of an event by a rule, or does not, is written down where the rule has changed it")
    func output() {
        let paid = RuleCondition.order(.event, .isIn(["order.paid"]))
        var bench = bench(
            Rule.made("crm", .output, paid, .tell(receiver: "crm"), .tell(receiver: "storefront")),
            Rule.made("quiet", .output, .all([]), .leaveOut(receiver: "erp"), .leaveOut(receiver: "finance")),
            Rule.made(
                "elsewhere", .output, .order(.event, .isIn(["fulfilment.requested"])),
                .redirect(from: "wms", to: "wms-2")))
        bench.place()
        bench.pay(200)
        let written = bench.decisions.map { "\($0.rule): \($0.effect)" }
        #expect(written.contains("crm: crm hears of order.paid"))
        #expect(written.contains("elsewhere: wms-2 hears of fulfilment.requested instead of wms"))
        #expect(written.contains("quiet: erp does not hear of order.released"))
        // It hears of that anyway, and finance always does.
        #expect(!written.contains { $0.contains("storefront") || $0.contains("finance") })
        #expect(bench.decisions.allSatisfy { $0.rules == "v3" && $0.phase == .output })
        #expect(bench.decisions.first { $0.rule == "crm" }?.inputs == ["event": "order.paid"])
        #expect(bench.journal.contains { $0.why.contains("crm hears of order.paid (rule crm, v3)") })
        bench.verify()
    }

    @Test("how long something waits by a rule is written down when the wait begins, not whenever it is looked at")
    func timing() {
        var bench = bench(
            Rule.made(
                "slow", .timing, .all([]), .wait(.paymentTimeout, seconds: 900), .wait(.releaseDelay, seconds: 600)))
        bench.place()
        bench.pay(100)
        bench.pay(100, "web/1", "T2")
        bench.command(.note("nothing else"))
        #expect(bench.decisions.map(\.effect) == ["paymentTimeout of 900 s", "releaseDelay of 600 s"])
        bench.verify()
    }

    @Test("parts that can't travel together are written down with the rule that says so")
    func split() {
        var split = SplitAction()
        split.maximumValue = 100
        var bench = bench(Rule.made("insured", .split, .all([]), .split(split)))
        bench.place()
        #expect(bench.decisions.map { "\($0.phase.rawValue) \($0.effect)" } == ["split 2 parcels from N"])
        bench.verify()
    }

    @Test("rules tell when they look at products, so that these are read then alone")
    func products() {
        func needs(_ rules: Rule...) -> Set<RuleProductNeed> {
            var set = RuleSet(label: "v1")
            set.rules = rules
            return RuleBook(set).productNeeds
        }
        let cold = RuleCondition.lines(.any, .line(.temperature, .isIn(["cold"])))
        func at(_ event: String) -> RuleCondition { .all([.order(.event, .isIn([event])), cold]) }
        #expect(needs(Rule.made("plain", .carrier, .order(.warehouse, .isIn(["N"])), .carrier("sf"))).isEmpty)
        #expect(needs(Rule.made("cold", .review, cold, .approve)) == [.beforeRelease])
        #expect(needs(Rule.made("cold", .carrier, .not(cold), .carrier("sf"))) == [.beforeRelease, .whilePlanned])
        #expect(needs(Rule.made("cold", .output, at("order.accepted"), .tell(receiver: "crm"))).isEmpty)
        #expect(
            needs(Rule.made("cold", .output, at("fulfilment.cancel_requested"), .tell(receiver: "crm"))) == [.onDemand])
        #expect(needs(Rule.made("cold", .output, at("order.shipped"), .tell(receiver: "crm"))).contains(.always))
        #expect(needs(Rule.made("cold", .output, cold, .tell(receiver: "crm"))).contains(.always))
        #expect(needs(Rule.made("cold", .timing, cold, .wait(.noAnswerAfter, seconds: 60))) == [.onDemand])
        #expect(needs(Rule.made("cold", .timing, cold, .wait(.reviewWindow, seconds: 60))).contains(.always))
        var off = Rule.made("cold", .review, cold, .approve)
        off.isEnabled = false
        #expect(needs(off).isEmpty)
    }
}
