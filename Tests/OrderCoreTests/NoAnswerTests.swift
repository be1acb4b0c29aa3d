import OrderCore
import OrderSimulator
import Testing

@Suite("A warehouse that does not answer")
struct NoAnswerTests {
    /// An order of one unit with `N`, which leaves two requests unanswered; `S` has the goods too.
    private func unanswered(_ most: Int64? = 2, again: Int64 = 3, stock: Int64 = 5) -> Bench {
        var bench = Bench(stock: ["A": 5])
        bench.receive("A", "S", stock)
        var action = SourceAction.named(["N", "S"])
        (action.unanswered, action.mostAgain) = (most, again)
        bench.follow(action)
        bench.place("tm/1", [.of("A", 1, at: 10)])
        for _ in 1...2 { bench.fire(.handOverInDoubt, "tm/1") }
        bench.fire(.sourceAgain, "tm/1")
        return bench
    }

    private func warehouses(_ bench: Bench) -> [String] {
        bench.state("tm/1")?.fulfilments.all.map(\.warehouse) ?? []
    }

    private func asksBack(_ bench: Bench) -> Int { bench.count("fulfilment.cancel_requested", "tm/1") }

    @Test("is asked to give its part back; nobody else is asked before it has agreed")
    func askedBack() {
        var bench = unanswered()
        #expect(asksBack(bench) == 1)
        #expect(warehouses(bench) == ["N"])
        #expect(bench.holds("tm/1") == [.warehouseRejected])
        #expect(bench.stock("A").reserved == 1)
        bench.report(.cancelled, "tm/1", document: "C")
        bench.fire(.sourceAgain, "tm/1")
        #expect(warehouses(bench) == ["N", "S"])
        #expect(bench.holds("tm/1").isEmpty)
        #expect(bench.status("tm/1") == .released)
        #expect(bench.stock("A").reserved == 0)
        #expect(bench.stock("A", "S").reserved == 1)
        #expect(bench.count("order.cancel_refused", "tm/1") == 0)
        bench.verify()
    }

    @Test("that has it after all goes on with it, and nobody has to see to it", arguments: [true, false])
    func goesOn(says: Bool) {
        var bench = unanswered()
        if says {
            bench.report(.accepted, "tm/1", document: "A")
            bench.report(.cancelRefused, "tm/1", document: "R")
        }
        #expect(bench.holds("tm/1").isEmpty == says)
        bench.ship("P1", [:], "tm/1")
        bench.fire(.sourceAgain, "tm/1")
        #expect(warehouses(bench) == ["N"])
        #expect(bench.status("tm/1") == .completed)
        #expect(bench.count("order.cancel_refused", "tm/1") == 0)
        bench.verify()
    }

    @Test("that does not answer this either is for people; a late agreement still counts")
    func silent() {
        var bench = unanswered()
        bench.fire(.cancelUnanswered, "tm/1")
        #expect(bench.holds("tm/1") == [.noAnswer, .warehouseRejected])
        #expect(warehouses(bench) == ["N"])
        bench.report(.cancelled, "tm/1", document: "C")
        bench.fire(.sourceAgain, "tm/1")
        #expect(warehouses(bench) == ["N", "S"])
        #expect(bench.status("tm/1") == .released)
        bench.verify()
    }

    @Test("is asked on where no rule says otherwise, nobody else has the goods, or others were asked too often")
    func askedOn() {
        for bench in [unanswered(nil), unanswered(stock: 0), unanswered(again: 0)] {
            #expect(asksBack(bench) == 0)
            #expect(bench.count("fulfilment.requested", "tm/1") == 3)
            #expect(bench.timer(.handOverInDoubt, "tm/1") != nil)
            bench.verify()
        }
    }

    @Test("answered meanwhile it keeps its part")
    func answered() {
        var bench = unanswered(3)
        bench.fire(.handOverInDoubt, "tm/1")
        bench.report(.accepted, "tm/1", document: "A")
        bench.fire(.sourceAgain, "tm/1")
        #expect(asksBack(bench) == 0)
        #expect(warehouses(bench) == ["N"])
        bench.verify()
    }

    @Test("the buyer who cancels meanwhile has the last word")
    func cancelled() {
        var bench = unanswered()
        bench.command(.cancel, "tm/1")
        bench.report(.cancelled, "tm/1", document: "C")
        #expect(bench.status("tm/1") == .cancelled)
        #expect(bench.stock("A").reserved == 0)
        bench.verify()
    }

    @Test("ships what its buyer has cancelled while it was asked back: the shop hears that the cancel came too late")
    func shipsCancelled() {
        var bench = unanswered()
        bench.command(.cancel, "tm/1")
        bench.ship("P1", [:], "tm/1")
        #expect(bench.count("order.cancel_refused", "tm/1") == 1)
        bench.verify()
    }
}
