import OrderCore
import OrderSimulator
import Testing

@Suite("Rules steer the flow of an order")
struct RuleFlowTests {
    /// A bench whose rules are these.
    private func bench(_ rules: Rule..., policy: (inout StorePolicy) -> Void = { _ in }) -> Bench {
        var bench = Bench(policy)
        bench.follow(rules) { $0.label = "v7" }
        return bench
    }

    private let big = RuleCondition.order(.payable, .within(150...Int64.max))

    @Test(
        "a validation rule that rejects keeps the order out, whatever the policy says of mistakes, and its reason is told"
    )
    func rejects() throws {
        var bench = bench(Rule.made("no-big-ones", .validate, big, .reject(detail: "too big"))) { $0.onInvalid = .hold }
        bench.place()
        #expect(bench.status() == .rejected)
        let reasons = bench.events.compactMap { event -> [Reason]? in
            if case .orderRejected(_, let reasons) = event.payload { reasons } else { nil }
        }
        #expect(reasons == [[Reason(.ruleViolated, path: "rules.no-big-ones", "too big")]])
        #expect(bench.stock("A").reserved == 0)
        bench.verify()
    }

    @Test("a validation rule that holds reserves nothing; overridden, it is not raised again and the order is reserved")
    func holdsBeforeReserving() {
        var bench = bench(Rule.made("look", .validate, big, .hold(.ruleViolated, detail: "look")))
        bench.place()
        #expect(bench.holds() == [.ruleViolated])
        #expect(bench.stock("A").reserved == 0)
        bench.command(.override(.ruleViolated))
        #expect(bench.holds().isEmpty)
        #expect(bench.stock("A").reserved == 2)
        bench.pay(200)
        #expect(bench.status() == .released)
        bench.verify()
    }

    @Test("what a validation rule holds for another reason is let in by a release, too, and is not held again")
    func releasedValidation() {
        var bench = bench(Rule.made("double", .validate, big, .hold(.suspectedDouble, detail: "look")))
        bench.place()
        #expect(bench.holds() == [.suspectedDouble])
        #expect(bench.stock("A").reserved == 0)
        bench.command(.release(.suspectedDouble))
        #expect(bench.holds().isEmpty)
        #expect(bench.stock("A").reserved == 2)
        bench.pay(200)
        #expect(bench.status() == .released)
        bench.verify()
    }

    @Test(
        "an order is reviewed once it is paid; released by a person it goes on from where it was, and is not held again"
    )
    func review() {
        var bench = bench(Rule.made("high", .review, big, .hold(.highValue, detail: "over 150")))
        bench.place()
        #expect(bench.holds().isEmpty)
        bench.pay(200)
        #expect(bench.status() == .awaitingRelease)
        #expect(bench.holds() == [.highValue])
        bench.command(.release(.highValue))
        #expect(bench.status() == .released)
        #expect(bench.holds().isEmpty)
        bench.verify()
    }

    @Test("a rule that approves ends the review: no later rule is asked")
    func approves() {
        var trusted = Rule.made("trusted", .review, .order(.channel, .isIn(["web"])), .approve)
        trusted.priority = 1
        var bench = bench(trusted, Rule.made("high", .review, big, .hold(.highValue, detail: "over 150")))
        bench.place()
        bench.pay(200)
        #expect(bench.status() == .released)
        bench.verify()
    }

    @Test("each decision names rule, version and the values it looked at, in the journal and beside it")
    func decisions() throws {
        var bench = bench(Rule.made("high", .review, big, .hold(.highValue, detail: "over 150")))
        bench.place()
        bench.pay(200)
        let entry = bench.journal.first { $0.why.contains("held for review (rule high, v7)") }
        let decision = try #require(bench.decisions.first)
        #expect(decision.version == entry?.version)
        #expect(decision.rule == "high")
        #expect(decision.rules == "v7")
        #expect(decision.inputs == ["amounts.payable": "200"])
        #expect(decision.effect == "held for review")
    }

    @Test("of what is personal, a decision keeps only whether it is there")
    func personalInputs() throws {
        let condition = RuleCondition.order(.remark, .contains("gift"))
        var bench = bench(Rule.made("remark", .review, condition, .hold(.buyerRemark, detail: "read it")))
        bench.place { $0.remark = "a gift for my aunt" }
        bench.pay(200)
        #expect(bench.decisions.first?.inputs == ["remark": "(there)"])
        #expect(bench.holds() == [.buyerRemark])
    }

