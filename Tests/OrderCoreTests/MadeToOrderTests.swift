import OrderCore
import OrderSimulator
import Testing

@Suite("What was made to order, sourced again")
struct MadeToOrderTests {
    @Test("asked back beside a line whose stock was lost, it is handed over again when that is sourced elsewhere")
    func askedBack() {
        var bench = Bench(stock: ["A": 3])
        bench.place("web/1", [.of("A", 3, at: 10), .of("M", 2, at: 10)], term: .onAccount)
        bench.produce(2, 2)
        #expect(bench.status() == .released)
        bench.count("A", "N", 0)
        bench.runTakeAways()
        bench.report(.cancelled)
        #expect(bench.holds() == [.stockLost])
        bench.receive("A", "S", 3)
        bench.command(.retry)
        #expect(bench.holds().isEmpty)
        #expect(bench.status() == .released)
        bench.ship("P1", [:], from: "S")
        bench.ship("P2", [:], from: "N")
        #expect(bench.status() == .shipped)
        bench.verify()
    }

    @Test("short of what was made, a part that is rejected is not sourced again without it: people end the order")
    func shortAfterRejection() {
        var bench = Bench { $0.onShort = .hold }
        bench.place("web/1", [.of("M", 2, at: 10)], term: .onAccount)
        bench.produce(1, 2)
        bench.report(.rejected)
        bench.report(.short, [1: 1], document: "D")
        #expect(bench.holds() == [.shortShipped, .warehouseRejected])
        #expect(bench.command(.retry).isRefused)
        #expect(bench.command(.override(nil)).isRefused)
        #expect(bench.holds() == [.shortShipped, .warehouseRejected])
        bench.command(.cancel)
        #expect(bench.status() == .cancelled)
        bench.verify()
    }
}
