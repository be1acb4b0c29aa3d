import OrderCore
import OrderSimulator
import Testing

@Suite("Cancelling")
struct CancelTests {
    private func released() -> Bench {
        var bench = Bench(stock: ["A": 10])
        bench.receive("B", "S", 10)
        bench.place("web/1", [.of("A", 2, at: 100), .of("B", 1, at: 50)]) { $0.claimed.shipping = 10 }
        bench.pay(260)
        return bench
    }

    @Test("before release: ended at once, stock free, money back; a thousand cancels have one effect")
    func beforeRelease() {
        var bench = Bench { $0.releaseDelay = 60 }
        bench.place()
        bench.pay(200)
        #expect(bench.ask(.cancel) == .done)
        #expect(bench.status() == .cancelled)
        let version = bench.state()?.order.version
        let messages = (1...1_000).map { bench.asking(.cancel, id: $0.isMultiple(of: 2) ? "1" : "\($0)") }
        bench.feed(messages)
        #expect(bench.state()?.order.version == version)
        #expect(bench.requests(.refund).map(\.amount) == [200])
        #expect(bench.count("order.cancelled") == 1)
        #expect(bench.stock("A").reserved == 0)
        bench.verify()
    }

    @Test("with warehouses: each is asked to stop; all agree: cancelled and refunded")
    func agreed() {
        var bench = released()
        #expect(bench.ask(.cancel) == .done)
        #expect(bench.status() == .released)
        #expect(bench.holds() == [.cancelling])
        #expect(bench.count("fulfilment.cancel_requested") == 2)
        bench.report(.cancelled, from: "N", document: "C1")
        #expect(bench.status() == .released)
        #expect(bench.requests(.refund).map(\.amount) == [200])
        bench.report(.cancelled, from: "S", document: "C2")
        #expect(bench.status() == .cancelled)
        #expect(bench.requests(.refund).map(\.amount) == [200, 60])
        #expect(bench.holds().isEmpty)
        bench.verify()
    }

    @Test("one agrees, one refuses: that part goes on, the buyer is told")
    func refused() {
        var bench = released()
        bench.ask(.cancel)
        bench.report(.cancelled, from: "N", document: "C1")
        bench.report(.cancelRefused, from: "S", document: "C2")
        #expect(bench.status() == .released)
        #expect(bench.holds() == [.cancelRefused])
        #expect(bench.count("order.cancel_refused") == 1)
        bench.ship("P1", from: "S")
        #expect(bench.status() == .shipped)
        bench.verify()
    }

    @Test("no answer in time: goes on, held; a late agreement still counts")
    func lateAgreement() {
        var bench = released()
        bench.ask(.cancel)
        bench.report(.cancelled, from: "N", document: "C1")
        bench.fire(.cancelUnanswered, "web/1", "web/1-F2")
        #expect(bench.holds() == [.noAnswer])
        bench.report(.cancelled, from: "S", document: "C2")
        #expect(bench.status() == .cancelled)
        #expect(bench.holds().isEmpty)
        #expect(bench.requests(.refund).reduce(0) { $0 + $1.amount } == 260)
        bench.verify()
    }

    @Test("the answer to an older request counts as well: a rejection that crosses the wish to stop")
    func crossed() {
        var bench = released()
        bench.ask(.cancel)
        bench.feed(bench.reporting(.rejected, from: "N", fulfilment: "web/1-F1", answering: "web/1-F1.1"))
        bench.feed(bench.reporting(.rejected, from: "S", fulfilment: "web/1-F2", answering: "web/1-F2.1"))
        #expect(bench.status() == .cancelled)
        bench.verify()
    }

    @Test("rejects and shorts while cancelling are cancelled quantities")
    func rejectsWhileCancelling() {
        var bench = released()
        bench.ask(.cancel)
        bench.report(.short, from: "N", [1: 1], document: "S1")
        #expect(bench.line(1)?.cancelled == 1)
        #expect(bench.holds() == [.cancelling])
        bench.report(.rejected, from: "N")
        bench.report(.rejected, from: "S")
        #expect(bench.status() == .cancelled)
        #expect(bench.stock("A").onHand == 9)
        bench.verify()
    }

