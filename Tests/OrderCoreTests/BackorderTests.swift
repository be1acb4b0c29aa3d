import OrderCore
import OrderSimulator
import Testing

@Suite("Waiting for stock")
struct BackorderTests {
    /// Orders that can't be met are held, and wait; of these ranks by seller.
    private func bench(
        _ ranks: [String: BackorderAction], stock: [String: Int64] = [:], _ change: (inout Bench) -> Void = { _ in }
    ) -> Bench {
        var bench = Bench({ $0.onInvalid = .hold }, stock: stock)
        var rules = ranks.sorted { $0.key < $1.key }.map { seller, action in
            var rule = Rule("turn-\(seller)", .backorder)
            rule.sellers = [seller]
            rule.actions = [.backorder(action)]
            return rule
        }
        var usual = Rule("usual-turn", .backorder)
        usual.priority = 900
        usual.actions = [.backorder(BackorderAction())]
        rules.append(usual)
        bench.follow(rules)
        change(&bench)
        return bench
    }

    private func place(_ bench: Bench, _ number: String) -> Backorder? { bench.state(number)?.order.backorder }

    private func look(_ bench: inout Bench, _ number: String) {
        bench.feed(bench.firing(Timer(kind: .revalidate, orderNumber: number, dueAt: bench.now)))
    }