    @Test("an earlier order of the same buyer counts, in the same batch too")
    func histories() {
        let double = RuleCondition.history(BuyerHistory(hasSameGoods: true, seconds: 600), .within(1...Int64.max))
        var bench = bench(Rule.made("double", .review, double, .hold(.suspectedDouble, detail: "ordered twice")))
        bench.feed([
            bench.placing("web/1", edit: { $0.buyer = "b" }), bench.placing("web/2", edit: { $0.buyer = "b" }),
            bench.placing("web/3", [.of("B", 1, at: 100)], edit: { $0.buyer = "b" }),
            bench.paying(.captured, "web/1", 200, "T1"), bench.paying(.captured, "web/2", 200, "T2"),
            bench.paying(.captured, "web/3", 100, "T3"),
        ])
        #expect([bench.holds("web/1"), bench.holds("web/2"), bench.holds("web/3")].map(\.count).reduce(0, +) == 1)
        #expect(bench.status("web/3") == .released)
        bench.verify()
    }

    @Test("the first carrier rule that matches chooses; the warehouse is told, and the journal says why")
    func carrier() {
        var heavy = Rule.made("heavy", .carrier, .order(.partQuantity, .within(10...Int64.max)), .carrier("freight"))
        heavy.priority = 1
        var bench = bench(heavy, Rule.made("usual", .carrier, .all([]), .carrier("sf")))
        bench.place()
        bench.pay(200)
        bench.place("web/2", [.of("A", 20, at: 1)])
        bench.pay(20, "web/2", "T2")
        let carriers = bench.events.compactMap { event -> String? in
            if case .fulfilmentRequested(let request) = event.payload { request.fulfilment.carrier } else { nil }
        }
        #expect(carriers == ["sf", "freight"])
        #expect(bench.journal.contains { $0.why.contains("web/2-F1 goes with freight (rule heavy, v7)") })
        bench.verify()
    }

    @Test("where no rule has a carrier the order is held, not guessed about; released, the warehouse chooses")
    func noCarrier() {
        var bench = bench(Rule.made("far", .carrier, .order(.warehouse, .isIn(["S"])), .carrier("sf")))
        bench.place()
        bench.pay(200)
        #expect(bench.holds() == [.noCarrier])
        #expect(bench.status() == .awaitingRelease)
        #expect(bench.count("fulfilment.requested") == 0)
        bench.command(.release(.noCarrier))
        #expect(bench.status() == .released)
        #expect(bench.count("fulfilment.requested") == 1)
        bench.verify()
    }

    @Test(
        "rules say who hears of an event: one more, one less, another instead; finance and warehouses are never left out"
    )
    func output() {
        let shipped = RuleCondition.order(.event, .isIn(["order.shipped"]))
        let all = RuleCondition.all([])
        var bench = bench(
            Rule.made("crm", .output, shipped, .tell(receiver: "crm")),
            Rule.made(
                "quiet", .output, all, .leaveOut(receiver: "erp"), .leaveOut(receiver: "finance"),
                .leaveOut(receiver: "wms")),
            Rule.made("north", .output, .order(.warehouse, .isIn(["N"])), .redirect(from: "wms", to: "wms-north")))
        bench.place()
        bench.pay(200)
        bench.ship("P1", [1: 2])
        func receivers(_ name: String) -> [String]? {
            bench.events.first { $0.payload.name == name }?.deliveries.map(\.receiver)
        }
        #expect(receivers("order.shipped") == ["storefront", "crm"])
        #expect(receivers("payment.recorded") == ["finance", "storefront"])
        #expect(receivers("fulfilment.requested") == ["wms-north"])
        bench.verify()
    }

