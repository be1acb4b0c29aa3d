import OrderCore
import OrderSimulator
import Testing

@Suite("What travels apart is told")
struct PartsApartTests {
    private func bench(_ policy: (inout StorePolicy) -> Void = { _ in }, stock: [String: Int64]) -> Bench {
        var bench = Bench(policy, stock: stock)
        bench.set.reference.products["B"]?.temperature = "cold"
        bench.follow([.splitting(by: [.temperature])])
        return bench
    }

    /// What the shop was told last, as `F1: 1×2`; nil where nothing of the kind was told.
    private func told(_ bench: Bench, _ number: String = "web/1") -> [String]? {
        summaries(bench, number).last?.parts.map { part in
            let lines = part.lines.map { "\($0.line)×\($0.quantity)" }
            return "\(part.fulfilment.suffix(2)): \(lines.joined(separator: " "))"
        }
    }

    private func summaries(_ bench: Bench, _ number: String = "web/1") -> [EventPayload.OrderSummary] {
        bench.events.filter { $0.orderNumber == number }.compactMap { event in
            switch event.payload {
            case .orderAccepted(let summary, _), .orderEdited(let summary): summary
            default: nil
            }
        }
    }

    @Test("other lines make other parts: the edit tells them, once; all in one parcel again, it tells none")
    func edited() {
        var bench = bench(stock: ["A": 9, "B": 9])
        bench.place("web/1", [.of("A", 1, at: 100)])
        #expect(told(bench) == [])
        bench.command(.editLines([LineEdit(line: 2, quantity: 2, sku: "B", unitPrice: 50)]))
        #expect(told(bench) == ["F2: 1×1", "F3: 2×2"])
        bench.command(.editLines([LineEdit(line: 2, quantity: 0)]))
        #expect(told(bench) == [])
        #expect(bench.count("order.edited") == 2)
        bench.verify()
    }

    @Test("a parcel of its own by staff, and units that are cancelled before the hand-over")
    func split() {
        var bench = bench(stock: ["A": 9, "B": 9])
        bench.place("web/1", [.of("A", 3, at: 100), .of("B", 1, at: 50)])
        bench.command(.split([LineQuantity(line: 1, quantity: 1)], fulfilment: nil))
        #expect(told(bench) == ["F1: 1×2", "F2: 2×1", "F3: 1×1"])
        bench.command(.note("nothing changes"))
        bench.command(.cancelLines([LineQuantity(line: 2, quantity: 1)]))
        #expect(told(bench) == ["F1: 1×2", "F3: 1×1"])
        #expect(bench.count("order.edited") == 2)
        #expect(summaries(bench).last?.parts.map(\.worth.payable) == [200, 100])
        bench.verify()
    }

    @Test("goods that waited are reserved later: the shop hears of the parts that there are then")
    func later() {
        var bench = bench({ $0.allowsSplitBackorders = true }, stock: ["A": 9])
        bench.place("web/1", [.of("A", 1, at: 100), .of("B", 1, at: 50)])
        #expect(told(bench) == [])
        bench.receive("B", "N", 5)
        bench.command(.retry)
        #expect(told(bench) == ["F1: 1×1", "F2: 2×1"])
        bench.verify()
    }

    @Test("after the hand-over a part more is told; what warehouses say of theirs is not")
    func handedOver() {
        var bench = bench(stock: ["A": 9, "B": 9])
        bench.receive("B", "S", 9)
        bench.place("web/1", [.of("A", 1, at: 100), .of("B", 1, at: 50)])
        bench.pay(150)
        bench.feed(bench.reporting(.shipped, parcel: "P1", fulfilment: "web/1-F1"))
        bench.feed(bench.reporting(.rejected, fulfilment: "web/1-F2", document: "R"))
        #expect(bench.count("order.edited") == 0)
        bench.command(.retry)
        #expect(told(bench) == ["F1: 1×1", "F3: 2×1"])
        #expect(bench.count("order.edited") == 1)
        bench.feed(bench.reporting(.shipped, parcel: "P2", fulfilment: "web/1-F3"))
        bench.deliver()
        #expect(bench.count("order.edited") == 1)
        bench.verify()
    }

    @Test("parts tell what they are worth, to the cent of what is payable; carriers of a cash order collect the same")
    func worth() {
        for term in [PaymentTerm.online, .cashOnDelivery] {
            var bench = bench({ $0.releaseDelay = 60 }, stock: ["A": 9, "B": 9])
            bench.place("web/1", [.of("A", 2, at: 100), .of("B", 1, at: 101)], term: term) {
                $0.claimed.discount = 20
                $0.claimed.shipping = 10
                $0.claimed.tax = 7
            }
            let parts = summaries(bench).last?.parts ?? []
            let worths = parts.map { [$0.worth.goods, $0.worth.tax, $0.worth.shipping, $0.worth.payable] }
            #expect(worths == [[186, 5, 7, 198], [95, 2, 3, 100]])
            #expect(parts.map(\.collect) == (term == .online ? [nil, nil] : [198, 100]))
            bench.verify()
        }
    }

    @Test("what is delivered by an event has no part: with it they sum to what is payable")
    func virtual() {
        var bench = bench(stock: ["A": 9, "B": 9])
        bench.place("web/1", [.of("A", 1, at: 100), .of("B", 1, at: 60), .of("V", 1, at: 40)]) {
            $0.claimed.shipping = 8
        }
        #expect(summaries(bench).last?.parts.map(\.worth.payable) == [105, 63])
        bench.verify()
    }
}
