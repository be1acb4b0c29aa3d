import OrderCore
import OrderSimulator
import Testing

@Suite("Payments")
struct PaymentTests {
    @Test("paid in full: released, told once")
    func paid() {
        var bench = Bench()
        bench.place()
        #expect(bench.pay(200) == .done)
        #expect(bench.path() == [.awaitingPayment, .awaitingRelease, .released])
        #expect(bench.count("order.paid") == 1)
        #expect(bench.timer(.paymentTimeout) == nil)
        #expect(bench.state()?.order.paymentState == .paid)
        bench.verify()
    }

    @Test("split tender: each part counts, equal ones too, and only the last one pays the order")
    func split() {
        var bench = Bench()
        bench.place("web/1", [.of("A", 3, at: 100)])
        bench.pay(100, "web/1", "T1")
        #expect(bench.state()?.order.paymentState == .partiallyPaid)
        bench.pay(100, "web/1", "T2")
        #expect(bench.status() == .awaitingPayment)
        #expect(bench.count("order.paid") == 0)
        bench.pay(100, "web/1", "T3")
        #expect(bench.status() == .released)
        #expect(bench.count("order.paid") == 1)
        #expect(bench.requests(.refund).isEmpty)
        bench.verify()
    }

    @Test("paid 100 of 300 is never paid; at the timer it is cancelled and sent back")
    func underpaid() {
        var bench = Bench()
        bench.place("web/1", [.of("A", 3, at: 100)])
        bench.pay(100)
        bench.fire(.paymentTimeout)
        #expect(bench.status() == .cancelled)
        #expect(bench.requests(.refund).map(\.amount) == [100])
        #expect(bench.stock("A").reserved == 0)
        #expect(bench.count("payment.insufficient") == 1)
        bench.verify()
    }

    @Test("within the tolerance underpaid is paid; overpaid beyond it, the excess goes back")
    func tolerance() {
        var bench = Bench { $0.paymentTolerance = 5 }
        bench.place()
        bench.pay(195)
        #expect(bench.status() == .released)
        bench.place("web/2")
        bench.pay(205, "web/2", "T2")
        #expect(bench.requests(.refund, "web/2").isEmpty)
        bench.place("web/3")
        bench.pay(206, "web/3", "T3")
        #expect(bench.requests(.refund, "web/3").map(\.amount) == [6])
        #expect(bench.status("web/3") == .released)
        bench.verify()
    }

    @Test("a second payment on a paid order: that transaction goes back")
    func twice() {
        var bench = Bench()
        bench.place()
        bench.pay(200, "web/1", "T1")
        bench.pay(200, "web/1", "T2")
        #expect(bench.requests(.refund).map(\.transaction) == ["T2"])
        #expect(bench.status() == .released)
        #expect(bench.money().received == 200)
        bench.verify()
    }

    @Test("a payment for a closed order is refunded in full, not dropped")
    func closed() {
        var bench = Bench()
        bench.place()
        bench.fire(.paymentTimeout)
        bench.pay(200)
        #expect(bench.requests(.refund).map(\.amount) == [200])
        bench.place("web/2", [.of("Z", 1, at: 100)])
        bench.pay(100, "web/2", "T2")
        #expect(bench.requests(.refund, "web/2").map(\.amount) == [100])
        #expect(bench.status("web/2") == .rejected)
        bench.verify()
    }

    @Test("an authorisation for a closed order is voided, once")
    func authorizedLate() {
        var bench = Bench { $0.capture = .onRelease }
        bench.place()
        bench.fire(.paymentTimeout)
        bench.feed(bench.paying(.authorized, "web/1", 200))
        bench.feed(bench.paying(.authorized, "web/1", 200, "T2"))
        #expect(bench.requests(.void).map(\.transaction) == ["T1", "T2"])
        bench.feed(bench.paying(.voided, "web/1", 200, "T1"))
        #expect(bench.requests(.void).map(\.state) == [.settled, .requested])
        bench.verify()
    }

    @Test("a failed or voided payment is told to the storefront, and the timer still ends the order")
    func failed() {
        var bench = Bench()
        bench.place()
        bench.feed(bench.paying(.failed, "web/1", 200))
        bench.feed(bench.paying(.voided, "web/1", 200, "T2"))
        #expect(bench.count("payment.failed") == 2)
        #expect(bench.status() == .awaitingPayment)
        bench.fire(.paymentTimeout)
        #expect(bench.status() == .cancelled)
        bench.verify()
    }

    @Test("a timer that finds the order paid does nothing")
    func timerTooLate() {
        var bench = Bench()
        bench.place()
        bench.pay(200)
        #expect(bench.fire(own: .paymentTimeout).isDone)
        #expect(bench.status() == .released)
        bench.verify()
    }

