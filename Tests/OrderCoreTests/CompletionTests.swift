import OrderCore
import OrderSimulator
import Testing

@Suite("Completion")
struct CompletionTests {
    private func shipped(_ policy: (inout StorePolicy) -> Void = { _ in }) -> Bench {
        var bench = Bench(policy)
        bench.place()
        bench.pay(200)
        bench.ship()
        return bench
    }

    @Test("a store of our own: received when the last parcel is delivered")
    func delivered() {
        var bench = Bench()
        bench.place()
        bench.pay(200)
        bench.ship("P1", [1: 1])
        bench.ship("P2", [1: 1])
        bench.deliver("P2")
        #expect(bench.status() == .shipped)
        bench.deliver("P1")
        #expect(bench.status() == .completed)
        #expect(bench.count("order.received") == 1)
        #expect(bench.timer(.autoReceive) == nil)
        bench.verify()
    }

    @Test("a marketplace: received when the buyer says so, or some time after delivery")
    func marketplace() {
        var bench = shipped { $0.receipt = .confirmed }
        bench.deliver()
        #expect(bench.status() == .shipped)
        var asked = bench
        asked.ask(.received)
        #expect(asked.status() == .completed)
        asked.verify()
        bench.fire(.autoReceive)
        #expect(bench.status() == .completed)
        bench.verify()
    }

    @Test("nobody tells of a delivery: it counts as received some time after shipping")
    func neverDelivered() {
        var bench = shipped()
        bench.fire(.autoReceive)
        #expect(bench.status() == .completed)
        bench.verify()
    }

    @Test("a store with reviews: received, then reviewed or the window over", arguments: [true, false])
    func reviews(isReviewed: Bool) {
        var bench = shipped { $0.reviewWindow = 86_400 }
        bench.deliver()
        #expect(bench.status() == .awaitingReview)
        if isReviewed { bench.ask(.reviewed) } else { bench.fire(.reviewWindow) }
        #expect(bench.path().suffix(3) == [.shipped, .awaitingReview, .completed])
        #expect(bench.timer(.reviewWindow) == nil)
        bench.verify()
    }

    @Test("an external order is complete when shipped")
    func external() {
        var bench = Bench()
        bench.place("tm/1")
        bench.ship("P1", [:], "tm/1")
        #expect(bench.path("tm/1").suffix(2) == [.shipped, .completed])
        #expect(bench.deliver("P1", "tm/1").isDone)
        #expect(bench.status("tm/1") == .completed)
        bench.verify()
    }

    @Test("cash on delivery: complete when the cash has come; late, a hold that its coming mends")
    func cash() {
        for isLate in [false, true] {
            var bench = Bench()
            bench.place("web/1", term: .cashOnDelivery)
            #expect(bench.status() == .released)
            bench.ship()
            bench.deliver()
            #expect(bench.status() == .shipped)
            if isLate {
                bench.fire(.cashUnsettled)
                #expect(bench.holds() == [.codUnsettled])
            }
            bench.pay(200)
            #expect(bench.status() == .completed)
            #expect(bench.timer(.cashUnsettled) == nil)
            bench.verify()
        }
    }

    @Test("the carrier is told what to collect, less what is paid")
    func collect() {
        var bench = Bench { $0.releaseDelay = 60 }
        bench.place("web/1", term: .cashOnDelivery)
        bench.pay(50)
        bench.fire(.releaseDelay)
        let collects = bench.events.compactMap { event -> Int64? in
            if case .fulfilmentRequested(let request) = event.payload { request.collect } else { nil }
        }
        #expect(collects == [150])
        bench.verify()
    }

    @Test("on account completes without payment")
    func onAccount() {
        var bench = Bench()
        bench.place("web/1", term: .onAccount)
        bench.ship()
        bench.deliver()
        #expect(bench.status() == .completed)
        bench.verify()
    }

    @Test("lost or returned holds the order; delivered after all mends it")
    func lost() {
        for kind in [FulfilmentReport.Kind.lost, .returnedToSender] {
            var bench = shipped()
            bench.report(kind, parcel: "P1")
            #expect(bench.holds().count == 1)
            #expect(bench.status() == .shipped)
            bench.deliver()
            #expect(bench.status() == .completed)
            bench.verify()
        }
    }

    @Test(
        "an external order with a lost parcel told before completion waits for staff; told after, it is held and stays")
    func lostAfterCompletion() {
        var bench = Bench()
        bench.place("tm/1")
        bench.ship("P1", [:], "tm/1")
        bench.report(.lost, "tm/1", parcel: "P1")
        #expect(bench.status("tm/1") == .completed)
        #expect(bench.holds("tm/1") == [.lost])
        bench.verify()
    }

    @Test("a second payment after completion goes back")
    func paidAgain() {
        var bench = shipped()
        bench.deliver()
        bench.pay(200, "web/1", "T2")
        #expect(bench.requests(.refund).map(\.transaction) == ["T2"])
        #expect(bench.status() == .completed)
        bench.verify()
    }

    @Test("tracking is appended and told, repeats dropped, after completion too")
    func tracking() {
        var bench = shipped()
        bench.deliver()
        let checkpoint = TrackingCheckpoint(
            orderNumber: "web/1", warehouse: nil, shipment: "P1", code: "DEP", occurredAt: bench.now)
        for _ in 1...2 { bench.feed(bench.message(.tracking(checkpoint), key: "tracking P1 DEP", content: 1)) }
        #expect(bench.checkpoints.count == 1)
        #expect(bench.count("tracking.updated") == 1)
        bench.verify()
    }

    @Test("a release delay runs from the time of payment")
    func delay() {
        var bench = Bench { $0.releaseDelay = 600 }
        bench.place()
        bench.pay(200)
        #expect(bench.status() == .awaitingRelease)
        bench.fire(own: .releaseDelay)
        #expect(bench.status() == .awaitingRelease)
        bench.fire(.releaseDelay)
        #expect(bench.status() == .released)
        bench.verify()
    }

    @Test("money that people let go of does not keep an order from completing")
    func writtenOff() {
        var bench = Bench()
        bench.place("web/1", term: .cashOnDelivery)
        bench.ship()
        bench.deliver()
        bench.fire(.cashUnsettled)
        bench.command(.release(.codUnsettled))
        #expect(bench.status() == .completed)
        bench.verify()
    }

    @Test("a short made-to-order part is not let go of while its units are owed")
    func shortMadeToOrder() {
        var bench = Bench { $0.onShort = .hold }
        bench.place("web/1", [.of("M", 1, at: 100)])
        bench.pay(100)
        bench.produce(1, 1)
        bench.report(.short, document: "S1")
        #expect(bench.holds() == [.shortShipped])
        #expect(bench.command(.release(nil)).isRefused)
        bench.command(.cancel)
        #expect(bench.status() == .cancelled)
        bench.verify()
    }

    @Test("an order whose lost money people have written off completes, and is not waited for any more")
    func givenUpMoney() {
        var bench = Bench()
        bench.place("tm/1", [.of("A", 1, at: 100)], term: .online)
        bench.pay(100, "tm/1")
        bench.report(.rejected, "tm/1")
        bench.feed(bench.paying(.chargedBack, "tm/1", 100, reference: "case"))
        bench.ship("P1", [1: 1], "tm/1")
        #expect(bench.timer(.paymentTimeout, "tm/1") != nil)
        bench.command(.release(nil), "tm/1")
        #expect(bench.status("tm/1") == .completed)
        #expect(bench.timer(.paymentTimeout, "tm/1") == nil)
        bench.verify()
    }
}
