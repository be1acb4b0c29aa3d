import OrderCore
import OrderSimulator
import Testing

/// No set of rules makes a loop, whatever is in it: there is nothing that a check would have to find.
@Suite("Rules make no loops")
struct RuleLoopTests {
    /// A few rules that hold orders, of both phases, some for the same reason.
    private func holding(_ random: inout SeededGenerator) -> [Rule] {
        let reasons: [HoldReason] = [.manual, .highValue, .buyerRemark]
        return (1...Int.random(in: 1...6, using: &random)).map { number in
            let phase: RulePhase = Bool.random(using: &random) ? .validate : .review
            var rule = Rule("rule-\(number)", phase)
            rule.stops = Bool.random(using: &random)
            rule.actions = [.hold(reasons.randomElement(using: &random) ?? .manual, detail: "look")]
            return rule
        }
    }

    @Test("hold, release, hold: a rule holds an order once for a reason, so that it goes on after as many releases")
    func released() {
        for seed in 0..<200 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            let rules = holding(&random)
            var bench = Bench()
            bench.follow(rules)
            bench.place("tm/1", [.of("A", 1, at: 10)])
            var releases = 0
            while !bench.holds("tm/1").isEmpty, releases <= rules.count {
                bench.command(.release(nil), "tm/1")
                releases += 1
            }
            #expect(releases <= rules.count, "seed \(seed)")
            #expect(bench.status("tm/1") == .released, "seed \(seed)")
            bench.command(.retry, "tm/1")
            #expect(bench.holds("tm/1").isEmpty, "seed \(seed)")
            bench.verify()
        }
    }

    @Test("refused, sourced again, refused: no warehouse is asked twice, no more than a rule allows, then people are")
    func refused() {
        for seed in 0..<100 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            let codes = ["N", "S", "E", "W", "X"]
            var bench = Bench(stock: [:])
            for code in codes {
                bench.set.reference.warehouses[code] = Warehouse(code: code)
                bench.receive("A", code, 5)
            }
            var action = SourceAction(
                steps: (1...3).map { _ in
                    var step = SourceAction.Step()
                    step.warehouses = (1...3).compactMap { _ in codes.randomElement(using: &random) }
                    return step
                })
            action.mostAgain = .random(in: 0...5, using: &random)
            bench.follow(action)
            bench.place("tm/1", [.of("A", 1, at: 10)])
            for _ in codes {
                guard let part = bench.state("tm/1")?.fulfilments.all.last, part.state == .released else { break }
                bench.report(.rejected, "tm/1", from: part.warehouse, document: part.id)
                bench.fire(.sourceAgain, "tm/1")
            }
            let asked = bench.state("tm/1")?.fulfilments.all.map(\.warehouse) ?? []
            #expect(Set(asked).count == asked.count, "seed \(seed): \(asked)")
            #expect(asked.count <= Int(action.mostAgain) + 1, "seed \(seed): \(asked)")
            #expect(bench.holds("tm/1") == [.warehouseRejected], "seed \(seed)")
            bench.verify()
        }
    }
}
