import OrderCore
import OrderSimulator
import Testing

@Suite("What the carriers of a cash order collect together")
struct CashTests {
    /// `A` from N, then `B` from S.
    private func overTwo(
        _ a: OrderPlaced.Line, _ b: OrderPlaced.Line, shipping: Int64 = 0, paid: Int64 = 0,
        _ policy: (inout StorePolicy) -> Void = { _ in }
    ) -> Bench {
        var bench = Bench(
            {
                $0.releaseDelay = 60
                policy(&$0)
            }, stock: ["A": 10])
        bench.set.reference.warehouses["X"] = Warehouse(code: "X", priority: 3)
        bench.receive("B", "S", 10)
        bench.place("web/1", [a, b], term: .cashOnDelivery) { $0.claimed.shipping = shipping }
        if paid > 0 { bench.pay(paid) }
        bench.fire(.releaseDelay)
        return bench
    }

    private func leaveOut(_ units: Int64, of line: Int64 = 1) -> StaffCommand.Action {
        .cancelLines([LineQuantity(line: line, quantity: units)])
    }

    private func told(_ bench: Bench) -> [Int64] { bench.handOvers.map(\.collect) }

    private func answer(_ kind: FulfilmentReport.Kind, _ bench: inout Bench) {
        guard let asked = bench.amends.last else { return }
        bench.feed(
            bench.reporting(
                kind, from: asked.fulfilment.warehouse, fulfilment: asked.fulfilment.id, answering: asked.requestID))
    }

    /// 100 from N, 200 from S, shipping 10; all of S is short, and cancelled.
    private func shortElsewhere() -> Bench {
        var bench = overTwo(.of("A", 1, at: 100), .of("B", 1, at: 200), shipping: 10) { $0.onShort = .cancel }
        #expect(told(bench) == [103, 207])
        bench.report(.short, from: "S", [2: 1], document: "S1")
        #expect(bench.state()?.order.due == 110)
        return bench
    }

    @Test("a part ends: the other warehouse is asked to collect the rest, its lines as they are")
    func shortOfAll() {
        var bench = shortElsewhere()
        #expect(bench.amends.map(\.collect) == [110])
        #expect(bench.amends.first?.lines.map(\.quantity) == [1])
        #expect(bench.amends.first?.requestID == "web/1-F1.2")
        #expect(bench.amends.first?.reason == "cash_changed")
        answer(.amended, &bench)
        bench.ship()
        bench.deliver()
        bench.ask(.received)
        bench.pay(110)
        #expect(bench.holds().isEmpty)
        #expect(bench.amends.count == 1)
        bench.verify()
    }

    @Test("refused, the sum stays, and is not asked for again; the cash that is missing is for people")
    func sumRefused() {
        var bench = shortElsewhere()
        answer(.amendRefused, &bench)
        bench.report(.packed)
        #expect(bench.amends.count == 1)
        #expect(bench.holds().isEmpty)
        bench.ship()
        bench.deliver()
        bench.pay(103)
        bench.fire(.cashUnsettled)
        #expect(bench.holds() == [.codUnsettled])
        bench.verify()
    }

    @Test("refused, and agreed to later: the sum is in force")
    func sumAgreedLate() {
        var bench = shortElsewhere()
        answer(.amendRefused, &bench)
        answer(.amended, &bench)
        #expect(bench.state()?.fulfilments["web/1-F1"]?.collect == 110)
        bench.verify()
    }

    @Test("what has left can't be told another sum")
    func shippedBefore() {
        var bench = overTwo(.of("A", 1, at: 100), .of("B", 1, at: 200), shipping: 10) { $0.onShort = .cancel }
        bench.ship()
        bench.report(.short, from: "S", [2: 1], document: "S1")
        #expect(bench.amends.isEmpty)
        bench.verify()
    }

    @Test("a warehouse that is short of some of its part is asked to collect less")
    func shortOfSome() {
        var bench = overTwo(.of("A", 3, at: 50), .of("B", 1, at: 150), shipping: 30) { $0.onShort = .cancel }
        bench.report(.short, [1: 1], document: "S1")
        #expect(bench.amends.map(\.collect) == [115])
        #expect(bench.amends.first?.lines.map(\.quantity) == [2])
        answer(.amended, &bench)
        #expect(bench.amends.count == 1)
        bench.verify()
    }

    @Test("a unit is left out, then another: each time it is less by what the unit costs")
    func twice() {
        var bench = overTwo(.of("A", 3, at: 50), .of("B", 1, at: 150), shipping: 30)
        #expect(told(bench) == [165, 165])
        bench.command(leaveOut(1))
        answer(.amended, &bench)
        bench.command(leaveOut(1))
        answer(.amended, &bench)
        #expect(bench.amends.map(\.collect) == [115, 65])
        #expect(bench.state()?.order.due == 230)
        bench.verify()
    }