    @Test("what a warehouse is short of need not be stopped any more: nobody waits for its answer")
    func shortOfAll() {
        var bench = Bench()
        bench.place()
        bench.pay(200)
        bench.ask(.cancel)
        bench.report(.short, from: "N", [1: 2], document: "S1")
        #expect(bench.status() == .cancelled)
        #expect(bench.timer(.cancelUnanswered, "web/1") == nil)
        bench.verify()
    }

    @Test("shipped wins over the wish to stop; a part parcel settles only its own")
    func shipped() {
        var bench = released()
        bench.ask(.cancel)
        bench.ship("P1", [1: 1], from: "N")
        #expect(bench.holds() == [.cancelling])
        #expect(bench.status() == .partiallyShipped)
        bench.report(.cancelled, from: "N", document: "C1")
        bench.ship("P2", from: "S")
        #expect(bench.status() == .shipped)
        #expect(bench.holds() == [.cancelRefused])
        #expect(bench.requests(.refund).map(\.amount) == [100])
        bench.verify()
    }

    @Test("part shipped, the rest cancelled: shipped")
    func partShipped() {
        var bench = released()
        bench.ship("P1", from: "N")
        bench.ask(.cancel)
        #expect(bench.count("fulfilment.cancel_requested") == 1)
        bench.report(.cancelled, from: "S", document: "C1")
        #expect(bench.status() == .shipped)
        #expect(bench.requests(.refund).map(\.amount) == [50])
        bench.verify()
    }

    @Test("a rejected part needs no answer")
    func rejectedBefore() {
        var bench = released()
        bench.report(.rejected, from: "S")
        bench.ask(.cancel)
        #expect(bench.stock("B", "S").reserved == 0)
        bench.report(.cancelled, from: "N", document: "C1")
        #expect(bench.status() == .cancelled)
        bench.verify()
    }

    @Test("a cancel of a shipped or completed order is refused and told, once")
    func tooLate() {
        var bench = Bench()
        bench.place()
        bench.pay(200)
        bench.ship()
        #expect(bench.ask(.cancel).isRefused)
        #expect(bench.ask(.cancel).isDone)
        #expect(bench.count("order.cancel_refused") == 1)
        bench.deliver()
        #expect(bench.status() == .completed)
        #expect(bench.ask(.cancel, id: "2").isRefused)
        bench.verify()
    }

    @Test("shipped after cancel: goods left, a hold and a conflict to see, refunded once")
    func shippedAfterCancel() {
        var bench = Bench()
        bench.place()
        bench.pay(200)
        bench.ask(.cancel)
        bench.report(.cancelled, document: "C1")
        #expect(bench.ship().isDone)
        #expect(bench.holds() == [.shippedAfterCancel])
        #expect(bench.conflicts.count == 1)
        #expect(bench.stock("A").onHand == 98)
        #expect(bench.requests(.refund).map(\.amount) == [200])
        #expect(bench.ship().isDone)
        #expect(bench.stock("A").onHand == 98)
        bench.deliver()
        #expect(bench.status() == .cancelled)
        bench.verify()
    }

    @Test("a parked shipment of an order that is cancelled is the same")
    func parkedThenCancelled() {
        var bench = Bench()
        bench.place()
        #expect(bench.ship("P1", [1: 2]).isParked)
        bench.ask(.cancel)
        #expect(bench.status() == .cancelled)
        #expect(bench.holds() == [.shippedAfterCancel])
        #expect(bench.stock("A").onHand == 98)
        #expect(bench.parked().isEmpty)
        bench.verify()
    }

