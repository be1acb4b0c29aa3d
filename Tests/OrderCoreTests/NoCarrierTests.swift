import OrderCore
import OrderSimulator
import Testing

@Suite("A part without a carrier")
struct NoCarrierTests {
    private let southern = Rule.made("southern", .carrier, .order(.warehouse, .isIn(["S"])), .carrier("sf"))

    /// An order that is held, as no rule has a carrier for its warehouse `N`.
    private func held() -> Bench {
        var bench = Bench()
        bench.receive("A", "S", 50)
        bench.follow([southern])
        bench.place(term: .onAccount)
        return bench
    }

    @Test("once a rule has one, it goes on when it is looked at again")
    func published() {
        var bench = held()
        #expect(bench.holds() == [.noCarrier])
        bench.follow([southern, Rule.made("usual", .carrier, .all([]), .carrier("yto"))])
        bench.command(.retry)
        #expect(bench.holds().isEmpty)
        #expect(bench.handOvers.map(\.fulfilment.carrier) == ["yto"])
        bench.verify()
    }

    @Test("moved to a warehouse that has one, it goes on")
    func moved() {
        var bench = held()
        bench.command(.source(warehouse: "S"))
        #expect(bench.holds().isEmpty)
        #expect(bench.handOvers.map(\.fulfilment.carrier) == ["sf"])
        bench.verify()
    }

    @Test("with a receiver for whom a rule has one, it goes on")
    func edited() {
        var bench = Bench()
        bench.follow([Rule.made("near", .carrier, .order(.city, .isIn(["Elsewhere"])), .carrier("sf"))])
        bench.place(term: .onAccount)
        #expect(bench.holds() == [.noCarrier])
        bench.command(.editReceiver(.someoneElse))
        #expect(bench.holds().isEmpty)
        #expect(bench.status() == .released)
        bench.verify()
    }

    @Test("carriers are no matter of rules any more: the warehouse chooses")
    func withoutRules() {
        var bench = held()
        bench.follow([])
        bench.command(.retry)
        #expect(bench.holds().isEmpty)
        #expect(bench.handOvers.map(\.fulfilment.carrier) == [nil])
        bench.verify()
    }

    @Test("its hold ends with its part, whatever else the order is held for")
    func ended() {
        var bench = held()
        bench.command(.hold(detail: "wait"))
        bench.command(.source(warehouse: "S"))
        #expect(bench.holds() == [.manual])
        bench.verify()
    }

    @Test("staff may choose any carrier that the rules know and that goes there; a slip of the pen is not told on")
    func slips() {
        var bench = held()
        bench.follow([southern]) {
            $0.carriers["sf"] = CarrierRule()
            $0.carriers["yto", default: CarrierRule()].excluded = ["杭州"]
        }
        let unknown = bench.command(.changeCarrier("fs", fulfilment: nil))
        #expect(unknown == .refused("the rules know no carrier fs; there are: sf, yto"))
        let routeless = bench.command(.changeCarrier("yto", fulfilment: nil))
        #expect(routeless == .refused("yto has no route to the receiver"))
        #expect(bench.handOvers.isEmpty)
        #expect(bench.command(.changeCarrier("sf", fulfilment: nil)) == .done)
        #expect(bench.handOvers.map(\.fulfilment.carrier) == ["sf"])
        bench.verify()
    }
}
