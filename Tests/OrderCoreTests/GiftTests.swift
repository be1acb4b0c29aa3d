import OrderCore
import OrderSimulator
import Testing

@Suite("Gifts that rules give")
struct GiftTests {
    private func bench(
        _ gift: GiftAction, when condition: RuleCondition = .all([]), stock: [String: Int64] = ["A": 100, "B": 5]
    )
        -> Bench
    {
        var bench = Bench(stock: stock)
        var rule = Rule("tea-for-all", .gift)
        rule.condition = condition
        rule.actions = [.gift(gift)]
        var set = RuleSet(label: "v3")
        set.rules = [rule]
        bench.set.reference.rules = RuleBook(set)
        return bench
    }

    @Test("a gift is a line at price 0 that ships with the order and changes nothing of what is payable")
    func given() {
        var bench = bench(GiftAction(sku: "B"))
        bench.place()
        #expect(bench.state()?.order.payable == 200)
        #expect(bench.line(2)?.gift == "tea-for-all")
        #expect(bench.line(2)?.unitPrice == 0 && bench.line(2)?.share == 0)
        #expect(bench.stock("B").reserved == 1)
        bench.pay(200)
        bench.ship("P1", [1: 2, 2: 1])
        #expect(bench.status() == .shipped)
        #expect(bench.money().received == 200)
        #expect(bench.decisions.map(\.effect) == ["1 of B given as line 2"])
        bench.verify()
    }

    @Test(
        "given for each full step of the goods, or of the units that match, at most so many",
        arguments: [
            (GiftAction.Step.amount(80), nil, 2), (.amount(80), 1, 1), (.amount(500), nil, 0),
            (.quantity(1, of: .line(.sku, .isIn(["A"]))), nil, 2),
            (.quantity(2, of: .line(.sku, .isIn(["B"]))), nil, 0),
        ] as [(GiftAction.Step, Int64?, Int64)])
    func steps(step: GiftAction.Step, most: Int64?, units: Int64) {
        var gift = GiftAction(sku: "B")
        gift.each = step
        gift.most = most
        var bench = bench(gift)
        bench.place()
        #expect((bench.line(2)?.quantity ?? 0) == units)
        bench.verify()
    }

    @Test("a gift that is out of stock is not given, and the journal says so; the order goes on")
    func outOfStock() {
        var bench = bench(GiftAction(sku: "B"), stock: ["A": 100])
        bench.place()
        #expect(bench.line(2) == nil)
        #expect(bench.journal.last?.why.contains("no gift of rule tea-for-all: B is out of stock") == true)
        bench.pay(200)
        #expect(bench.status() == .released)
        bench.verify()
    }

    @Test("the last gift is given once, whatever comes in the same batch")
    func whileStockLasts() {
        var bench = bench(GiftAction(sku: "B"), stock: ["A": 100, "B": 1])
        bench.feed([bench.placing("web/1"), bench.placing("web/2")])
        #expect(bench.line(2, "web/1") != nil)
        #expect(bench.line(2, "web/2") == nil)
        #expect(bench.stock("B").available == 0)
        bench.verify()
    }

    @Test("a buyer gets it once; who is not known gets none")
    func oncePerBuyer() {
        var gift = GiftAction(sku: "B")
        gift.isOncePerBuyer = true
        var bench = bench(gift)
        for (number, buyer) in [("web/1", "ann"), ("web/2", "ann"), ("web/3", "bob"), ("web/4", nil)] {
            bench.place(number) { $0.buyer = buyer }
        }
        let given = (1...4).map { bench.line(2, "web/\($0)") != nil }
        #expect(given == [true, false, true, false])
        bench.verify()
    }

    @Test("an order that is rejected uses no gift up")
    func rejected() {
        var gift = GiftAction(sku: "B")
        gift.isOncePerBuyer = true
        var bench = bench(gift, stock: ["A": 1, "B": 5])
        bench.place("web/1") { $0.buyer = "ann" }
        #expect(bench.status("web/1") == .rejected)
        bench.place("web/2", [.of("A", 1, at: 100)]) { $0.buyer = "ann" }
        #expect(bench.line(2, "web/2") != nil)
        bench.verify()
    }

    @Test("cancelled, the gift goes back with the order")
    func cancelled() {
        var bench = bench(GiftAction(sku: "B"))
        bench.place()
        bench.command(.cancel)
        #expect(bench.status() == .cancelled)
        #expect(bench.stock("B").reserved == 0)
        bench.verify()
    }

    @Test("a rule that doesn't match gives nothing")
    func unmatched() {
        var bench = bench(GiftAction(sku: "B"), when: .order(.payable, .within(1_000...Int64.max)))
        bench.place()
        #expect(bench.line(2) == nil)
    }
}
