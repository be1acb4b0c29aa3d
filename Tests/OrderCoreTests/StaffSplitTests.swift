import OrderCore
import OrderSimulator
import Testing

@Suite("Parcels of their own")
struct StaffSplitTests {
    private func waiting() -> Bench {
        var bench = Bench(stock: ["A": 10])
        bench.receive("B", "N", 10)
        bench.place("web/1", [.of("A", 3, at: 100), .of("B", 1, at: 50)])
        return bench
    }

    private func split(_ line: Int64, _ quantity: Int64, of id: String? = nil) -> StaffCommand.Action {
        .split([LineQuantity(line: line, quantity: quantity)], fulfilment: id)
    }

    @Test("units of a part become one of their own, with their reservation and their carrier; no stock moves")
    func splitOff() {
        var bench = waiting()
        bench.command(.changeCarrier("sf", fulfilment: nil))
        let movements = bench.movements.count
        #expect(bench.command(split(1, 1)) == .done(note: "web/1-F2 is a parcel of its own"))
        #expect(bench.movements.count == movements)
        #expect(bench.stock("A").reserved == 3)
        #expect(bench.state()?.lines(of: "web/1-F2").map(\.reserved) == [1])
        #expect(bench.state()?.fulfilments.all.map(\.carrier) == ["sf", "sf"])
        bench.pay(350)
        #expect(bench.count("fulfilment.requested") == 2)
        bench.feed(bench.reporting(.shipped, parcel: "P1", fulfilment: "web/1-F1"))
        bench.feed(bench.reporting(.shipped, parcel: "P2", fulfilment: "web/1-F2"))
        #expect(bench.status() == .shipped)
        #expect(bench.line(1)?.shipped == 3)
        bench.verify()
    }

    @Test("all of a part, more than there is, another part's, or too late: refused, and nothing changes")
    func refused() {
        var bench = waiting()
        let all = StaffCommand.Action.split(
            [LineQuantity(line: 1, quantity: 3), LineQuantity(line: 2, quantity: 1)], fulfilment: nil)
        #expect(bench.command(all) == .refused("web/1-F1 is a parcel of its own already"))
        let tooMuch = bench.command(split(1, 4))
        #expect(tooMuch == .refused("no part that waits to be handed over carries all of them"))
        #expect(bench.command(split(1, 1, of: "web/1-F7")).isRefused)
        bench.pay(350)
        #expect(bench.command(split(1, 1)).isRefused)
        #expect(bench.state()?.fulfilments.all.count == 1)
        bench.verify()
    }
}
