import OrderCore
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
}
