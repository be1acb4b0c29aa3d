import OrderCore
import OrderSimulator
import Testing

@Suite("Another receiver, and what rules say of it")
struct ReceiverRuleTests {
    /// A business whose orders may be withdrawn for a while, so that they wait with all that was decided.
    private func bench(_ rules: Rule..., edit: (inout RuleSet) -> Void = { _ in }) -> Bench {
        var bench = Bench { $0.releaseDelay = 600 }
        bench.follow(rules, edit)
        return bench
    }

    /// An order that waits for others of its buyer, with its carrier.
    private func merging(_ rules: Rule..., edit: (inout RuleSet) -> Void = { _ in }) -> Bench {
        var bench = Bench()
        bench.follow(rules + [Rule.made("together", .merge, .all([]), .merge(windowSeconds: 3_600))], edit)
        bench.place(term: .onAccount) { $0.buyer = "li" }
        return bench
    }

    private func receiver(_ province: String, _ name: String = "王小明") -> Receiver {
        var receiver = Receiver.someone
        (receiver.province, receiver.name) = (province, name)
        return receiver
    }

    private func carriers(_ bench: Bench) -> [String?] {
        bench.state()?.fulfilments.all.filter { $0.state == .planned }.map(\.carrier) ?? []
    }

    private func areas(_ names: String...) -> RuleCondition { .order(.province, .isIn(Set(names))) }

    private let usual = Rule.made("usual", .carrier, .all([]), .carrier("yto"))

    @Test("a carrier that a rule chose is chosen again by the rules")
    func carrier() {
        var far = Rule.made("far", .carrier, areas("台湾省"), .carrier("sf"))
        far.priority = 1
        var bench = merging(far, usual)
        #expect(carriers(bench) == ["yto"])
        bench.command(.editReceiver(receiver("台湾省")))
        #expect(carriers(bench) == ["sf"])
        bench.fire(.merge)
        #expect(bench.handOvers.map(\.fulfilment.carrier) == ["sf"])
        bench.verify()
    }

    @Test("without a route it is held, and does not ship; back where the carrier goes, it goes on")
    func noRoute() {
        var bench = merging(usual) {
            $0.carriers["yto", default: CarrierRule()].excluded = ["台湾省"]
        }
        bench.command(.editReceiver(receiver("台湾省")))
        #expect(bench.holds() == [.noCarrier])
        bench.fire(.merge)
        #expect(bench.handOvers.isEmpty)
        bench.command(.editReceiver(receiver("浙江省")))
        #expect(bench.holds().isEmpty)
        bench.fire(.merge)
        #expect(bench.handOvers.map(\.fulfilment.carrier) == ["yto"])
        bench.verify()
    }

    @Test("a carrier that staff chose stays, as long as it goes there")
    func chosen() {
        var bench = merging(usual) {
            $0.carriers["yto"] = CarrierRule()
            $0.carriers["zto", default: CarrierRule()].excluded = ["台湾省"]
        }
        bench.command(.changeCarrier("zto", fulfilment: nil))
        bench.command(.editReceiver(receiver("浙江省")))
        #expect(carriers(bench) == ["zto"])
        bench.command(.editReceiver(receiver("台湾省")))
        #expect(carriers(bench) == ["yto"])
        bench.verify()
    }

    @Test("a validation rule that would not take it holds it with what it has reserved, until it is so no more")
    func validated() {
        var bench = bench(
            Rule.made(
                "no-cash", .validate, .all([.order(.paymentTerm, .isIn(["cash_on_delivery"])), areas("台湾省")]),
                .reject(detail: "no cash here")))
        bench.place(term: .cashOnDelivery)
        #expect(bench.command(.editReceiver(receiver("台湾省"))) == .done)
        #expect(bench.holds() == [.ruleViolated])
        #expect(bench.stock("A").reserved == 2)
        bench.command(.editReceiver(receiver("浙江省")))
        #expect(bench.holds().isEmpty)
        bench.command(.editReceiver(receiver("台湾省")))
        #expect(bench.holds() == [.ruleViolated])
        bench.fire(.releaseDelay)
        #expect(bench.handOvers.isEmpty)
        bench.command(.override(.ruleViolated))
        #expect(bench.status() == .released)
        bench.verify()
    }

    @Test("what a rule of now does not hold any more closes when the order is looked at again")
    func ruleGone() {
        var bench = bench(Rule.made("no-go", .validate, areas("台湾省"), .reject(detail: "not there")))
        bench.place(term: .onAccount)
        bench.command(.editReceiver(receiver("台湾省")))
        #expect(bench.holds() == [.ruleViolated])
        bench.follow([])
        bench.command(.retry)
        #expect(bench.holds().isEmpty)
        bench.verify()
    }

    @Test("a review that is over is asked again about what is another, and about nothing else")
    func reviewed() {
        var bench = bench(
            Rule.made("blocked", .review, areas("台湾省", "海南省"), .hold(.blockedArea, detail: "blocked")),
            Rule.made("high", .review, .order(.payable, .within(150...Int64.max)), .hold(.highValue, detail: "high")))
        bench.place(term: .onAccount)
        #expect(bench.holds() == [.highValue])
        bench.command(.release(.highValue))
        #expect(bench.holds().isEmpty)
        bench.command(.editReceiver(receiver("台湾省")))
        #expect(bench.holds() == [.blockedArea])
        bench.command(.release(.blockedArea))
        bench.command(.editReceiver(receiver("台湾省", "Li")))
        #expect(bench.holds().isEmpty)
        bench.command(.editReceiver(receiver("海南省", "Li")))
        #expect(bench.holds() == [.blockedArea])
        bench.command(.release(.blockedArea))
        #expect(bench.holds().isEmpty)
        bench.fire(.releaseDelay)
        #expect(bench.status() == .released)
        bench.verify()
    }

    @Test(
        "what a rule of validation held and a person let go is held again for another area, also before it is reserved")
    func unreserved() {
        var bench = Bench { $0.allowsSplitBackorders = true }
        bench.follow([
            Rule.made("far", .validate, areas("台湾省", "海南省"), .hold(.blockedArea, detail: "far"))
        ])
        bench.place("web/1", [.of("A", 200, at: 1), .of("B", 1, at: 1)], term: .onAccount) {
            $0.receiver.province = "台湾省"
        }
        bench.command(.release(.blockedArea))
        #expect(bench.holds() == [.outOfStock])
        bench.command(.editReceiver(receiver("海南省")))
        #expect(bench.holds() == [.blockedArea])
        bench.command(.release(.blockedArea))
        bench.command(.retry)
        #expect(bench.holds() == [.outOfStock])
        bench.verify()
    }

    @Test("an order that a warehouse has is not sent where rules would not let it go")
    func handedOver() {
        var bench = bench(
            Rule.made("no-go", .validate, areas("台湾省"), .reject(detail: "not there")),
            Rule.made("blocked", .review, areas("海南省"), .hold(.blockedArea, detail: "blocked")))
        bench.place(term: .onAccount)
        bench.fire(.releaseDelay)
        #expect(bench.status() == .released)
        let refused = bench.command(.editReceiver(receiver("台湾省")))
        #expect(refused == .refused("N has it, and the rule no-go does not let it go there (not there): cancel it"))
        #expect(bench.command(.editReceiver(receiver("海南省"))).isRefused)
        #expect(bench.amends.isEmpty)
        #expect(bench.command(.editReceiver(receiver("浙江省"))) == .done(note: "asked of N"))
        bench.verify()
    }
}