    @Test("where a warehouse hears of its parts by a rule, no other rule leaves it out or sends them to others")
    func redirected() {
        let all = RuleCondition.all([])
        var bench = bench(
            Rule.made("a-north", .output, all, .redirect(from: "wms", to: "wms-north")),
            Rule.made("b-closed", .output, all, .leaveOut(receiver: "wms-north")),
            Rule.made("c-crm", .output, all, .redirect(from: "wms-north", to: "crm")))
        bench.place()
        bench.pay(200)
        let requested = bench.events.first { $0.payload.name == "fulfilment.requested" }
        #expect(requested?.deliveries.map(\.receiver) == ["wms-north"])
        bench.verify()
    }

    @Test("who was asked for a part hears of all that follows, whatever later rules say of it")
    func sameWMS() {
        let north = Rule.made(
            "north", .output, .order(.warehouse, .isIn(["N"])), .redirect(from: "wms", to: "wms-north"))
        var bench = bench()
        bench.place(term: .onAccount)
        bench.follow([north]) { $0.label = "v8" }
        bench.place("web/2", term: .onAccount)
        bench.fire(.handOverInDoubt)
        bench.command(.cancelLines([LineQuantity(line: 1, quantity: 1)]))
        bench.command(.cancel)
        let crm = Rule.made("crm", .output, .all([]), .tell(receiver: "crm"), .leaveOut(receiver: "wms-north"))
        bench.follow([crm]) { $0.label = "v9" }
        bench.command(.cancel, "web/2")
        func receivers(_ number: String) -> [[String]] {
            bench.events.filter { $0.orderNumber == number && $0.payload.name.hasPrefix("fulfilment.") }
                .map { $0.deliveries.map(\.receiver) }
        }
        #expect(receivers("web/1") == [["wms"], ["wms"], ["wms"], ["wms"]])
        #expect(receivers("web/2") == [["wms-north"], ["wms-north", "crm"]])
        bench.verify()
    }

    @Test("what must be made, and what is delivered by event, is told whatever rules leave out")
    func needed() {
        var bench = bench(
            Rule.made("quiet", .output, .all([]), .leaveOut(receiver: "erp"), .leaveOut(receiver: "storefront")))
        bench.place("web/1", [.of("M", 1, at: 100), .of("V", 1, at: 50)])
        bench.pay(150)
        bench.produce(1, 1)
        func receivers(_ name: String) -> [[String]] {
            bench.events.filter { $0.payload.name == name }.map { $0.deliveries.map(\.receiver) }
        }
        #expect(receivers("production.requested") == [["erp"]])
        #expect(receivers("virtual.delivered") == [["storefront"]])
        #expect(receivers("order.released") == [])
    }

    @Test("a timing rule sets how long anything waits, for the orders that it matches")
    func timing() {
        var bench = bench(Rule.made("patient", .timing, big, .wait(.paymentTimeout, seconds: 7_200)))
        bench.place()
        bench.place("web/2", [.of("A", 1, at: 100)])
        func wait(_ number: String) -> Int64? {
            bench.timer(.paymentTimeout, number).map { ($0.dueAt.microseconds - bench.now.microseconds) / 1_000_000 }
        }
        #expect(wait("web/1").map { $0 > 7_000 } == true)
        #expect(wait("web/2").map { $0 <= 1_800 } == true)
    }

    @Test("all messages of a batch see one version of the rules; the next batch sees the next")
    func versions() {
        var bench = bench()
        bench.place()
        bench.pay(200)
        #expect(bench.status() == .released)
        var set = RuleSet(label: "v8")
        set.rules = [Rule.made("high", .review, big, .hold(.highValue, detail: ""))]
        bench.set.reference.rules = RuleBook(set)
        bench.place("web/2")
        bench.pay(200, "web/2", "T2")
        #expect(bench.holds("web/2") == [.highValue])
        #expect(bench.decisions.map(\.rules) == ["v8"])
    }

    @Test("an order is told why each rule matches or does not")
    func trace() throws {
        var bench = bench(
            Rule.made("high", .review, .all([big, .order(.channel, .isIn(["app"]))]), .hold(.highValue, detail: "")))
        bench.place()
        let state = try #require(bench.state())
        let subject = RuleSubject(
            state.order, lines: state.lines.all, contact: nil, products: bench.set.reference.products, now: bench.now)
        let trace = try #require(bench.set.reference.rules.trace(.review, subject).first)
        #expect(!trace.holds)
        #expect(trace.because == ["channel is app: no (channel is web)"])
    }
}
