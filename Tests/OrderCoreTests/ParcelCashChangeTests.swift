import OrderCore
import OrderSimulator
import Testing

@Suite("Another sum to be collected of one cash order in a parcel with others")
struct ParcelCashChangeTests {
    private func boarded(_ policy: (inout StorePolicy) -> Void = { _ in }) -> Bench {
        var bench = Bench.merging(policy)
        for number in 1...2 as ClosedRange<Int64> {
            bench.place("web/\(number)", [.of("A", number + 1, at: 100)], term: .cashOnDelivery) { $0.buyer = "li" }
        }
        bench.fire(.merge)
        return bench
    }

    @Test("units are cancelled: less is collected once its warehouse agrees", arguments: [true, false])
    func units(agrees: Bool) {
        var bench = boarded()
        bench.command(.cancelLines([LineQuantity(line: 1, quantity: 1)]), "web/2")
        bench.fire(.amendParcel)
        #expect(bench.amends.map(\.collect) == [400])
        bench.tellOfParcel(agrees ? .amended : .amendRefused, answering: "web/1-M1.2")
        #expect(bench.state("web/2")?.fulfilments.all.map(\.collect) == [agrees ? 200 : 300])
        #expect(bench.state("web/2")?.order.due == (agrees ? 200 : 300))
        bench.verify()
    }

    @Test("its warehouse is short of some: it is asked to have less collected, the lines as they are")
    func short() {
        for agrees in [true, false] {
            var bench = boarded { $0.onShort = .cancel }
            bench.tellOfParcel(
                .short, others: [OrderLines(orderNumber: "web/2", lines: [LineQuantity(line: 1, quantity: 1)])])
            bench.fire(.amendParcel)
            #expect(bench.amends.map(\.reason) == ["cash_changed"])
            #expect(bench.amends.map(\.collect) == [400])
            #expect(bench.amends.map { $0.lines.map(\.quantity) } == [[2, 2]])
            bench.tellOfParcel(agrees ? .amended : .amendRefused, answering: "web/1-M1.2")
            #expect(bench.state("web/2")?.fulfilments.all.map(\.collect) == [agrees ? 200 : 300])
            // Who has refused a sum is not asked for it again.
            #expect(bench.timer(.amendParcel, "web/1") == nil)
            bench.verify()
        }
    }
}