    @Test("refused, what was told before stays the base of the next wish")
    func refusedBefore() {
        var bench = overTwo(.of("A", 3, at: 50), .of("B", 1, at: 150), shipping: 30)
        bench.command(leaveOut(2))
        answer(.amendRefused, &bench)
        bench.command(leaveOut(1))
        #expect(bench.amends.map(\.collect) == [65, 115])
        bench.verify()
    }

    @Test("shipped meanwhile, and agreed to all the same: nobody else collects for it")
    func shippedMeanwhile() {
        var bench = overTwo(.of("A", 3, at: 50), .of("B", 1, at: 150), shipping: 30)
        bench.command(leaveOut(2))
        bench.ship("P1", [1: 2])
        answer(.amended, &bench)
        #expect(bench.state()?.order.due == 280)
        #expect(bench.state()?.fulfilments.all.map(\.collect) == [115, 165])
        #expect(bench.amends.count == 1)
        bench.verify()
    }

    @Test("asked again under its id it is the same sum, whatever has come meanwhile")
    func sameAgain() {
        var bench = overTwo(.of("A", 3, at: 50), .of("B", 1, at: 150), shipping: 30)
        bench.ship("P2", from: "S")
        bench.pay(165)
        bench.fire(.handOverInDoubt, "web/1", "web/1-F1")
        #expect(told(bench) == [165, 165, 165])
        bench.command(leaveOut(1))
        bench.pay(1, "web/1", "T2")
        bench.fire(.amendUnanswered)
        #expect(bench.amends.map(\.collect) == [115, 115])
        bench.verify()
    }

    @Test("all of a part is left out: it collects nothing, and the other one the shipping as well")
    func partLeftOut() {
        var bench = overTwo(.of("A", 1, at: 100), .of("B", 1, at: 200), shipping: 10)
        bench.command(leaveOut(1))
        answer(.amended, &bench)
        answer(.amended, &bench)
        #expect(bench.amends.map(\.collect) == [0, 210])
        #expect(bench.amends.map(\.fulfilment.warehouse) == ["N", "S"])
        bench.verify()
    }

    @Test("two warehouses are asked at once: each collects less by its own")
    func both() {
        var bench = overTwo(.of("A", 3, at: 50), .of("B", 2, at: 75), shipping: 30)
        bench.command(.cancelLines([LineQuantity(line: 1, quantity: 1), LineQuantity(line: 2, quantity: 1)]))
        #expect(bench.amends.map(\.collect) == [115, 90])
        for request in bench.amends {
            bench.feed(
                bench.reporting(
                    .amended, from: request.fulfilment.warehouse, fulfilment: request.fulfilment.id,
                    answering: request.requestID))
        }
        #expect(bench.amends.count == 2)
        bench.verify()
    }

    @Test("a line over two warehouses, one part sourced again: what does not divide is told once")
    func lineOverTwo() {
        var action = SplitAction()
        action.maximumWeight = 2
        var rule = Rule("two units a parcel", .split)
        rule.actions = [.split(action)]
        var bench = Bench(stock: ["A": 3])
        bench.follow([rule])
        bench.set.reference.products["A"]?.weight = 1
        bench.receive("A", "S", 10)
        bench.place("web/1", [.of("A", 3, at: 33)], term: .cashOnDelivery) { $0.claimed.shipping = 1 }
        #expect(told(bench) == [67, 33])
        bench.feed(bench.reporting(.rejected, fulfilment: "web/1-F1", document: "R"))
        bench.command(.retry)
        #expect(told(bench) == [67, 33, 67])
        bench.verify()
    }

    @Test("paid in part before: what a later part collects is what is owed less what the others were told")
    func paidBefore() {
        for cashIsFast in [false, true] {
            var bench = overTwo(.of("A", 1, at: 100), .of("B", 1, at: 200), paid: 100)
            #expect(told(bench) == [67, 133])
            bench.ship()
            if cashIsFast { bench.pay(67, "web/1", "T2") }
            bench.receive("B", "X", 10)
            bench.report(.rejected, from: "S", document: "R")
            bench.command(.retry)
            #expect(told(bench) == [67, 133, 133])
            bench.verify()
        }
    }

    @Test("every warehouse has refused: what was paid meanwhile is not collected")
    func paidBetween() {
        var bench = overTwo(.of("A", 1, at: 100), .of("B", 1, at: 200))
        bench.receive("A", "X", 10)
        bench.receive("B", "X", 10)
        bench.report(.rejected, document: "R1")
        bench.report(.rejected, from: "S", document: "R2")
        bench.pay(120)
        bench.command(.retry)
        #expect(told(bench) == [100, 200, 180])
        bench.verify()
    }

    @Test("while the order is cancelled as a whole, nobody is told another sum")
    func cancelling() {
        var bench = overTwo(.of("A", 1, at: 100), .of("B", 1, at: 200), shipping: 10)
        bench.ask(.cancel)
        bench.report(.cancelled, from: "S", document: "C")
        #expect(bench.amends.isEmpty)
        bench.report(.cancelRefused, document: "C")
        #expect(bench.amends.map(\.collect) == [110])
        bench.verify()
    }
}