    @Test("who waits has the rank of the first rule that matches, and what there is of it is kept for him")
    func rank() {
        var bench = bench(["tm": BackorderAction(rank: 7)], stock: ["A": 3])
        bench.place("tm/1", [.of("A", 5, at: 10)])
        #expect(place(bench, "tm/1")?.rank == 7)
        #expect(
            place(bench, "tm/1")?.units == [
                StockKey(sku: "A", warehouse: "N"): 5, StockKey(sku: "A", warehouse: "S"): 5,
            ])
        #expect(bench.decisions.contains { $0.rule == "turn-tm" && $0.effect == "waits for stock with rank 7" })
        bench.place("tm/2", [.of("A", 1, at: 10)])
        #expect(bench.holds("tm/2") == [.outOfStock])
        #expect(bench.stock("A", "N").reserved == 0)
        bench.verify()
    }

    @Test("a newcomer does not get what came for those who wait; the first of them does, then the next")
    func newcomer() {
        var bench = bench([:])
        bench.receive("A", "N", 1)
        bench.place("tm/1", [.of("A", 3, at: 10)])
        bench.place("tm/2", [.of("A", 2, at: 10)])
        bench.receive("A", "N", 3)
        bench.place("tm/3", [.of("A", 1, at: 10)])
        #expect(bench.holds("tm/3") == [.outOfStock])
        look(&bench, "tm/2")
        #expect(bench.holds("tm/2") == [.outOfStock])
        look(&bench, "tm/1")
        #expect(bench.holds("tm/1") == [])
        #expect(place(bench, "tm/1") == nil)
        bench.receive("A", "N", 1)
        look(&bench, "tm/3")
        look(&bench, "tm/2")
        #expect(bench.holds("tm/3") == [.outOfStock])
        #expect(bench.holds("tm/2") == [])
        bench.verify()
    }

    @Test("a smaller rank goes first, whenever it came; of the same rank who was paid first")
    func order() {
        var bench = bench(["tm": BackorderAction(rank: 5)])
        bench.receive("A", "N", 1)
        bench.place("web/1", [.of("A", 2, at: 10)])
        bench.place("web/2", [.of("A", 2, at: 10)])
        bench.pay(20, "web/2")
        bench.pay(20, "web/1")
        bench.place("tm/1", [.of("A", 2, at: 10)])
        bench.receive("A", "N", 2)
        for number in ["web/1", "web/2", "tm/1"] { look(&bench, number) }
        #expect(bench.holds("tm/1") == [])
        #expect(bench.holds("web/2") == [.outOfStock])
        bench.receive("A", "N", 1)
        look(&bench, "web/1")
        #expect(bench.holds("web/1") == [.outOfStock])
        look(&bench, "web/2")
        #expect(bench.holds("web/2") == [])
        bench.verify()
    }

    @Test("where a rule lets smaller ones go first nothing is kept, and who is passed over has it in his journal")
    func smallerFirst() {
        var action = BackorderAction(rank: 7)
        action.smallerFirst = true
        var bench = bench(["tm": action], stock: ["A": 3])
        bench.place("tm/1", [.of("A", 5, at: 10)])
        bench.place("tm/2", [.of("A", 2, at: 10)])
        #expect(bench.holds("tm/2") == [])
        bench.feed(bench.firing(Timer(kind: .passedOver, orderNumber: "tm/1", reference: "A", dueAt: bench.now)))
        #expect(bench.journal.last?.why.contains("passed over: what there is of A is not enough for it") == true)
        bench.verify()
    }

    @Test("who is passed over has it in his journal once for each SKU")
    func passedOverOnce() {
        var action = BackorderAction()
        action.smallerFirst = true
        var bench = bench(["tm": action], stock: ["A": 3, "B": 3])
        func passOver(_ sku: String) {
            bench.feed(bench.firing(Timer(kind: .passedOver, orderNumber: "tm/1", reference: sku, dueAt: bench.now)))
        }
        func told() -> Int { bench.journal.count { $0.why.contains("passed over") } }
        bench.place("tm/1", [.of("A", 5, at: 10), .of("B", 5, at: 10)])
        for sku in ["A", "A", "B", "B", "A"] { passOver(sku) }
        #expect(told() == 2)
        bench.receive("A", "N", 2)
        bench.receive("B", "N", 2)
        look(&bench, "tm/1")
        #expect(place(bench, "tm/1") == nil)
        bench.verify()
    }

    @Test("what comes to a warehouse that had none of it is kept for those who wait, as anywhere else")
    func firstInWarehouse() {
        var bench = bench([:], stock: ["A": 1])
        bench.place("tm/1", [.of("A", 3, at: 10)])
        bench.receive("A", "S", 2)
        bench.place("tm/2", [.of("A", 1, at: 10)])
        #expect(bench.holds("tm/2") == [.outOfStock])
        bench.receive("A", "S", 1)
        look(&bench, "tm/1")
        #expect(bench.holds("tm/1") == [])
        #expect(bench.stock("A", "S").reserved == 3)
        bench.verify()
    }

    @Test("a warehouse that does not ship to who waits keeps nothing for him, be it the first that comes")
    func firstInTheWrongWarehouse() {
        var bench = bench([:], stock: ["A": 1]) { $0.set.reference.warehouses["S"]?.areas = ["拉萨"] }
        bench.place("tm/1", [.of("A", 3, at: 10)])
        #expect(place(bench, "tm/1")?.units.keys.map(\.warehouse) == ["N"])
        bench.verify()
    }

    @Test("without a rule nobody keeps a turn: who comes may take what is there")
    func unruled() {
        var bench = Bench({ $0.onInvalid = .hold }, stock: ["A": 3])
        bench.place("tm/1", [.of("A", 5, at: 10)])
        #expect(place(bench, "tm/1")?.keepsTurn == false)
        bench.place("tm/2", [.of("A", 2, at: 10)])
        #expect(bench.holds("tm/2") == [])
        bench.verify()
    }

    @Test("who is cancelled keeps nothing any more, and others are told that there is more for them")
    func cancelled() {
        var bench = bench([:], stock: ["A": 3])
        bench.place("tm/1", [.of("A", 5, at: 10)])
        bench.stockToTell = []
        bench.feed(bench.commanding(.cancel, "tm/1"))
        #expect(place(bench, "tm/1") == nil)
        #expect(bench.stockToTell == [StockKey(sku: "A", warehouse: "N")])
        bench.place("tm/2", [.of("A", 3, at: 10)])
        #expect(bench.holds("tm/2") == [])
        bench.verify()
    }

    @Test("who gives up waiting after his time is held for people, and keeps nothing from others")
    func givesUp() {
        var bench = bench([:], stock: ["A": 3])
        bench.place("tm/1", [.of("A", 5, at: 10)])
        bench.feed(bench.firing(Timer(kind: .backorder, orderNumber: "tm/1", dueAt: bench.now)))
        #expect(bench.holds("tm/1") == [.manual, .outOfStock])
        bench.place("tm/2", [.of("A", 3, at: 10)])
        #expect(bench.holds("tm/2") == [])
        bench.verify()
    }

    @Test("safety stock is given to nobody: neither to newcomers nor to those who wait")
    func safety() {
        var bench = bench([:])
        bench.feed(bench.stocking(.received, "A", "N", 4, safety: 2))
        bench.place("tm/1", [.of("A", 3, at: 10)])
        look(&bench, "tm/1")
        #expect(bench.holds("tm/1") == [.outOfStock])
        bench.receive("A", "N", 1)
        look(&bench, "tm/1")
        #expect(bench.holds("tm/1") == [])
        #expect(bench.stock("A", "N").available == 0)
        bench.verify()
    }

    @Test("presale goods that are not there yet wait under any policy, the other lines are reserved")
    func presale() {
        var bench = Bench(stock: ["A": 3])
        bench.set.reference.products["B"]?.presaleUntil = bench.now.adding(seconds: 86_400)
        bench.receive("B", "N", 1)
        bench.place("web/1", [.of("A", 1, at: 10), .of("B", 2, at: 10)])
        #expect(bench.holds("web/1") == [.outOfStock])
        #expect(bench.stock("A", "N").reserved == 1)
        #expect(bench.stock("B", "N").reserved == 0)
        bench.pay(30, "web/1")
        bench.receive("B", "N", 9)
        look(&bench, "web/1")
        #expect(bench.stock("B", "N").reserved == 2)
        #expect(bench.status("web/1") == .awaitingRelease)
        bench.verify()
    }

    @Test("an order with presale goods goes out from their day on, also where they are there before")
    func presaleDay() {
        var bench = Bench()
        let day = bench.now.adding(seconds: 86_400)
        bench.set.reference.products["B"]?.presaleUntil = day
        bench.place("web/1", [.of("B", 2, at: 10)])
        bench.pay(20, "web/1")
        #expect(bench.status("web/1") == .awaitingRelease)
        let timer = bench.timers.values.first { $0.kind == .releaseDelay }
        #expect(timer?.dueAt == day)
        bench.now = day
        if let timer { bench.feed(bench.firing(timer)) }
        #expect(bench.status("web/1") == .released)
        bench.verify()
    }

    @Test("presale goods that are cancelled keep the rest of the order waiting no more, or as long as the next ones do")
    func presaleCancelled() {
        var bench = Bench()
        let days = [10, 30].map { bench.now.adding(seconds: $0 * 86_400) }
        bench.set.reference.products["B"]?.presaleUntil = days[0]
        bench.set.reference.products["C"]?.presaleUntil = days[1]
        bench.place("web/1", [.of("A", 1, at: 10), .of("B", 1, at: 10), .of("C", 1, at: 10)], term: .onAccount)
        #expect(bench.state()?.order.shipsFrom == days[1])
        bench.command(.cancelLines([LineQuantity(line: 3, quantity: 1)]))
        #expect(bench.state()?.order.shipsFrom == days[0])
        #expect(bench.timer(.releaseDelay)?.dueAt == days[0])
        bench.set.reference.products["B"]?.presaleUntil = days[1]
        bench.place("web/2", [.of("A", 1, at: 10), .of("B", 1, at: 10)], term: .onAccount)
        bench.command(.cancelLines([LineQuantity(line: 2, quantity: 1)]))
        #expect(bench.status() == .released)
        #expect(bench.timer(.releaseDelay) == nil)
        bench.command(.editLines([LineEdit(line: 2, quantity: 0)]), "web/2")
        #expect(bench.status("web/2") == .released)
        bench.verify()
    }

    @Test("presale goods that are not there and are cancelled hold the rest of the order no more")
    func absentPresaleCancelled() {
        var bench = Bench(stock: ["A": 3])
        bench.set.reference.products["B"]?.presaleUntil = bench.now.adding(seconds: 86_400)
        bench.place("web/1", [.of("A", 1, at: 10), .of("B", 2, at: 10)], term: .onAccount)
        bench.command(.cancelLines([LineQuantity(line: 2, quantity: 2)]))
        #expect(bench.holds("web/1").isEmpty)
        #expect(bench.status("web/1") == .released)
        bench.verify()
    }
}