    @Test("shipped from a part that had agreed to stop while another goes on")
    func shippedAfterAgreed() {
        var bench = released()
        bench.ask(.cancel)
        bench.report(.cancelled, from: "N", document: "C1")
        bench.ship("P1", from: "N")
        #expect(bench.holds() == [.cancelling, .shippedAfterCancel])
        bench.ship("P2", from: "S")
        #expect(bench.status() == .shipped)
        #expect(bench.line(1)?.shipped == 0)
        bench.verify()
    }

    @Test("the rest of a part that was stopped half-way, shipped after all")
    func restShippedAfterAgreed() {
        var bench = Bench()
        bench.place()
        bench.pay(200)
        bench.ship("P1", [1: 1])
        bench.ask(.cancel)
        bench.report(.cancelled, document: "C1")
        #expect(bench.status() == .shipped)
        bench.ship("P2", [1: 1])
        #expect(bench.holds() == [.shippedAfterCancel])
        #expect(bench.stock("A").onHand == 98)
        #expect(bench.ship("P3", [1: 1]).isConflict)
        bench.verify()
    }

    @Test("goods that left after the cancel and come back are stock again, once; nothing is left to decide")
    func stoppedComesBack() {
        var bench = Bench()
        bench.place()
        bench.pay(200)
        bench.ask(.cancel)
        bench.report(.cancelled, document: "C1")
        bench.ship()
        #expect(bench.stock("A").onHand == 98)
        bench.report(.returnedToSender, parcel: "P1")
        #expect(bench.stock("A").onHand == 100)
        #expect(bench.holds().isEmpty)
        // The carrier says it without the warehouse's name: another business key.
        #expect(bench.report(.returnedToSender, from: nil, parcel: "P1").isDone)
        #expect(bench.report(.lost, parcel: "P1").isDone)
        #expect(bench.report(.returnedToSender, parcel: "P1").isDone)
        #expect(bench.stock("A").onHand == 100)
        #expect(bench.status() == .cancelled)
        #expect(bench.requests(.refund).map(\.amount) == [200])
        bench.verify()
    }

    @Test("a parcel that was parked when its order was cancelled is stock again when it comes back")
    func parkedComesBack() {
        var bench = Bench()
        bench.place()
        bench.ship("P1", [1: 2])
        bench.ask(.cancel)
        #expect(bench.stock("A").onHand == 98)
        bench.report(.returnedToSender, parcel: "P1")
        #expect(bench.stock("A").onHand == 100)
        #expect(bench.holds().isEmpty)
        bench.verify()
    }

    @Test(
        "of a parcel that holds more than was still wanted only that goes back to stock at once; the rest is decided on"
    )
    func partlyStoppedComesBack() {
        var bench = Bench()
        bench.place("web/1", [.of("A", 3, at: 100)])
        bench.pay(300)
        bench.report(.short, [1: 1], document: "S1")
        bench.ship("P1", [1: 3])
        #expect(bench.stock("A").onHand == 96)
        bench.report(.returnedToSender, parcel: "P1")
        #expect(bench.stock("A").onHand == 97)
        #expect(bench.holds() == [.returnedToSender])
        bench.command(.cancel)
        #expect(bench.stock("A").onHand == 99)
        #expect(bench.status() == .cancelled)
        bench.verify()
    }

    @Test("counted after it came back: the count stands")
    func stoppedComesBackBeforeCount() {
        var bench = Bench()
        bench.place()
        bench.ask(.cancel)
        bench.ship("P1", [1: 2])
        let before = bench.now
        bench.count("A", "N", 50, at: before.adding(seconds: 100))
        bench.feed(bench.reporting(.returnedToSender, parcel: "P1", at: before))
        #expect(bench.stock("A").onHand == 50)
        bench.verify()
    }

    @Test("everything came back before receipt: staff cancel restocks and refunds")
    func allBack() {
        var bench = Bench()
        bench.place()
        bench.pay(200)
        bench.ship()
        bench.report(.returnedToSender, parcel: "P1")
        #expect(bench.status() == .shipped)
        #expect(bench.holds() == [.returnedToSender])
        bench.command(.cancel)
        #expect(bench.status() == .cancelled)
        #expect(bench.stock("A").onHand == 100)
        #expect(bench.requests(.refund).map(\.amount) == [200])
        bench.verify()
    }

