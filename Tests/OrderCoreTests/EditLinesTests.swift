import OrderCore
import OrderSimulator
import Testing

@Suite("Other lines before payment")
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

    @Test("after payment it says what to do instead")
    func paid() {
        var bench = placed()
        bench.command(.hold(detail: "wait"))
        bench.pay(190)
        guard case .refused(let text) = bench.command(.editLines([LineEdit(line: 1, quantity: 1)])) else {
            Issue.record("it was edited after payment")
            return
        }
        #expect(text.contains("cancel_lines"))
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
