import OrderCore
import OrderSimulator
import Testing

@Suite("What split rules let a parcel of several orders hold")
struct ParcelLimitTests {
    /// Orders wait for each other, and are split by these rules. `A` is 1 kg, 2 l and of no temperature, `B` is cold.
    private func world(_ splits: [(RuleCondition, SplitAction)]) -> Bench {
        var bench = Bench { $0.releaseDelay = 0 }
        bench.set.reference.products["A"]?.weight = 1_000
        bench.set.reference.products["A"]?.volume = 2_000
        bench.set.reference.products["B"]?.weight = 1_000
        bench.set.reference.products["B"]?.temperature = "cold"
        var merge = Rule("together", .merge)
        merge.actions = [.merge(windowSeconds: 3_600)]
        let rules = splits.enumerated().map { index, split in
            var rule = Rule("parcels-\(index)", .split)
            rule.condition = split.0
            rule.actions = [.split(split.1)]
            return rule
        }
        bench.follow([merge] + rules)
        return bench
    }

    private func split(_ edit: (inout SplitAction) -> Void) -> SplitAction {
        var split = SplitAction()
        edit(&split)
        return split
    }

    /// Of one buyer; each waits for a little longer than the one before.
    private func place(_ number: Int, _ lines: [OrderPlaced.Line], in bench: inout Bench) {
        bench.now = bench.now.adding(seconds: 600)
        bench.place("web/\(number)", lines, term: .onAccount) { $0.buyer = "li" }
    }

    /// Who travels with whom, by parcel.
    private func parcels(_ bench: Bench) -> [[String]] {
        bench.handOvers.map { [$0.fulfilment.orderNumber] + $0.others.map(\.orderNumber) }
            .sorted { $0[0] < $1[0] }
    }

    @Test(
        "whoever would make it too heavy, too large or too dear does not join",
        arguments: ["weight", "volume", "value"])
    func maxima(measure: String) {
        var bench = world([
            (
                .all([]),
                split {
                    switch measure {
                    case "weight": $0.maximumWeight = 3_000
                    case "volume": $0.maximumVolume = 6_500
                    default: $0.maximumValue = 350
                    }
                }
            )
        ])
        for (number, units) in [(1, 2), (2, 2), (3, 1)] as [(Int, Int64)] {
            place(number, [.of("A", units, at: 100)], in: &bench)
        }
        bench.fire(.merge)
        #expect(parcels(bench) == [["web/1", "web/3"]])
        // It had not waited for its time, and nobody it can go with goes.
        #expect(bench.status("web/2") == .awaitingRelease)
        bench.fire(.merge, "web/2")
        #expect(parcels(bench) == [["web/1", "web/3"], ["web/2"]])
        bench.verify()
    }

    @Test("the maxima of each order hold for all that travels with it")
    func ofEach() {
        let small = RuleCondition.order(.payable, .within(150...150))
        var bench = world([(small, split { $0.maximumWeight = 3_000 })])
        for (number, units) in [(1, 3), (2, 1), (3, 5)] as [(Int, Int64)] {
            place(number, [.of("A", units, at: number == 2 ? 150 : 100)], in: &bench)
        }
        bench.fire(.merge)
        #expect(parcels(bench) == [["web/1", "web/3"]])
        bench.verify()
    }

    @Test("what can't travel together within an order does not travel with that of another either")
    func kinds() {
        var bench = world([(.all([]), split { $0.criteria = [.temperature] })])
        for (number, sku) in ["A", "B", "A", "B"].enumerated() {
            place(number + 1, [.of(sku, 1, at: 100)], in: &bench)
        }
        bench.fire(.merge)
        #expect(parcels(bench) == [["web/1", "web/3"]])
        bench.fire(.merge, "web/2")
        #expect(parcels(bench) == [["web/1", "web/3"], ["web/2", "web/4"]])
        bench.verify()
    }

    @Test("staff can't put together what is too much for one parcel")
    func byStaff() {
        var bench = world([(.all([]), split { $0.maximumWeight = 3_000 })])
        for (number, units) in [(1, 2), (2, 2), (4, 1)] as [(Int, Int64)] {
            place(number, [.of("A", units, at: 100)], in: &bench)
        }
        let outcome = bench.command(.merge(with: ["web/2"]), "web/1")
        #expect(outcome == .refused("split rules don't let one parcel hold all of it"))
        #expect(bench.command(.merge(with: ["web/4"]), "web/1").isDone)
        bench.fire(.merge, "web/1")
        #expect(parcels(bench) == [["web/1", "web/4"]])
        bench.verify()
    }
}
