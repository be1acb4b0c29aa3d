import OrderCore
import OrderSimulator
import Testing

@Suite("Splitting by rules")
struct SplitRuleTests {
    private func bench(
        _ policy: (inout StorePolicy) -> Void = { _ in }, _ change: (inout SplitAction) -> Void
    ) -> Bench {
        var bench = Bench(policy, stock: ["A": 1_000, "B": 1_000, "C": 1_000])
        var action = SplitAction()
        change(&action)
        var rule = Rule("apart", .split)
        rule.actions = [.split(action)]
        bench.follow([rule])
        return bench
    }

    /// What each fulfilment carries, by line.
    private func parcels(_ bench: Bench, _ number: String = "tm/1") -> [[Int64: Int64]] {
        guard let state = bench.state(number) else { return [] }
        return state.fulfilments.all.map { fulfilment in
            state.lines(of: fulfilment.id).reduce(into: [:]) { $0[$1.key.line] = $1.quantity }
        }
    }

    private func collects(_ bench: Bench) -> [Int64] {
        bench.events.compactMap { event in
            if case .fulfilmentRequested(let request) = event.payload { request.collect } else { nil }
        }
    }

    @Test("supplier, temperature and pre-sale day keep lines apart; the same of each travel together")
    func criteria() {
        var bench = bench { $0.criteria = [.supplier, .temperature, .presale] }
        bench.set.reference.products["B"]?.temperature = "frozen"
        bench.place("tm/1", [.of("A", 1, at: 10), .of("B", 1, at: 10), .of("C", 2, at: 10), .of("B", 3, at: 10)])
        #expect(parcels(bench) == [[1: 1, 3: 2], [2: 1, 4: 3]])
        #expect(bench.journal.first?.why.contains("2 parcels from N (rule apart, v12)") == true)
        bench.set.reference.products["C"]?.supplier = "Li & Co"
        bench.place("tm/2", [.of("A", 1, at: 10), .of("B", 1, at: 10), .of("C", 2, at: 10)])
        #expect(parcels(bench, "tm/2") == [[1: 1], [2: 1], [3: 2]])
        bench.set.reference.products["C"]?.supplier = nil
        bench.set.reference.products["C"]?.presaleUntil = bench.now.adding(seconds: 10 * 86_400)
        bench.place("tm/3", [.of("A", 1, at: 10), .of("C", 2, at: 10)])
        #expect(parcels(bench, "tm/3") == [[1: 1], [2: 2]])
        bench.set.reference.products["C"]?.presaleUntil = bench.now
        bench.place("tm/4", [.of("A", 1, at: 10), .of("C", 2, at: 10)])
        #expect(parcels(bench, "tm/4") == [[1: 1, 2: 2]])
        bench.verify()
    }

    @Test("without a rule that matches nothing is split")
    func unsplit() {
        var bench = bench { $0.maximumWeight = 1 }
        bench.set.reference.products["A"]?.weight = 1
        var rule = Rule("others", .split)
        rule.condition = .order(.kind, .isIn(["internal"]))
        rule.actions = bench.set.reference.rules.set.rules[0].actions
        bench.follow([rule])
        bench.place("tm/1", [.of("A", 3, at: 10)])
        #expect(parcels(bench) == [[1: 3]])
        bench.verify()
    }

    @Test("maximum weight, volume and value; units of a line are spread, each parcel is handed over and shipped alone")
    func maxima() {
        var bench = bench {
            $0.maximumWeight = 1_000
            $0.maximumVolume = 100
            $0.maximumValue = 500
        }
        bench.set.reference.products["A"]?.weight = 400
        bench.set.reference.products["B"]?.volume = 51
        bench.place("tm/1", [.of("A", 3, at: 10), .of("B", 2, at: 10), .of("C", 1, at: 501)])
        #expect(parcels(bench) == [[3: 1], [2: 1, 1: 2], [2: 1, 1: 1]])
        #expect(bench.count("fulfilment.requested", "tm/1") == 3)
        #expect(bench.stock("A").reserved == 3)
        bench.feed(bench.reporting(.shipped, "tm/1", parcel: "P1", fulfilment: "tm/1-F2"))
        #expect(bench.status("tm/1") == .partiallyShipped)
        #expect(bench.line(1, "tm/1")?.shipped == 2)
        bench.ship("P2", [3: 1], "tm/1")
        bench.ship("P3", [1: 1, 2: 1], "tm/1")
        #expect(bench.state("tm/1")?.fulfilments.all.map(\.state) == [.shipped, .shipped, .shipped])
        bench.verify()
    }

    @Test("made to order and from stock travel apart by type; what is produced later joins what it may travel with")
    func produced() {
        for splitsType in [true, false] {
            var bench = bench { if splitsType { $0.criteria = [.type] } else { $0.maximumWeight = 10 } }
            bench.set.reference.products["M"]?.weight = 4
            bench.place("web/1", [.of("A", 1, at: 10), .of("M", 3, at: 10)], term: .onAccount)
            bench.produce(2, 1, document: "1")
            bench.produce(2, 2, document: "2")
            #expect(bench.status() == .released)
            #expect(parcels(bench, "web/1") == (splitsType ? [[1: 1], [2: 3]] : [[1: 1, 2: 2], [2: 1]]))
            bench.verify()
        }
    }

