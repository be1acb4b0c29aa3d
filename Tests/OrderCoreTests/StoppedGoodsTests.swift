import OrderCore
import OrderSimulator
import Testing

@Suite("Goods that left although they had been stopped")
struct StoppedGoodsTests {
    @Test("goods that should not have left and come back keep nothing from being delivered")
    func stoppedIsNotWaitedFor() {
        var bench = Bench { $0.receipt = .confirmed }
        bench.place()
        bench.pay(200)
        bench.report(.rejected)
        bench.receive("A", "S", 10)
        bench.command(.retry)
        bench.ship("P1", from: "N")
        bench.ship("P2", from: "S")
        bench.deliver("P2", from: "S")
        let delivered = bench.state()?.parcels[Parcel.Key(warehouse: "S", shipment: "P2")]?.deliveredAt
        #expect(bench.state()?.order.deliveredAt == delivered)
        bench.report(.returnedToSender, parcel: "P1")
        #expect(bench.holds().isEmpty)
        bench.fire(.autoReceive)
        #expect(bench.status() == .completed)
        bench.verify()
    }

    @Test("a part is delivered with what was wanted of it, whatever becomes of what was not", arguments: [true, false])
    func partDelivered(isBackFirst: Bool) {
        var bench = Bench()
        bench.place("web/1", [.of("A", 3, at: 100)])
        bench.pay(300)
        bench.report(.short, [1: 1], document: "S1")
        bench.ship("P1", [1: 2])
        bench.ship("P2", [1: 1])
        if isBackFirst {
            bench.report(.returnedToSender, parcel: "P2")
            #expect(bench.state()?.fulfilments.all.map(\.state) == [.shipped])
        }
        bench.deliver("P1")
        #expect(bench.state()?.fulfilments.all.map(\.state) == [.delivered])
        if !isBackFirst { bench.report(.returnedToSender, parcel: "P2") }
        #expect(bench.status() == .completed)
        bench.verify()
    }

    @Test("stopped goods that came back and are stock again, told delivered after all: for people to see, no phantom")
    func restockedThenDelivered() {
        var bench = Bench()
        bench.place()
        bench.pay(200)
        bench.ask(.cancel)
        bench.report(.cancelled, document: "C1")
        bench.ship()
        bench.report(.returnedToSender, parcel: "P1")
        let (stock, conflicts, told) = (bench.stock("A"), bench.conflicts.count, bench.told())
        #expect(bench.deliver().isConflict)
        #expect(bench.conflicts.dropFirst(conflicts).map(\.kind) == [.quantity])
        #expect(bench.state()?.parcels.all.map(\.state) == [.returnedToSender])
        #expect(bench.stock("A") == stock)
        #expect(bench.told() == told)
        bench.verify()
    }

    @Test("what came back of an order that was ended for it, told delivered after all: the same")
    func endedThenDelivered() {
        var bench = Bench()
        bench.place()
        bench.pay(200)
        bench.ship()
        bench.report(.returnedToSender, parcel: "P1")
        bench.command(.cancel)
        #expect(bench.deliver().isConflict)
        #expect(bench.stock("A").onHand == 100)
        bench.verify()
    }

    @Test("partly stopped, come back, told delivered after all: people decide about the rest as before")
    func partlyRestockedThenDelivered() {
        var bench = Bench()
        bench.place("web/1", [.of("A", 3, at: 100)])
        bench.pay(300)
        bench.report(.short, [1: 1], document: "S1")
        bench.ship("P1", [1: 3])
        bench.report(.returnedToSender, parcel: "P1")
        let onHand = bench.stock("A").onHand
        #expect(bench.deliver().isConflict)
        #expect(bench.stock("A").onHand == onHand)
        #expect(bench.holds() == [.returnedToSender])
        bench.verify()
    }
}
