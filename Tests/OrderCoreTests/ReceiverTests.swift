import OrderCore
import OrderSimulator
import Testing

@Suite("Another receiver before hand-over")
struct ReceiverTests {
    /// N ships where everyone lives, S everywhere else.
    private func bench() -> Bench {
        var bench = Bench()
        bench.receive("A", "S", 50)
        bench.set.reference.warehouses["N"]?.areas = ["杭州"]
        bench.place()
        return bench
    }

    @Test("in another area it is sourced afresh, from the warehouse that ships there")
    func moved() {
        var bench = bench()
        #expect(bench.stock("A").reserved == 2)
        #expect(bench.command(.editReceiver(.someoneElse)) == .done)
        #expect(bench.stock("A").reserved == 0)
        #expect(bench.stock("A", "S").reserved == 2)
        bench.pay(200)
        #expect(bench.status() == .released)
        bench.verify()
    }

    @Test("at another address of the same area it stays where it is")
    func stays() {
        var bench = bench()
        var neighbour = Receiver.someone
        neighbour.address = "Next door"
        #expect(bench.command(.editReceiver(neighbour)) == .done)
        #expect(bench.state()?.fulfilments.all.count == 1)
        #expect(bench.stock("A").reserved == 2)
        bench.verify()
    }

    @Test("where no warehouse that has it ships there, it is refused, and nothing changes")
    func nowhere() {
        var bench = bench()
        bench.set.reference.warehouses["S"]?.isActive = false
        let outcome = bench.command(.editReceiver(.someoneElse))
        #expect(
            outcome == .refused("no warehouse that has all of it ships there: cancel what it has not, or the order"))
        #expect(bench.state()?.contact.all.first?.receiver == .someone)
        #expect(bench.stock("A").reserved == 2)
        bench.verify()
    }

    @Test("lines that wait for stock don't keep what is reserved in a warehouse that does not ship there")
    func waiting() {
        var bench = Bench { $0.allowsSplitBackorders = true }
        bench.receive("A", "S", 50)
        bench.set.reference.warehouses["N"]?.areas = ["杭州"]
        bench.place("web/1", [.of("A", 2, at: 100), .of("B", 200, at: 1)])
        #expect(bench.holds() == [.outOfStock])
        #expect(bench.command(.editReceiver(.someoneElse)) == .done)
        #expect(bench.stock("A").reserved == 0)
        #expect(bench.stock("A", "S").reserved == 2)
        bench.command(.editReceiver(.someone))
        bench.set.reference.warehouses["S"]?.isActive = false
        #expect(bench.stock("A").reserved == 2)
        #expect(bench.command(.editReceiver(.someoneElse)).isRefused)
        #expect(bench.stock("A").reserved == 2)
        bench.verify()
    }

    @Test("what was made to order goes from where it was made: an area that is not served from there is refused")
    func made() {
        var bench = Bench()
        bench.set.reference.warehouses["N"]?.areas = ["杭州"]
        bench.place("web/1", [.of("A", 1, at: 10), .of("M", 1, at: 10)], term: .onAccount)
        bench.command(.hold(detail: "wait"))
        bench.produce(2, 1)
        #expect(bench.status() == .awaitingRelease)
        let outcome = bench.command(.editReceiver(.someoneElse))
        #expect(outcome == .refused("N does not ship there, and what was made to order is where it was made"))
        #expect(bench.state()?.contact.all.first?.receiver == .someone)
        bench.verify()
    }
}
