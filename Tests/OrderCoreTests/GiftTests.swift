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

    /// Orders of two of A, all of ann; whether each has a gift.
    private func again(_ bench: inout Bench) -> Bool {
        let number = "web/\(bench.placed.count + 1)"
        bench.place(number) { $0.buyer = "ann" }
        return bench.line(2, number).map { $0.cancelled < $0.quantity } ?? false
    }

    private var onceBench: Bench {
        var gift = GiftAction(sku: "B")
        gift.isOncePerBuyer = true
        return bench(gift)
    }

    @Test("a gift that was given up, since no warehouse could ship it, is not had: the next order has it")
    func givenUp() {
        var gift = GiftAction(sku: "B")
        gift.isOncePerBuyer = true
        var bench = bench(gift, stock: ["A": 100])
        bench.set.reference.warehouses["E"] = Warehouse(code: "E", priority: 3)
        bench.set.reference.warehouses["E"]?.areas = ["北京"]
        bench.receive("B", "E", 5)
        let first = again(&bench)
        #expect(!first)
        #expect(bench.line(2)?.cancelled == 1)
        bench.receive("B", "N", 5)
        let second = again(&bench)
        #expect(second)
        bench.verify()
    }

    @Test("who did not pay in time, or cancels before it ships, may have the gift with another order")
    func freed() {
        var bench = onceBench
        let first = again(&bench)
        bench.fire(.paymentTimeout)
        #expect(bench.status() == .cancelled)
        let second = again(&bench)
        bench.command(.cancel, "web/2")
        let third = again(&bench)
        bench.pay(200, "web/3")
        bench.ask(.cancel, "web/3")
        bench.report(.cancelled, "web/3")
        #expect(bench.status("web/3") == .cancelled)
        let fourth = again(&bench)
        #expect([first, second, third, fourth] == [true, true, true, true])
        bench.pay(200, "web/4")
        bench.ship("P1", [1: 2, 2: 1], "web/4")
        let fifth = again(&bench)
        #expect(!fifth)
        bench.verify()
    }

    @Test("in one batch, too: what one order gives back the next has, and who has it is who had it last")
    func freedAtOnce() {
        var bench = onceBench
        bench.feed([
            bench.placing("web/1", edit: { $0.buyer = "ann" }), bench.commanding(.cancel, "web/1"),
            bench.placing("web/2", edit: { $0.buyer = "ann" }), bench.placing("web/3", edit: { $0.buyer = "ann" }),
        ])
        #expect(bench.line(2, "web/2")?.open == 1)
        #expect(bench.line(2, "web/3") == nil)
        #expect(bench.set.businessKeys.values.contains { $0 == bench.state("web/2")?.order.contentHash })
        bench.verify()
    }

    @Test("a rule that gives two things gives both once")
    func twoOnce() {
        var (cup, bag) = (GiftAction(sku: "B"), GiftAction(sku: "C"))
        (cup.isOncePerBuyer, bag.isOncePerBuyer) = (true, true)
        var bench = Bench()
        bench.follow([Rule.made("welcome", .gift, .all([]), .gift(cup), .gift(bag))])
        for number in ["web/1", "web/2"] { bench.place(number) { $0.buyer = "ann" } }
        #expect(bench.state("web/1")?.lines.all.map(\.sku) == ["A", "B", "C"])
        #expect(bench.state("web/2")?.lines.all.map(\.sku) == ["A"])
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
