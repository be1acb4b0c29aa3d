import OrderCore
import OrderSimulator
import Testing

@Suite("Staff commands about goods")
struct StaffGoodsTests {
    private func bench(_ rules: Rule...) -> Bench {
        var bench = Bench()
        bench.receive("A", "S", 50)
        if !rules.isEmpty { bench.follow(rules) }
        return bench
    }

    @Test("an order that waits is moved to another warehouse, with its reservation, in one step")
    func moved() {
        var bench = bench()
        bench.place()
        #expect(bench.command(.source(warehouse: "S")) == .done)
        #expect(bench.stock("A").reserved == 0)
        #expect(bench.stock("A", "S").reserved == 2)
        bench.pay(200)
        #expect(bench.status() == .released)
        bench.ship("P1", [1: 2], from: "S")
        #expect(bench.status() == .shipped)
        bench.verify()
    }

    @Test("a warehouse that has not all of it, is not there, or comes too late is refused, and nothing changes")
    func notMoved() {
        var bench = bench()
        bench.place("web/1", [.of("A", 2, at: 100), .of("B", 1, at: 100)])
        #expect(bench.command(.source(warehouse: "S")) == .refused("S has not all of it, or does not ship there"))
        #expect(bench.command(.source(warehouse: "X")) == .refused("no active warehouse has the code X"))
        #expect(bench.stock("A").reserved == 2)
        bench.pay(300)
        let late = bench.command(.source(warehouse: "N"))
        #expect(late == .refused("all of it is handed over: a warehouse that refuses its part gives it back"))
        bench.verify()
    }

    @Test("what a warehouse rejected goes to the one that staff name, never to that which refused it")
    func rejected() {
        var bench = bench()
        bench.place()
        bench.pay(200)
        bench.report(.rejected, from: "N")
        #expect(
            bench.command(.source(warehouse: "N")) == .refused("N has refused part of the order, or was short of it"))
        #expect(bench.command(.source(warehouse: "S")) == .done)
        #expect(bench.holds().isEmpty)
        #expect(bench.status() == .released)
        bench.verify()
    }

    @Test("another carrier is told to the warehouse with the order; afterwards it is for the warehouse to say")
    func carrier() {
        var rule = Rule("far", .carrier)
        rule.condition = .order(.warehouse, .isIn(["S"]))
        rule.actions = [.carrier("sf")]
        var bench = bench(rule)
        bench.place()
        bench.pay(200)
        #expect(bench.holds() == [.noCarrier])
        #expect(bench.command(.changeCarrier("zto", fulfilment: nil)) == .done)
        #expect(bench.status() == .released)
        let carriers = bench.events.compactMap { event -> String? in
            if case .fulfilmentRequested(let request) = event.payload { request.fulfilment.carrier } else { nil }
        }
        #expect(carriers == ["zto"])
        let late = bench.command(.changeCarrier("sf", fulfilment: nil))
        #expect(late == .refused("nothing of it waits to be handed over: ask the warehouse"))
        bench.verify()
    }

    @Test("units are cancelled before hand-over: their stock is free, their share goes back, the rest goes on")
    func cancelledUnits() {
        var bench = bench()
        bench.place("web/1", [.of("A", 3, at: 100), .of("B", 1, at: 50)])
        bench.command(.hold(detail: "wait"))
        bench.pay(350)
        #expect(bench.command(.cancelLines([LineQuantity(line: 1, quantity: 2)])) == .done)
        #expect(bench.stock("A").reserved == 1)
        #expect(bench.state()?.order.due == 150)
        #expect(bench.requests(.refund).map(\.amount) == [200])
        bench.command(.release(nil))
        #expect(bench.status() == .released)
        bench.ship("P1", [1: 1, 2: 1])
        #expect(bench.status() == .shipped)
        bench.verify()
    }

    @Test("with the line that was not in order cancelled, the rest goes on")
    func cancelledDefect() {
        var bench = Bench({ $0.onInvalid = .hold })
        bench.place("web/1", [.of("A", 3, at: 100), .of("NOBODY-KNOWS", 1, at: 50)])
        bench.pay(350)
        #expect(bench.holds() == [.unknownSKU])
        bench.command(.cancelLines([LineQuantity(line: 2, quantity: 1)]))
        #expect(bench.holds() == [])
        #expect(bench.status() == .released)
        #expect(bench.requests(.refund).map(\.amount) == [50])
        bench.verify()
    }

    @Test("units of a part that its warehouse has rejected are cancelled too; with the last, nobody has to look at it")
    func cancelledRejected() {
        var apart = SplitAction()
        apart.criteria = [.temperature]
        var rule = Rule("cold", .split)
        rule.actions = [.split(apart)]
        var bench = bench(rule)
        bench.set.reference.products["B"]?.temperature = "cold"
        bench.place("web/1", [.of("A", 3, at: 100), .of("B", 1, at: 50)])
        bench.pay(350)
        bench.report(.rejected, [1: 3], document: "R1")
        bench.report(.rejected, [2: 1], document: "R2")
        #expect(bench.status() == .awaitingRelease)
        bench.command(.cancelLines([LineQuantity(line: 1, quantity: 2)]))
        #expect(bench.stock("A").reserved == 1)
        #expect(bench.holds() == [.warehouseRejected, .warehouseRejected])
        bench.command(.cancelLines([LineQuantity(line: 1, quantity: 1)]))
        #expect(bench.stock("A").reserved == 0)
        #expect(bench.holds() == [.warehouseRejected])
        #expect(bench.requests(.refund).map(\.amount) == [200, 100])
        bench.verify()
    }

    @Test("more than is open, or a line that is not there, is refused; all of it is a cancel of the order")
    func cancelledWrongly() {
        var bench = bench()
        bench.place()
        let tooMuch = bench.command(.cancelLines([LineQuantity(line: 1, quantity: 3)]))
        #expect(tooMuch == .refused("3 of line 1 are to be cancelled, 2 are open"))
        #expect(
            bench.command(.cancelLines([LineQuantity(line: 7, quantity: 1)])) == .refused("the order has no line 7"))
        bench.command(.cancelLines([LineQuantity(line: 1, quantity: 2)]))
        #expect(bench.status() == .cancelled)
        bench.verify()
    }

    @Test("a gift is taken back when its cause is cancelled before hand-over, as far as it is not deserved any more")
    func giftTakenBack() {
        var gift = GiftAction(sku: "B")
        gift.each = .amount(100)
        var rule = Rule("gift", .gift)
        rule.actions = [.gift(gift)]
        var bench = bench(rule)
        bench.place("web/1", [.of("A", 3, at: 100)])
        #expect(bench.line(2)?.quantity == 3)
        bench.command(.cancelLines([LineQuantity(line: 1, quantity: 2)]))
        #expect(bench.line(2)?.cancelled == 2)
        #expect(bench.stock("B").reserved == 1)
        bench.command(.cancelLines([LineQuantity(line: 1, quantity: 1)]))
        #expect(bench.status() == .cancelled)
        #expect(bench.stock("B").reserved == 0)
        bench.verify()
    }
}
