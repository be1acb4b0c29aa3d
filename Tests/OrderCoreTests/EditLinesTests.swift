import OrderCore
import OrderSimulator
import Testing

@Suite("Other lines before hand-over")
struct EditLinesTests {
    private func placed() -> Bench {
        var bench = Bench(stock: ["A": 10])
        bench.receive("B", "N", 10)
        bench.place("web/1", [.of("A", 2, at: 100)]) {
            $0.claimed.shipping = 10
            $0.claimed.discount = 20
            $0.claimedPayable = 190
        }
        return bench
    }

    @Test("quantity, price and lines change: payable and shares are computed again, the reservation follows")
    func edited() {
        var bench = placed()
        let edits = [
            LineEdit(line: 1, quantity: 3, unitPrice: 90), LineEdit(line: 2, quantity: 1, sku: "B", unitPrice: 50),
        ]
        #expect(bench.command(.editLines(edits)) == .done(note: "310 is payable"))
        #expect(bench.state()?.order.due == 310)
        #expect(bench.stock("A").reserved == 3)
        #expect(bench.stock("B").reserved == 1)
        #expect(bench.count("order.edited") == 1)
        #expect(bench.status() == .awaitingPayment)
        bench.pay(310)
        #expect(bench.status() == .released)
        bench.ship()
        #expect(bench.line(1)?.shipped == 3)
        bench.verify()
    }

    @Test("what a person let go is looked at again once its lines are others")
    func reviewedAgain() {
        var bench = placed()
        let dear = RuleCondition.order(.payable, .within(150...Int64.max))
        bench.follow([Rule.made("dear", .review, dear, .hold(.highValue, detail: "dear"))])
        bench.pay(190)
        #expect(bench.holds() == [.highValue])
        bench.command(.hold(detail: "wait"))
        bench.command(.release(.highValue))
        bench.command(.editLines([LineEdit(line: 1, quantity: 9)]))
        bench.pay(700, "web/1", "T2")
        bench.command(.release(.manual))
        #expect(bench.holds() == [.highValue])
        bench.command(.release(.highValue))
        #expect(bench.status() == .released)
        bench.verify()
    }

    @Test("a line is taken off; the last one is not: that is a cancel of the order")
    func takenOff() {
        var bench = placed()
        bench.command(.editLines([LineEdit(line: 2, quantity: 2, sku: "B", unitPrice: 50)]))
        #expect(bench.command(.editLines([LineEdit(line: 1, quantity: 0)])) == .done(note: "90 is payable"))
        #expect(bench.stock("A").reserved == 0)
        let last = bench.command(.editLines([LineEdit(line: 2, quantity: 0)]))
        #expect(last == .refused("nothing would be left: cancel the order instead"))
        bench.pay(90)
        bench.ship()
        #expect(bench.status() == .shipped)
        bench.verify()
    }

    @Test("what can't be reserved, sold or paid is refused, and the order is as it was")
    func impossible() {
        var bench = placed()
        for edit in [
            LineEdit(line: 1, quantity: 11), LineEdit(line: 2, quantity: 1, sku: "unknown", unitPrice: 5),
            LineEdit(line: 2, quantity: 1, sku: "B"), LineEdit(line: 1, quantity: 1, sku: "B"),
            LineEdit(line: 1, quantity: 1, unitPrice: 5),
            LineEdit(line: 1, quantity: Limits.quantity, unitPrice: Limits.amountMinor),
        ] {
            #expect(bench.command(.editLines([edit])).isRefused, "\(edit)")
        }
        #expect(bench.stock("A").reserved == 2)
        #expect(bench.state()?.order.payable == 190)
        bench.verify()
    }

    /// Paid in full, and held.
    private func paid(_ policy: (inout StorePolicy) -> Void = { _ in }) -> Bench {
        var bench = Bench(policy, stock: ["A": 10])
        bench.place("web/1", [.of("A", 2, at: 100)])
        bench.command(.hold(detail: "wait"))
        bench.pay(200)
        return bench
    }

    @Test("more after payment: the shop hears what is missing, and nothing is handed over before it is paid")
    func extraPayment() {
        var bench = paid()
        #expect(bench.command(.editLines([LineEdit(line: 1, quantity: 3)])) == .done(note: "300 is payable"))
        #expect(bench.holds() == [.manual, .paymentLost])
        #expect(bench.count("payment.insufficient") == 1)
        bench.command(.release(.manual))
        #expect(bench.status() == .awaitingRelease)
        bench.pay(60, "web/1", "T2")
        #expect(bench.status() == .awaitingRelease)
        bench.pay(40, "web/1", "T3")
        #expect(bench.status() == .released)
        #expect(bench.timer(.paymentTimeout) == nil)
        bench.ship()
        bench.deliver()
        #expect(bench.money().received == 300)
        #expect(bench.requests(.refund).isEmpty)
        bench.verify()
    }