    @Test("the same reference with another amount: the first is kept, a conflict shown")
    func sameReference() {
        var bench = Bench()
        bench.place()
        bench.pay(100)
        #expect(bench.pay(200).isConflict)
        #expect(bench.pay(100).isDone)
        #expect(bench.money().captured == 100)
        #expect(bench.conflicts.count == 1)
        bench.verify()
    }

    @Test(
        "another currency is held and not counted; the hold outlives a cancel, since the money has to go back by hand")
    func currency() {
        var bench = Bench()
        bench.place()
        bench.feed(bench.paying(.captured, "web/1", 200, currency: .usd))
        #expect(bench.holds() == [.currencyMismatch])
        #expect(bench.status() == .awaitingPayment)
        bench.fire(.paymentTimeout)
        #expect(bench.status() == .cancelled)
        #expect(bench.holds() == [.currencyMismatch])
        bench.verify()
    }

    @Test("an authorisation that lapses before release holds the order and restarts its timer; paid again it goes on")
    func lapsed() {
        var bench = Bench {
            $0.capture = .onRelease
            $0.releaseDelay = 3_600
        }
        bench.place()
        bench.feed(bench.paying(.authorized, "web/1", 200))
        #expect(bench.status() == .awaitingRelease)
        bench.feed(bench.paying(.voided, "web/1", 200))
        #expect(bench.holds() == [.paymentLost])
        #expect(bench.timer(.paymentTimeout) != nil)
        bench.feed(bench.paying(.authorized, "web/1", 200, "T2"))
        #expect(bench.holds().isEmpty)
        #expect(bench.timer(.paymentTimeout) == nil)
        bench.fire(.releaseDelay)
        #expect(bench.status() == .released)
        bench.verify()
    }

    @Test("not paid again, the timer cancels it")
    func lapsedForGood() {
        var bench = Bench {
            $0.capture = .onRelease
            $0.releaseDelay = 3_600
        }
        bench.place()
        bench.feed(bench.paying(.authorized, "web/1", 200))
        bench.feed(bench.paying(.voided, "web/1", 200))
        bench.fire(.paymentTimeout)
        #expect(bench.status() == .cancelled)
        #expect(bench.stock("A").reserved == 0)
        bench.verify()
    }

    @Test("an attempt that failed before the authorisation does not end it, in whatever order they are heard")
    func olderFailure() {
        var bench = Bench { $0.capture = .onRelease }
        bench.place()
        let early = bench.now
        let late = early.adding(seconds: 60)
        bench.feed(bench.paying(.authorized, "web/1", 200, at: late))
        bench.feed(bench.paying(.failed, "web/1", 200, at: early))
        #expect(bench.money().authorized == 200)
        bench.verify()
    }

    @Test("a charge-back before release is a lost payment; after it a hold; won, the hold closes")
    func chargeBack() {
        var bench = Bench { $0.releaseDelay = 60 }
        bench.place()
        bench.pay(200)
        bench.feed(bench.paying(.chargedBack, "web/1", 200, reference: "case"))
        #expect(bench.holds() == [.paymentLost])
        bench.feed(bench.paying(.chargeBackWon, "web/1", 200, reference: "case"))
        #expect(bench.holds().isEmpty)
        bench.fire(.releaseDelay)
        #expect(bench.status() == .released)
        bench.feed(bench.paying(.chargedBack, "web/1", 200, reference: "case 2"))
        #expect(bench.holds() == [.chargedBack])
        bench.feed(bench.paying(.chargeBackWon, "web/1", 200, reference: "case 2"))
        #expect(bench.holds().isEmpty)
        bench.verify()
    }

    @Test("a charge-back and its winning heard the wrong way round cancel out")
    func chargeBackReversed() {
        var bench = Bench()
        bench.place()
        bench.pay(200)
        bench.feed(bench.paying(.chargeBackWon, "web/1", 200, reference: "case"))
        bench.feed(bench.paying(.chargedBack, "web/1", 200, reference: "case"))
        #expect(bench.money().chargedBack == 0)
        #expect(bench.holds().isEmpty)
        bench.verify()
    }

    @Test("a charged-back order that staff let go on completes")
    func chargeBackLost() {
        var bench = Bench()
        bench.place()
        bench.pay(200)
        bench.ship()
        bench.feed(bench.paying(.chargedBack, "web/1", 200, reference: "case"))
        bench.deliver()
        #expect(bench.status() == .shipped)
        bench.command(.release(.chargedBack))
        #expect(bench.status() == .completed)
        bench.verify()
    }
}
