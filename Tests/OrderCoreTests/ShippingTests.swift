import OrderCore
import OrderSimulator
import Testing

@Suite("Warehouses and parcels")
struct ShippingTests {
    private func released(_ quantity: Int64 = 3, _ policy: (inout StorePolicy) -> Void = { _ in }) -> Bench {
        var bench = Bench(policy)
        bench.place("web/1", [.of("A", quantity, at: 100)])
        bench.pay(quantity * 100)
        return bench
    }

    @Test("a warehouse's steps never go back")
    func progress() {
        var bench = released()
        bench.report(.packed)
        bench.report(.accepted)
        #expect(bench.state()?.fulfilments.all[0].state == .packed)
        bench.ship()
        #expect(bench.report(.picking).isDone)
        #expect(bench.state()?.fulfilments.all[0].state == .shipped)
        bench.verify()
    }

    @Test("part, then the rest: stock is deducted, each parcel told")
    func inParts() {
        var bench = released()
        bench.ship("P1", [1: 2])
        #expect(bench.status() == .partiallyShipped)
        #expect(bench.stock("A").onHand == 98)
        #expect(bench.stock("A").reserved == 1)
        bench.ship("P2", [1: 1])
        #expect(bench.status() == .shipped)
        #expect(bench.stock("A").reserved == 0)
        #expect(bench.count("order.shipped") == 2)
        bench.verify()
    }

    @Test("two of three units, told as totals or by parcel, in any order, end alike")
    func totals() {
        var cumulative = released()
        let first = cumulative.reporting(.shipped, parcel: "P1", [1: 1], isCumulative: true)
        let second = cumulative.reporting(.shipped, parcel: "P2", [1: 2], isCumulative: true)
        for order in [[first, second], [second, first]] {
            var bench = cumulative
            for message in order { bench.feed(message) }
            #expect(bench.line(1)?.shipped == 2)
            #expect(bench.status() == .partiallyShipped)
            bench.verify()
        }
        var parcels = released()
        parcels.ship("P2", [1: 1])
        parcels.ship("P1", [1: 1])
        #expect(parcels.line(1)?.shipped == 2)
        parcels.verify()
    }

    @Test("more than ordered is a conflict, and changes nothing, not even the journal")
    func tooMuch() {
        var bench = released()
        bench.ship("P1", [1: 2])
        let version = bench.state()?.order.version
        #expect(bench.ship("P2", [1: 2]).isConflict)
        #expect(bench.ship("P3", [7: 1]).isConflict)
        #expect(bench.state()?.order.version == version)
        bench.verify()
    }

    @Test("the same parcel again has no effect")
    func again() {
        var bench = released()
        bench.ship("P1", [1: 2])
        #expect(bench.ship("P1", [1: 2]).isDone)
        #expect(bench.ship("P1", [1: 1]).isConflict)
        #expect(bench.line(1)?.shipped == 2)
        bench.verify()
    }

    @Test("a warehouse that rejects its only part sends the order back, held; retry finds another, never the same")
    func rejected() {
        var bench = released()
        bench.report(.rejected)
        #expect(bench.status() == .awaitingRelease)
        #expect(bench.holds() == [.warehouseRejected])
        #expect(bench.stock("A").reserved == 3)
        #expect(bench.command(.retry).isRefused)
        #expect(bench.command(.release(nil)).isRefused)
        #expect(bench.holds() == [.warehouseRejected])
        bench.receive("A", "S", 10)
        #expect(bench.command(.retry) == .done)
        #expect(bench.status() == .released)
        #expect(bench.stock("A").reserved == 0)
        #expect(bench.stock("A", "S").reserved == 3)
        bench.report(.rejected, from: "S")
        #expect(bench.status() == .awaitingRelease)
        #expect(bench.command(.retry).isRefused)
        bench.verify()
    }

    @Test("releasing the hold of a rejection sources again, too")
    func releasedAfterRejection() {
        var bench = released()
        bench.report(.rejected)
        bench.receive("A", "S", 10)
        #expect(bench.command(.release(nil)) == .done)
        #expect(bench.status() == .released)
        #expect(bench.state()?.fulfilments.all.last?.warehouse == "S")
        bench.verify()
    }

    @Test("a warehouse that cancels unasked is as one that rejects; beside another part the order stays")
    func oneOfTwo() {
        var bench = Bench(stock: ["A": 10])
        bench.receive("B", "S", 10)
        bench.place("web/1", [.of("A", 1, at: 100), .of("B", 1, at: 100)])
        bench.pay(200)
        #expect(bench.state()?.fulfilments.all.map(\.warehouse) == ["N", "S"])
        bench.report(.cancelled, from: "S", document: "X")
        #expect(bench.status() == .released)
        #expect(bench.holds() == [.warehouseRejected])
        bench.ship("P1")
        #expect(bench.status() == .partiallyShipped)
        bench.receive("B", "N", 5)
        bench.command(.retry)
        #expect(bench.count("fulfilment.requested") == 3)
        bench.ship("P2")
        #expect(bench.status() == .shipped)
        bench.verify()
    }

    @Test("a warehouse that ships what it had rejected closes the hold")
    func shipsAfterRejecting() {
        var bench = released()
        bench.report(.rejected)
        bench.ship()
        #expect(bench.status() == .shipped)
        #expect(bench.holds().isEmpty)
        bench.verify()
    }