    @Test("edited back it goes on with what was paid; and what came for the edit meanwhile goes back")
    func editedBack() {
        for extra in [0, 60] as [Int64] {
            var bench = paid()
            bench.command(.editLines([LineEdit(line: 1, quantity: 3)]))
            if extra > 0 { bench.pay(extra, "web/1", "T2") }
            bench.command(.editLines([LineEdit(line: 1, quantity: 2)]))
            #expect(bench.holds() == [.manual])
            #expect(bench.requests(.refund).map(\.amount) == (extra > 0 ? [extra] : []))
            bench.command(.release(.manual))
            #expect(bench.status() == .released)
            bench.verify()
        }
    }

    @Test("not paid in time, the order is cancelled and all of its money goes back")
    func extraNotPaid() {
        var bench = paid()
        bench.command(.editLines([LineEdit(line: 1, quantity: 3)]))
        bench.command(.release(.manual))
        bench.fire(.paymentTimeout)
        #expect(bench.status() == .cancelled)
        #expect(bench.requests(.refund).map(\.amount) == [200])
        #expect(bench.stock("A").reserved == 0)
        bench.verify()
    }

    @Test("less after payment: the difference goes back at once")
    func lessAfterPayment() {
        var bench = paid()
        bench.command(.editLines([LineEdit(line: 1, quantity: 1)]))
        #expect(bench.holds() == [.manual])
        #expect(bench.requests(.refund).map(\.amount) == [100])
        #expect(bench.count("payment.insufficient") == 0)
        bench.verify()
    }

    @Test("more than is authorised: another authorisation is waited for, and both are captured")
    func extraAuthorisation() {
        var bench = Bench({ $0.capture = .onRelease }, stock: ["A": 10])
        bench.place("web/1", [.of("A", 2, at: 100)])
        bench.command(.hold(detail: "wait"))
        bench.feed(bench.paying(.authorized, "web/1", 200, "T1"))
        bench.command(.editLines([LineEdit(line: 1, quantity: 3)]))
        bench.command(.release(.manual))
        #expect(bench.holds() == [.paymentLost])
        bench.feed(bench.paying(.authorized, "web/1", 100, "T2"))
        #expect(bench.status() == .released)
        #expect(bench.requests(.capture).map(\.amount) == [200, 100])
        bench.verify()
    }

    @Test("what is with a warehouse, and what a partner has sold, is not edited")
    func tooLate() {
        var bench = placed()
        bench.pay(190)
        #expect(bench.command(.editLines([LineEdit(line: 1, quantity: 1)])).isRefused)
        bench.place("tm/1", [.of("B", 1, at: 5)])
        #expect(bench.command(.editLines([LineEdit(line: 1, quantity: 2)]), "tm/1").isRefused)
        bench.verify()
    }

    @Test("an order that is held for its lines is mended by other lines")
    func mended() {
        var bench = Bench { $0.onInvalid = .hold }
        bench.place("web/1", [.of("A", 1, at: 100), .of("unknown", 1, at: 5)])
        #expect(bench.holds() == [.unknownSKU])
        #expect(bench.command(.editLines([LineEdit(line: 2, quantity: 0)])) == .done(note: "100 is payable"))
        #expect(bench.holds().isEmpty)
        #expect(bench.stock("A").reserved == 1)
        bench.verify()
    }

    @Test(
        "an order that waits for stock keeps what it has: an edit after which that can't be reserved again is refused")
    func waiting() {
        var bench = Bench({ $0.allowsSplitBackorders = true }, stock: ["A": 2, "B": 1])
        bench.place("web/1", [.of("A", 2, at: 100), .of("B", 5, at: 10)])
        #expect(bench.holds() == [.outOfStock])
        let before = bench.state()?.fulfilments.all.map(\.id)
        for edit in [
            LineEdit(line: 3, quantity: 1, sku: "unknown", unitPrice: 5), LineEdit(line: 1, quantity: 3),
        ] {
            #expect(bench.command(.editLines([edit])).isRefused, "\(edit)")
            #expect(bench.stock("A").reserved == 2)
            #expect(bench.holds() == [.outOfStock])
        }
        #expect(bench.state()?.fulfilments.all.map(\.id) == before)
        #expect(bench.command(.editLines([LineEdit(line: 2, quantity: 1)])) == .done(note: "210 is payable"))
        #expect(bench.holds().isEmpty)
        #expect(bench.stock("A").reserved == 2)
        bench.verify()
    }
}