    @Test("a part of more parcels than anyone means is left to its warehouse, split by its criteria alone")
    func tooMany() {
        var bench = bench {
            $0.maximumWeight = 1
            $0.criteria = [.temperature]
        }
        bench.set.reference.products["A"]?.weight = 1
        bench.set.reference.products["B"]?.temperature = "frozen"
        bench.place("tm/1", [.of("A", 201, at: 1), .of("B", 1, at: 1)])
        #expect(parcels(bench) == [[1: 201], [2: 1]])
        bench.verify()
    }

    @Test("a rejected parcel is sourced and split anew; the other goes on")
    func rejected() {
        var bench = bench { $0.maximumWeight = 2 }
        bench.set.reference.products["A"]?.weight = 1
        bench.receive("A", "S", 9)
        bench.place("tm/1", [.of("A", 4, at: 10)])
        bench.feed(bench.reporting(.rejected, "tm/1", fulfilment: "tm/1-F1", document: "R"))
        bench.command(.retry, "tm/1")
        #expect(parcels(bench) == [[1: 2], [1: 2], [1: 2]])
        #expect(bench.state("tm/1")?.fulfilments.all.map(\.warehouse) == ["N", "N", "S"])
        bench.verify()
    }

    @Test("two parcels of a cash order collect it once, to the cent, shipping included")
    func cash() {
        var bench = bench({ $0.releaseDelay = 60 }) { $0.maximumWeight = 1 }
        bench.set.reference.products["A"]?.weight = 1
        bench.place("web/1", [.of("A", 3, at: 33)], term: .cashOnDelivery) {
            $0.claimed.shipping = 10
            $0.claimed.discount = 1
        }
        bench.fire(.releaseDelay)
        #expect(collects(bench) == [37, 36, 35])
        bench.verify()
    }

    @Test(
        "two warehouses of a cash order collect it once; sourced again, the new part collects what the old one would have"
    )
    func cashOfTwo() {
        var bench = Bench(stock: ["A": 5])
        bench.receive("B", "S", 5)
        bench.set.reference.warehouses["X"] = Warehouse(code: "X")
        bench.receive("B", "X", 5)
        bench.place("web/1", [.of("A", 1, at: 100), .of("B", 1, at: 51)], term: .cashOnDelivery)
        #expect(collects(bench) == [100, 51])
        bench.ship()
        bench.report(.rejected, from: "S", document: "R")
        bench.pay(100)
        bench.command(.retry)
        #expect(collects(bench) == [100, 51, 51])
        bench.verify()
    }

    @Test("parts sum to the order in lines, quantities and money", arguments: 0..<20 as Range<UInt64>)
    func sums(block: UInt64) {
        for seed in block * 25..<(block + 1) * 25 {
            var random = SeededGenerator(seed: seed)
            func chance() -> Bool { Bool.random(using: &random) }
            var bench = bench { action in
                if chance() { action.criteria.insert(.temperature) }
                if chance() { action.maximumWeight = .random(in: 1...20, using: &random) }
                if chance() { action.maximumVolume = .random(in: 1...20, using: &random) }
                if chance() { action.maximumValue = .random(in: 1...200, using: &random) }
            }
            for sku in ["A", "B", "C"] {
                bench.set.reference.products[sku]?.weight = .random(in: 0...9, using: &random)
                bench.set.reference.products[sku]?.volume = .random(in: 0...9, using: &random)
                if chance() { bench.set.reference.products[sku]?.temperature = "cold" }
            }
            let lines = (0..<Int.random(in: 1...4, using: &random)).map { _ in
                OrderPlaced.Line.of(
                    ["A", "B", "C", "V"].randomElement(using: &random) ?? "A", .random(in: 1...5, using: &random),
                    at: .random(in: 0...99, using: &random))
            }
            bench.place("web/1", lines, term: .cashOnDelivery) {
                $0.claimed.shipping = Int64.random(in: 0...20, using: &random)
            }
            guard let state = bench.state(), state.order.status == .released else { continue }
            let carried = parcels(bench, "web/1").reduce(into: [:] as [Int64: Int64]) {
                $0.merge($1, uniquingKeysWith: +)
            }
            let ordered = state.lines.all.filter { $0.type == .physical }.reduce(into: [:] as [Int64: Int64]) {
                $0[$1.number] = $1.quantity
            }
            #expect(carried == ordered, "seed \(seed)")
            let collected = collects(bench).reduce(0, +)
            #expect(collected == (ordered.isEmpty ? 0 : state.order.due), "seed \(seed)")
            bench.verify()
        }
    }
}
