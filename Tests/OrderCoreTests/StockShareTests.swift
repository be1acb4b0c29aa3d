import OrderCore
import OrderSimulator
import Testing

@Suite("Stock split by channel")
struct StockShareTests {
    private func bench(_ parts: [String: StockShare.Part], stock: Int64 = 10) -> Bench {
        var bench = Bench({ $0.onInvalid = .hold }, stock: ["A": stock])
        var rules = RuleSet(label: "v12")
        rules.shares = [StockShare(parts: parts)]
        var rule = Rule("usual-turn", .backorder)
        rule.actions = [.backorder(BackorderAction())]
        rules.rules = [rule]
        bench.set.reference.rules = RuleBook(rules)
        return bench
    }

    @Test("a channel sells its share and no more; who has none sells what is left, together")
    func shares() {
        var bench = bench(["web": .percent(30)])
        bench.place("web/1", [.of("A", 3, at: 10)])
        bench.place("web/2", [.of("A", 1, at: 10)])
        #expect(bench.holds("web/1") == [])
        #expect(bench.holds("web/2") == [.outOfStock])
        bench.place("tm/1", [.of("A", 7, at: 10)])
        bench.place("tm/2", [.of("A", 1, at: 10)])
        #expect(bench.holds("tm/1") == [])
        #expect(bench.holds("tm/2") == [.outOfStock])
        #expect(bench.stock("A", "N").available == 0)
        bench.verify()
    }

    @Test("what is reserved for one channel is not sold by another, in the same batch either")
    func oneBatch() {
        var bench = bench(["web": .units(4), "tm": .units(6)])
        let messages = (1...8).flatMap { index in
            [
                bench.placing("web/\(index)", [.of("A", 1, at: 10)]),
                bench.placing("tm/\(index)", [.of("A", 1, at: 10)]),
            ]
        }
        bench.feed(messages)
        let taken = { (seller: String) in
            (1...8).filter { bench.state("\(seller)/\($0)")?.fulfilments.all.isEmpty == false }.count
        }
        #expect(taken("web") == 4)
        #expect(taken("tm") == 6)
        bench.verify()
    }

    @Test("what each channel can be promised is told with the stock, also when only its part has changed")
    func told() {
        var bench = bench(["web": .percent(30), "tm": .units(5)])
        bench.place("web/1", [.of("A", 2, at: 10)])
        bench.fire(own: .stockChanged, "", "A@N")
        let key = StockKey(sku: "A", warehouse: "N")
        let parts = { (web: Int64, tm: Int64, others: Int64) in
            [
                StockPart(seller: "tm", available: tm), StockPart(seller: "web", available: web),
                StockPart(seller: nil, available: others),
            ]
        }
        #expect(bench.events.last?.payload == .stockChanged(key, available: 8, parts: parts(1, 5, 2)))
        bench.pay(20, "web/1")
        bench.stockToTell = []
        bench.ship("web/1")
        #expect(bench.stockToTell == [key])
        bench.stockToTell = []
        bench.fire(own: .stockChanged, "", "A@N")
        #expect(bench.events.last?.payload == .stockChanged(key, available: 8, parts: parts(2, 5, 1)))
        #expect(bench.stockToTell == [])
    }

    @Test("who waits only for his channel's share keeps nothing from others, and is served as soon as it has room")
    func waitsForShare() {
        var bench = bench(["web": .percent(30)])
        bench.place("web/1", [.of("A", 3, at: 10)])
        bench.place("web/2", [.of("A", 2, at: 10)])
        bench.place("tm/1", [.of("A", 7, at: 10)])
        #expect(bench.holds("tm/1") == [])
        bench.feed(bench.commanding(.cancel, "web/1"))
        // What was given back is for who waits of the same channel.
        bench.place("web/3", [.of("A", 2, at: 10)])
        #expect(bench.holds("web/3") == [.outOfStock])
        bench.feed(bench.firing(Timer(kind: .revalidate, orderNumber: "web/2", dueAt: bench.now)))
        #expect(bench.holds("web/2") == [])
        bench.verify()
    }

    @Test("who keeps his turn keeps it within his channel's part: nobody else's part is less for it")
    func turnsWithinAPart() {
        var bench = bench(["web": .percent(30)])
        bench.place("web/1", [.of("A", 12, at: 10)])
        bench.place("web/2", [.of("A", 1, at: 10)])
        #expect(bench.holds("web/2") == [.outOfStock])
        bench.fire(own: .stockChanged, "", "A@N")
        let parts = [StockPart(seller: "web", available: 0), StockPart(seller: nil, available: 7)]
        let told = EventPayload.stockChanged(StockKey(sku: "A", warehouse: "N"), available: 7, parts: parts)
        #expect(bench.events.last?.payload == told)
        bench.place("tm/1", [.of("A", 6, at: 10)])
        #expect(bench.holds("tm/1") == [])
        // What is common to those without a share is kept among them.
        bench.place("tm/2", [.of("A", 2, at: 10)])
        bench.place("tm/3", [.of("A", 1, at: 10)])
        #expect(bench.holds("tm/3") == [.outOfStock])
        bench.verify()
    }

    @Test("shares are of what is beyond the safety stock, rounded down, and never sum to more than there is")
    func allowances() {
        var level = StockLevel(key: StockKey(sku: "A", warehouse: "N"), onHand: 12, safety: 2)
        let share = StockShare(parts: ["a": .percent(33), "b": .units(5), "c": .units(4)])
        #expect(["a", "b", "c", "d"].map { share.allowance(of: $0, in: level) } == [3, 5, 2, 0])
        level.onHand = 1
        #expect(["a", "b", "c", "d"].map { share.allowance(of: $0, in: level) } == [0, 0, 0, 0])
        #expect(share.reserved(of: "d", in: ["a": 1, "d": 2, "e": 3]) == 5)
    }
}
