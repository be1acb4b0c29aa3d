import OrderCore
import OrderSimulator
import Testing

@Suite("Refunds")
struct RefundTests {
    /// An order of 300, paid by one transaction and cancelled in part by staff refunds.
    private func paid() -> Bench {
        var bench = Bench()
        bench.place("web/1", [.of("A", 3, at: 100)])
        bench.pay(300)
        bench.ship()
        return bench
    }

    @Test("asked, answered, settled")
    func settled() {
        var bench = Bench()
        bench.place()
        bench.pay(200)
        bench.command(.refund(amount: 50))
        let request = bench.requests(.refund)[0]
        #expect(bench.money().received == 150)
        bench.feed(bench.paying(.refunded, "web/1", 50, reference: "r", answering: request.requestID))
        #expect(bench.requests(.refund)[0].state == .settled)
        #expect(bench.money().refunded == 50)
        #expect(bench.money().refundPending == 0)
        #expect(bench.count("refund.settled") == 1)
        bench.verify()
    }

    @Test("cumulative figures are not deltas, and settle what they cover, in whatever order they come")
    func cumulative() {
        for order in [[100, 150], [150, 100]] as [[Int64]] {
            var bench = paid()
            bench.command(.refund(amount: 100))
            bench.command(.refund(amount: 50))
            for amount in order {
                bench.feed(bench.paying(.refunded, "web/1", amount, reference: "r\(amount)", isCumulative: true))
            }
            #expect(bench.money().refunded == 150)
            #expect(bench.money().refundPending == 0)
            #expect(bench.requests(.refund).allSatisfy { $0.state == .settled })
            bench.verify()
        }
    }

    @Test("a refund that fails is held and asked again with the same id, never done a second way")
    func failed() {
        var bench = Bench()
        bench.place()
        bench.pay(200)
        bench.command(.cancel)
        bench.report(.cancelled, document: "C1")
        #expect(bench.status() == .cancelled)
        let id = bench.requests(.refund)[0].requestID
        bench.feed(bench.paying(.refundFailed, "web/1", 200, reference: "r1", answering: id))
        #expect(bench.holds() == [.refundFailed])
        bench.pay(10, "web/1", "T2")
        #expect(bench.requests(.refund).map(\.amount) == [200, 10])
        bench.command(.retry)
        #expect(bench.requests(.refund).map(\.tries) == [2, 1])
        bench.feed(bench.paying(.refunded, "web/1", 200, reference: "r2", answering: id))
        #expect(bench.requests(.refund)[0].state == .settled)
        #expect(bench.holds().isEmpty)
        bench.verify()
    }

    @Test("a failure that is heard after the success changes nothing")
    func lateFailure() {
        var bench = Bench()
        bench.place()
        bench.fire(.paymentTimeout)
        bench.pay(200)
        let id = bench.requests(.refund)[0].requestID
        bench.feed(bench.paying(.refunded, "web/1", 200, reference: "r2", answering: id))
        bench.feed(bench.paying(.refundFailed, "web/1", 200, reference: "r1", answering: id))
        #expect(bench.requests(.refund)[0].state == .settled)
        #expect(bench.holds().isEmpty)
        bench.verify()
    }

    @Test("one refund's success does not close another's failure")
    func twoFailures() {
        var bench = paid()
        bench.command(.refund(amount: 100))
        bench.command(.refund(amount: 50))
        let ids = bench.requests(.refund).map(\.requestID)
        bench.feed(bench.paying(.refundFailed, "web/1", 100, reference: "f1", answering: ids[0]))
        bench.feed(bench.paying(.refundFailed, "web/1", 50, reference: "f2", answering: ids[1]))
        bench.feed(bench.paying(.refunded, "web/1", 100, reference: "s1", answering: ids[0]))
        #expect(bench.state()?.openHolds.map(\.path) == [ids[1]])
        bench.verify()
    }

    @Test("the payment state tells what has happened: overpaid while money is asked back, refunded when it went")
    func paymentState() {
        var bench = Bench { $0.releaseDelay = 60 }
        bench.place()
        bench.pay(200)
        #expect(bench.state()?.order.paymentState == .paid)
        bench.ask(.cancel)
        #expect(bench.money().received == 0)
        #expect(bench.state()?.order.paymentState == .overpaid)
        bench.feed(bench.paying(.refundFailed, "web/1", 200, reference: "f"))
        #expect(bench.state()?.order.paymentState == .overpaid)
        bench.feed(bench.paying(.refunded, "web/1", 200, reference: "r"))
        #expect(bench.state()?.order.paymentState == .refunded)
        bench.place("web/2")
        bench.pay(200, "web/2", "T2")
        bench.command(.refund(amount: 50), "web/2")
        #expect(bench.state("web/2")?.order.paymentState == .paid)
        bench.feed(bench.paying(.refunded, "web/2", 50, "T2", reference: "r"))
        #expect(bench.state("web/2")?.order.paymentState == .partiallyRefunded)
        bench.verify()
    }

    @Test("no answer: asked again under the same id")
    func inDoubt() {
        var bench = Bench()
        bench.place()
        bench.fire(.paymentTimeout)
        bench.pay(200)
        bench.fire(.inDoubt)
        bench.fire(.inDoubt)
        #expect(bench.requests(.refund).map(\.tries) == [3])
        #expect(bench.count("refund.requested") == 3)
        let ids = bench.events.compactMap { event -> String? in
            if case .moneyRequested(_, let request) = event.payload { request.requestID } else { nil }
        }
        #expect(Set(ids).count == 1)
        bench.feed(bench.paying(.refunded, "web/1", 200, reference: "r"))
        #expect(bench.timer(.inDoubt) == nil)
        bench.verify()
    }

    @Test("no more than was received can be asked back, by however many")
    func bounded() {
        var bench = paid()
        for _ in 1...5 { bench.command(.refund(amount: 100)) }
        #expect(bench.requests(.refund).reduce(0) { $0 + $1.amount } == 300)
        #expect(bench.command(.refund(amount: 1)).isRefused)
        #expect(bench.command(.refund(amount: -1)).isRefused)
        bench.verify()
    }

    @Test("a refund of the gateway's own counts; more than was captured waits for the capture")
    func unasked() {
        var bench = paid()
        bench.feed(bench.paying(.refunded, "web/1", 20, reference: "x"))
        #expect(bench.money().refunded == 20)
        #expect(bench.feed(bench.paying(.refunded, "web/1", 301, reference: "y")).isParked)
        bench.feed(bench.paying(.captured, "web/1", 100, reference: "2"))
        #expect(bench.money().refunded == 321)
        bench.verify()
    }

    @Test("a staff refund after shipping does not keep the order from completing")
    func goodwill() {
        var bench = paid()
        bench.command(.refund(amount: 20))
        bench.deliver()
        #expect(bench.status() == .completed)
        bench.verify()
    }

    @Test("split payments go back newest first")
    func newestFirst() {
        var bench = Bench()
        bench.place("web/1", [.of("A", 3, at: 100)])
        bench.pay(100, "web/1", "T1")
        bench.pay(150, "web/1", "T2")
        bench.fire(.paymentTimeout)
        #expect(bench.requests(.refund).map(\.transaction) == ["T2", "T1"])
        #expect(bench.requests(.refund).map(\.amount) == [150, 100])
        bench.verify()
    }
}
