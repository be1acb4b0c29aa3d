import OrderCore
import OrderSimulator
import Testing

@Suite("What is settled with a partner")
struct SettlementTests {
    /// Amounts and reasons of the reversals told of an order, in order.
    private func reversals(_ bench: Bench, _ number: String = "tm/1") -> [String] {
        bench.events.compactMap { event in
            guard case .settlementLine(let summary, let line) = event.payload, summary.order.number == number else {
                return nil
            }
            return "\(line.amount) \(line.reason)"
        }
    }

    private func released(_ policy: (inout StorePolicy) -> Void = { _ in }) -> Bench {
        var bench = Bench(policy)
        bench.place("tm/1", [.of("A", 2, at: 100), .of("B", 1, at: 50)]) { $0.claimed.shipping = 10 }
        return bench
    }

    @Test("a prepaid order that is cancelled before release is reversed as a whole, and no refund is asked for")
    func whole() {
        var bench = released { $0.releaseDelay = 60 }
        bench.ask(.cancel, "tm/1")
        bench.ask(.cancel, "tm/1", id: "2")
        #expect(bench.status("tm/1") == .cancelled)
        #expect(reversals(bench) == ["260 cancelled"])
        #expect(bench.requests(.refund, "tm/1").isEmpty)
        #expect(bench.events.last { $0.payload.name == "settlement.line" }?.deliveries.map(\.receiver) == ["finance"])
        bench.verify()
    }

    @Test("a part that a warehouse agrees to stop is reversed with that answer, the rest goes on")
    func part() {
        var bench = Bench(stock: ["A": 10])
        bench.receive("B", "S", 10)
        bench.place("tm/1", [.of("A", 2, at: 100), .of("B", 1, at: 50)]) { $0.claimed.shipping = 10 }
        bench.ask(.cancel, "tm/1")
        #expect(reversals(bench).isEmpty)
        bench.report(.cancelled, "tm/1", from: "N", document: "C1")
        bench.report(.cancelRefused, "tm/1", from: "S", document: "C2")
        bench.ship("P1", [:], "tm/1", from: "S")
        #expect(bench.status("tm/1") == .shipped)
        #expect(reversals(bench) == ["200 cancelled"])
        bench.verify()
    }

    @Test("short units are reversed step by step; when nothing is left, shipping too")
    func short() {
        var bench = released()
        bench.report(.short, "tm/1", [1: 1], document: "S1")
        #expect(reversals(bench) == ["100 short"])
        bench.report(.short, "tm/1", document: "S2")
        #expect(bench.status("tm/1") == .cancelled)
        #expect(reversals(bench) == ["100 short", "160 cancelled"])
        bench.verify()
    }

    @Test("what is held for being short is not reversed before it is cancelled")
    func held() {
        var bench = released { $0.onShort = .hold }
        bench.report(.short, "tm/1", [1: 1], document: "S1")
        #expect(reversals(bench).isEmpty)
        bench.verify()
    }

    @Test("orders of other terms, and rejected ones, are never reversed", arguments: [PaymentTerm.onAccount, .online])
    func others(term: PaymentTerm) {
        var bench = Bench { $0.releaseDelay = 60 }
        bench.place("tm/1", term: term)
        bench.ask(.cancel, "tm/1")
        bench.place("web/1", [.of("Z", 1, at: 10)], term: .prepaid)
        #expect(bench.status() == .rejected)
        #expect(reversals(bench).isEmpty)
        #expect(reversals(bench, "web/1").isEmpty)
        bench.verify()
    }

    @Test(
        "what came through a gateway is sent back there, and only the rest is reversed", arguments: [0, 100, 260, 300])
    func captured(amount: Int64) {
        var bench = released { $0.releaseDelay = 60 }
        if amount > 0 { bench.pay(amount, "tm/1") }
        bench.ask(.cancel, "tm/1")
        #expect(bench.requests(.refund, "tm/1").reduce(0) { $0 + $1.amount } == amount)
        #expect(reversals(bench) == (amount < 260 ? ["\(260 - amount) cancelled"] : []))
        bench.verify()
    }

    @Test("step by step: what a gateway brought above what is due goes back there, the rest of the step is reversed")
    func capturedSteps() {
        var bench = released()
        bench.pay(200, "tm/1")
        bench.report(.short, "tm/1", [1: 1], document: "S1")
        #expect(reversals(bench) == ["60 short"])
        #expect(bench.requests(.refund, "tm/1").map(\.amount) == [40])
        bench.report(.short, "tm/1", document: "S2")
        #expect(reversals(bench) == ["60 short"])
        #expect(bench.requests(.refund, "tm/1").map(\.amount) == [40, 160])
        bench.verify()
    }

    @Test("what was sent back or charged back before is not reversed as well", arguments: [true, false])
    func sentBack(isCharged: Bool) {
        var bench = released { $0.releaseDelay = 60 }
        bench.pay(100, "tm/1")
        if isCharged {
            bench.feed(bench.paying(.chargedBack, "tm/1", 100))
        } else {
            bench.command(.refund(amount: 100), "tm/1")
        }
        bench.ask(.cancel, "tm/1")
        #expect(reversals(bench) == ["160 cancelled"])
        #expect(bench.requests(.refund, "tm/1").count == (isCharged ? 0 : 1))
        bench.verify()
    }

    @Test("what comes through a gateway after the reversal is sent back; the reversal stands")
    func capturedLate() {
        var bench = released { $0.releaseDelay = 60 }
        bench.ask(.cancel, "tm/1")
        bench.pay(260, "tm/1")
        #expect(reversals(bench) == ["260 cancelled"])
        #expect(bench.requests(.refund, "tm/1").map(\.amount) == [260])
        bench.verify()
    }
}
