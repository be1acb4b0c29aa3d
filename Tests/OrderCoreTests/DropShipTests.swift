import OrderCore
import OrderSimulator
import Testing

@Suite("Suppliers who ship themselves, and what travels apart")
struct DropShipTests {
    /// `S` is the supplier Li's, who supplies `B`; he tells its stock like anybody else.
    private func bench(_ action: SourceAction = .everywhere, stock: Int64 = 5) -> Bench {
        var bench = Bench(stock: ["A": 5, "B": 5])
        bench.receive("A", "S", 5)
        if stock > 0 { bench.receive("B", "S", stock) }
        bench.set.reference.products["B"]?.supplier = "li"
        bench.follow(action) { $0.warehouses["S", default: WarehouseRule()].supplier = "li" }
        return bench
    }

    private func parts(_ bench: Bench, _ number: String = "tm/1") -> [String] {
        bench.state(number)?.fulfilments.all.map { part in
            let lines = bench.state(number)?.lines(of: part.id).map { String($0.key.line) } ?? []
            return part.warehouse + " " + lines.joined(separator: ",")
        } ?? []
    }

    @Test("what he supplies comes from his warehouse alone, all else never does; each has its part before payment")
    func apart() {
        var bench = bench()
        bench.place("web/1", [.of("A", 1, at: 10), .of("B", 1, at: 10)])
        #expect(bench.status() == .awaitingPayment)
        #expect(parts(bench, "web/1") == ["N 1", "S 2"])
        bench.place("tm/1", [.of("A", 6, at: 10)])
        #expect(bench.holds("tm/1") == [.outOfStock])
        bench.verify()
    }

    @Test("a step that names warehouses of ours is for our goods alone")
    func named() {
        var bench = bench(.named(["N"]))
        bench.place("tm/1", [.of("B", 1, at: 10), .of("A", 1, at: 10)])
        #expect(parts(bench) == ["N 2", "S 1"])
        bench.verify()
    }

    @Test("where he has none the order is held, though we have some; staff may send it from there")
    func none() {
        var bench = bench(stock: 0)
        bench.place("tm/1", [.of("B", 1, at: 10)])
        #expect(bench.holds("tm/1") == [.noWarehouse])
        #expect(
            bench.state("tm/1")?.openHolds.first?.detail
                == "no warehouse of its supplier li gives B: S (keeps none) (rule places)")
        bench.verify()
        var other = self.bench()
        other.place("web/1", [.of("B", 1, at: 10)])
        other.command(.source(warehouse: "N"))
        #expect(parts(other, "web/1").last == "N 1")
        other.verify()
    }

    @Test("what he refuses goes to nobody else by itself")
    func refused() {
        var bench = bench()
        bench.place("tm/1", [.of("B", 1, at: 10)])
        bench.report(.rejected, "tm/1", from: "S", document: "R")
        bench.fire(.sourceAgain, "tm/1")
        #expect(parts(bench) == ["S 1"])
        #expect(bench.holds("tm/1") == [.warehouseRejected])
        bench.verify()
    }

    @Test("what can never travel together is split when the order is placed, before it is paid, and told so")
    func preSplit() {
        var bench = Bench(stock: ["A": 5, "B": 5])
        bench.set.reference.products["B"]?.temperature = "cold"
        bench.follow([.splitting(by: [.temperature])])
        bench.place("web/1", [.of("A", 1, at: 10), .of("B", 1, at: 10), .of("A", 1, at: 20)])
        #expect(bench.status() == .awaitingPayment)
        #expect(parts(bench, "web/1") == ["N 1,3", "N 2"])
        let told = bench.events.compactMap { event -> [EventPayload.OrderSummary.Part]? in
            if case .orderAccepted(let summary, _) = event.payload { summary.parts } else { nil }
        }.first
        #expect(told?.map { $0.lines.map(\.line) } == [[1, 3], [2]])
        bench.pay(40)
        #expect(parts(bench, "web/1") == ["N 1,3", "N 2"])
        #expect(bench.count("fulfilment.requested") == 2)
        bench.verify()
    }
}
