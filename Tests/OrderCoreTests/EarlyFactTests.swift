import OrderCore
import OrderSimulator
import Testing

@Suite("Facts that come early, late or twice (P3)")
struct EarlyFactTests {
    @Test("a payment that arrives before its order is applied when the order comes, in one batch or two")
    func paymentFirst() {
        for isOneBatch in [true, false] {
            var bench = Bench()
            let messages = [bench.paying(.captured, "web/1", 200), bench.placing()]
            if isOneBatch { bench.feed(messages) } else { for message in messages { bench.feed(message) } }
            #expect(bench.status() == .released)
            #expect(bench.count("order.paid") == 1)
            #expect(bench.set.orphans.isEmpty)
            #expect(bench.timer(.parkedTooLong) == nil)
            bench.verify()
        }
    }

    @Test("every fact of an order's life, in reverse, ends where it would have")
    func reversed() {
        var bench = Bench { $0.reviewWindow = 3_600 }
        let messages = [
            bench.placing(), bench.paying(.captured, "web/1", 200), bench.reporting(.accepted),
            bench.reporting(.shipped, parcel: "P1", [1: 1]), bench.reporting(.shipped, parcel: "P2", [1: 1]),
            bench.reporting(.delivered, parcel: "P1"), bench.reporting(.delivered, parcel: "P2"),
            bench.asking(.received), bench.asking(.reviewed),
        ]
        for message in messages.reversed() { bench.feed(message) }
        #expect(bench.status() == .completed)
        #expect(bench.parked().isEmpty)
        #expect(
            bench.path() == [
                .awaitingPayment, .awaitingRelease, .released, .partiallyShipped, .shipped, .awaitingReview, .completed,
            ])
        bench.verify()
    }

    @Test("shipped before paid, delivered before shipped: wait, then apply")
    func waiting() {
        var bench = Bench()
        bench.place()
        #expect(bench.deliver().isParked)
        #expect(bench.ship().isParked)
        #expect(bench.status() == .awaitingPayment)
        bench.pay(200)
        #expect(bench.status() == .completed)
        bench.verify()
    }

    @Test("received while a parcel is missing counts when the last one is there")
    func receivedEarly() {
        var bench = Bench { $0.receipt = .confirmed }
        bench.place()
        bench.pay(200)
        bench.ship("P1", [1: 1])
        #expect(bench.ask(.received) == .done)
        #expect(bench.status() == .partiallyShipped)
        bench.ship("P2", [1: 1])
        #expect(bench.status() == .completed)
        bench.verify()
    }

    @Test("a cancel before its order ends the order when it comes")
    func cancelFirst() {
        var bench = Bench()
        #expect(bench.ask(.cancel).isParked)
        bench.place()
        #expect(bench.status() == .cancelled)
        #expect(bench.stock("A").reserved == 0)
        bench.verify()
    }

    @Test("a refund before its capture, a charge-back before its payment")
    func moneyEarly() {
        var bench = Bench()
        bench.place()
        #expect(bench.feed(bench.paying(.refunded, "web/1", 50, reference: "r")).isParked)
        #expect(bench.feed(bench.paying(.chargedBack, "web/1", 10, reference: "c")).isParked)
        bench.pay(200)
        #expect(bench.money().refunded == 50)
        #expect(bench.money().chargedBack == 10)
        bench.verify()
    }

    @Test("parked too long: a hold on its order; applied later, the hold is mended and the order goes on")
    func tooLong() {
        var bench = Bench()
        bench.place()
        bench.ship()
        bench.fire(.parkedTooLong)
        #expect(bench.holds() == [.parkedTooLong])
        #expect(bench.parked() == ["released"])
        bench.pay(200)
        #expect(bench.status() == .awaitingRelease)
        bench.command(.release(.parkedTooLong))
        #expect(bench.status() == .shipped)
        #expect(bench.holds().isEmpty)

        bench.deliver("P9")
        bench.fire(.parkedTooLong)
        bench.deliver()
        #expect(bench.status() == .shipped)
        bench.place("web/2")
        bench.pay(200, "web/2", "T2")
        bench.deliver("Q1", "web/2")
        bench.fire(.parkedTooLong, "web/2")
        bench.ship("Q1", [:], "web/2")
        #expect(bench.holds("web/2").isEmpty)
        #expect(bench.status("web/2") == .completed)
        bench.verify()
    }

    @Test("parked too long without an order: an alert, and it still applies")
    func tooLongWithoutOrder() {
        var bench = Bench()
        bench.pay(200)
        bench.fire(.parkedTooLong)
        #expect(bench.events.last?.payload.name == "conflict.found")
        bench.place()
        #expect(bench.status() == .released)
        bench.verify()
    }

    @Test("a parked fact that can only be a conflict is one when it is looked at")
    func parkedConflict() {
        var bench = Bench()
        bench.place()
        bench.ship("P1", [1: 9])
        bench.pay(200)
        #expect(bench.conflicts.count == 1)
        #expect(bench.parked().isEmpty)
        #expect(bench.status() == .released)
        bench.verify()
    }

    @Test("payment and order at the same moment, in both orders, by one batch or two: one capture each")
    func crossing() {
        for run in 0..<1_000 {
            var bench = Bench(stock: ["A": 10])
            var messages = [bench.placing(), bench.paying(.captured, "web/1", 200)]
            if run.isMultiple(of: 2) { messages.reverse() }
            messages.append(messages[run / 2 % 2])
            if run.isMultiple(of: 3) { bench.feed(messages) } else { for message in messages { bench.feed(message) } }
            #expect(bench.money().captured == 200)
            #expect(bench.status() == .released)
            bench.verify()
        }
    }

    @Test("facts for a rejected order are answered, and parcels for it are a conflict to see")
    func rejected() {
        var bench = Bench()
        bench.place("web/1", [.of("Z", 1, at: 1)])
        #expect(bench.report(.accepted).isDone)
        #expect(bench.ship().isConflict)
        #expect(bench.deliver().isDone)
        #expect(bench.ask(.cancel).isDone)
        #expect(bench.ask(.received).isDone)
        #expect(bench.status() == .rejected)
        bench.verify()
    }
}
