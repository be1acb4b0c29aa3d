internal import OrderCore
internal import OrderRules

/// What rules cost alone, by how many there are.
struct RuleCostPart {
    private var once: [String: [Double]] = [:]
    private var wholeWay: [String: [Double]] = [:]
    private let rounds: Int

    private static let counts = [200, 1_000]

    /// - Parameter shipped: the rules that ship, too.
    init(_ progress: Progress, shipped: RuleSet, seed: UInt64, rounds: Int) {
        self.rounds = rounds
        let cost = RuleCost(orders: 4_000, seed: seed)
        let books = Self.counts.map { ("\($0)", MadeRules($0).book) } + [("shipped", RuleBook(shipped))]
        // In turns, so that what else the machine does falls on all. The first round warms up.
        for round in 0...max(rounds, 1) {
            progress.begin("rules alone, round \(round)")
            for (name, book) in books {
                let (once, wholeWay) = (cost.once(book), cost.wholeWay(book))
                guard round > 0 else { continue }
                self.once[name, default: []].append(once)
                self.wholeWay[name, default: []].append(wholeWay)
            }
            progress.end("rules alone, round \(round): \((once["200"]?.last ?? 0).shortText) µs an order")
        }
    }

    static func steps(_ rounds: Int) -> Int { max(rounds, 1) + 1 }

    var section: Report.Section {
        var section = Report.Section(title: "Rules alone")
        section.note = """
            CPU time of one thread over batches of 200 orders in memory. Once: every phase is asked once. Whole way: every \
            phase, \"output\" for seven events, \"timing\" four times.
            """
        for (name, title) in [("200", "200 rules"), ("1000", "1,000 rules"), ("shipped", "the rules that ship")] {
            section.figures.append(
                Figure("rules.\(name)", "\(title), once: µs an order", .absolute, once[name] ?? []))
            section.figures.append(
                Figure("rules.\(name)_way", "\(title), whole way: µs an order", .absolute, wholeWay[name] ?? []))
        }
        section.figures.append(
            Figure(
                "rules.growth", "1,000 rules against 200, once", .ratio,
                zip(once["1000"] ?? [], once["200"] ?? []).map { $0 / max($1, 0.001) }))
        return section
    }
}