    @Test("shipped by the first warehouse after the part was sourced again: a hold, and the stock is deducted there")
    func shipsAfterResourcing() {
        var bench = released()
        bench.report(.rejected)
        bench.receive("A", "S", 10)
        bench.command(.retry)
        bench.ship("P1", from: "N")
        #expect(bench.holds() == [.shippedAfterCancel])
        #expect(bench.stock("A").onHand == 97)
        #expect(bench.line(1)?.shipped == 0)
        bench.verify()
    }

    @Test("short by policy: what is missing is cancelled and refunded, and is no stock any more")
    func short() {
        var bench = released()
        bench.report(.short, [1: 1], document: "S1")
        #expect(bench.requests(.refund).map(\.amount) == [100])
        #expect(bench.stock("A").onHand == 99)
        #expect(bench.stock("A").reserved == 2)
        bench.ship("P1")
        #expect(bench.status() == .shipped)
        #expect(bench.line(1)?.cancelled == 1)
        bench.verify()
    }

    @Test("short of everything: cancelled; short of the rest: shipped")
    func shortOfAll() {
        var bench = released()
        bench.report(.short, document: "S1")
        #expect(bench.status() == .cancelled)
        #expect(bench.requests(.refund).map(\.amount) == [300])
        bench.place("web/2", [.of("A", 3, at: 100)])
        bench.pay(300, "web/2", "T2")
        bench.ship("P1", [1: 1], "web/2")
        bench.report(.short, "web/2", document: "S2")
        #expect(bench.status("web/2") == .shipped)
        #expect(bench.requests(.refund, "web/2").map(\.amount) == [200])
        bench.verify()
    }

    @Test("a rejected part that turns out short of everything ends the order")
    func rejectedThenShort() {
        var bench = released()
        bench.report(.rejected)
        bench.report(.short, document: "S1")
        #expect(bench.status() == .cancelled)
        #expect(bench.holds().isEmpty)
        #expect(bench.requests(.refund).map(\.amount) == [300])
        bench.verify()
    }

    @Test("short told in two entries of one line is never more than is open")
    func shortTwice() {
        var bench = released()
        var message = bench.reporting(.short, document: "S1")
        if case .fulfilment(var report) = message.payload {
            report.lines = [LineQuantity(line: 1, quantity: 2), LineQuantity(line: 1, quantity: 2)]
            message.payload = .fulfilment(report)
        }
        #expect(bench.feed(message).isConflict)
        #expect(bench.line(1)?.cancelled == 0)
        bench.verify()
    }

    @Test("short by policy hold: held; retry sources what is missing elsewhere")
    func shortHeld() {
        var bench = released(3) { $0.onShort = .hold }
        bench.report(.short, [1: 1], document: "S1")
        #expect(bench.holds() == [.shortShipped])
        #expect(bench.line(1)?.cancelled == 0)
        bench.ship("P1")
        #expect(bench.status() == .partiallyShipped)
        bench.receive("A", "S", 1)
        bench.command(.retry)
        #expect(bench.holds().isEmpty)
        bench.ship("P2", from: "S")
        #expect(bench.status() == .shipped)
        bench.verify()
    }

    @Test("a warehouse that finds what it was short of and ships it: the goods left without being ordered any more")
    func shortThenShipped() {
        var bench = released()
        bench.report(.short, [1: 1], document: "S1")
        bench.ship("P1", [1: 3])
        #expect(bench.status() == .shipped)
        #expect(bench.holds() == [.shippedAfterCancel])
        #expect(bench.line(1)?.shipped == 2)
        bench.verify()
    }

    @Test("virtual lines are delivered by event on release and count as shipped")
    func virtual() {
        var bench = Bench()
        bench.place("web/1", [.of("V", 2, at: 50)]) { $0.receiver = Receiver() }
        bench.pay(100)
        #expect(bench.path() == [.awaitingPayment, .awaitingRelease, .released, .shipped, .completed])
        #expect(bench.count("virtual.delivered") == 1)
        bench.place("web/2", [.of("V", 1, at: 50), .of("A", 1, at: 50)])
        bench.pay(100, "web/2", "T2")
        #expect(bench.status("web/2") == .partiallyShipped)
        bench.ship("P1", [:], "web/2")
        #expect(bench.status("web/2") == .shipped)
        bench.verify()
    }

    @Test("made to order waits for production, then ships without touching stock")
    func madeToOrder() {
        var bench = Bench()
        bench.place("web/1", [.of("M", 3, at: 100), .of("A", 1, at: 100)])
        #expect(bench.produce(1, 1).isParked)
        bench.pay(400)
        #expect(bench.status() == .awaitingRelease)
        #expect(bench.count("production.requested") == 1)
        #expect(bench.line(1)?.produced == 1)
        #expect(bench.produce(1, 3, document: "D2").isConflict)
        #expect(bench.produce(2, 1, document: "D3").isConflict)
        #expect(bench.produce(1, .min, document: "D5").isConflict)
        bench.produce(1, 2, document: "D4", in: "S")
        #expect(bench.status() == .released)
        bench.ship("P1")
        bench.ship("P2", [:], from: "S")
        #expect(bench.status() == .shipped)
        #expect(bench.stock("M").onHand == 0)
        bench.verify()
    }

    @Test("a rejected made-to-order part is asked of the warehouse that has the goods again")
    func madeToOrderRejected() {
        var bench = Bench()
        bench.place("web/1", [.of("M", 1, at: 100)])
        bench.pay(100)
        bench.produce(1, 1)
        bench.report(.rejected)
        #expect(bench.status() == .awaitingRelease)
        #expect(bench.command(.retry) == .done)
        #expect(bench.status() == .released)
        bench.ship()
        #expect(bench.status() == .shipped)
        bench.verify()
    }
}