    @Test("what was part shipped and came back is cancelled once the rest has stopped")
    func partBack() {
        var bench = Bench()
        bench.place()
        bench.pay(200)
        bench.ship("P1", [1: 1])
        bench.report(.returnedToSender, parcel: "P1")
        bench.command(.cancel)
        bench.report(.cancelled, document: "C1")
        #expect(bench.status() == .cancelled)
        #expect(bench.stock("A").onHand == 100)
        #expect(bench.requests(.refund).reduce(0) { $0 + $1.amount } == 200)
        bench.verify()
    }

    @Test("what was delivered by event can't come back: then not everything is back")
    func virtualKept() {
        var bench = Bench()
        bench.place("web/1", [.of("V", 1, at: 50), .of("A", 1, at: 50)])
        bench.pay(100)
        bench.ship()
        bench.report(.returnedToSender, parcel: "P1")
        #expect(bench.command(.cancel).isRefused)
        bench.verify()
    }

    /// What becomes of a part that its warehouse was asked back while its buyer cancelled the order.
    @Test(
        "cancelled while it is asked back, and shipped after all: the shop hears that the cancel came too late",
        arguments: [true, false])
    func shippedWhileAskedBack(cancelsFirst: Bool) {
        var bench = Bench(stock: ["A": 10])
        bench.place("web/1", [.of("A", 4, at: 10)], term: .onAccount)
        if cancelsFirst { bench.ask(.cancel) }
        bench.count("A", "N", 2)
        bench.runTakeAways()
        if !cancelsFirst { bench.ask(.cancel) }
        bench.ship()
        #expect(bench.status() == .shipped)
        #expect(bench.count("order.cancel_refused") == 1)
        bench.verify()
    }

    @Test("units to be cancelled of a part that is asked back, and shipped after all: the shop hears which")
    func unitsShippedWhileAskedBack() {
        var bench = Bench(stock: ["A": 10])
        bench.place("web/1", [.of("A", 4, at: 10)], term: .onAccount)
        bench.count("A", "N", 2)
        bench.runTakeAways()
        #expect(bench.command(.cancelLines([LineQuantity(line: 1, quantity: 1)])).isDone)
        bench.ship()
        let refused = bench.events.compactMap { event -> [LineQuantity]? in
            if case .orderCancelRefused(_, _, let lines) = event.payload { lines } else { nil }
        }
        #expect(refused == [[LineQuantity(line: 1, quantity: 1)]])
        bench.verify()
    }

    @Test("asked back for lost stock alone, and shipped after all: the shop hears of no cancel")
    func askedBackWithoutCancel() {
        var bench = Bench(stock: ["A": 10])
        bench.place("web/1", [.of("A", 4, at: 10)], term: .onAccount)
        bench.count("A", "N", 2)
        bench.runTakeAways()
        bench.ship()
        #expect(bench.status() == .shipped)
        #expect(bench.count("order.cancel_refused") == 0)
        bench.verify()
    }

    @Test(
        "asked back out of a parcel of several, cancelled meanwhile, and shipped with the others: its shop hears of it")
    func shippedWithOthersWhileAskedBack() {
        for isCancelled in [true, false] {
            var bench = Bench.merged(2)
            bench.count("A", "N", 1)
            bench.runTakeAways()
            #expect(bench.holds("web/2") == [.stockLost])
            bench.fire(.amendParcel)
            if isCancelled { bench.ask(.cancel, "web/2") }
            bench.tellOfParcel(.shipped, parcel: "P1")
            #expect(bench.status("web/2") == .shipped)
            #expect(bench.count("order.cancel_refused", "web/2") == (isCancelled ? 1 : 0))
            bench.verify()
        }
    }
}
