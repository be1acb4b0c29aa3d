import OrderSimulator
import Testing

@testable import OrderCore

/// The search against all there is: every way to give each line a warehouse.
@Suite("The search for warehouses, against brute force")
struct SourcingSearchTests {
    /// A small order, a few warehouses, and what they have.
    struct Case {
        var demands: [Sourcing.Demand] = []
        var candidates: [Sourcing.Candidate] = []
        var stock: [StockKey: Int64] = [:]

        init(seed: UInt64) {
            var random = SeededGenerator(seed: seed)
            let skus = ["A", "B", "C", "D"].prefix(Int.random(in: 1...4, using: &random))
            for line in 1...Int64.random(in: 1...6, using: &random) {
                let sku = skus.randomElement(using: &random) ?? "A"
                demands.append(Sourcing.Demand(line: line, sku: sku, quantity: .random(in: 1...4, using: &random)))
            }
            let costs: [Int64] = Bool.random(using: &random) ? [0] : [0, 1, 2, 3, 5]
            for code in ["P", "Q", "R", "S", "T"].prefix(Int.random(in: 0...5, using: &random)) {
                let cost = costs.randomElement(using: &random) ?? 0
                let distance = costs.randomElement(using: &random) ?? 0
                candidates.append(Sourcing.Candidate(warehouse: code, cost: cost, distance: distance))
                for sku in skus where Bool.random(using: &random) {
                    stock[StockKey(sku: sku, warehouse: code)] = .random(in: 0...9, using: &random)
                }
            }
        }

        func available(_ key: StockKey) -> Int64 { stock[key] ?? 0 }

        var answer: Result<Sourcing.Plan, Sourcing.Shortage> {
            Sourcing.assign(demands, candidates: candidates, available: available)
        }

        /// The best there is: how many warehouses, what they cost, how far they are, which they are.
        var best: Score? {
            var best: Score?
            var homes = [Int](repeating: 0, count: demands.count)
            guard !candidates.isEmpty else { return nil }
            while true {
                if let score = score(homes), best.map({ score < $0 }) ?? true { best = score }
                guard let next = homes.lastIndex(where: { $0 < candidates.count - 1 }) else { return best }
                homes[next] += 1
                for place in homes.indices where place > next { homes[place] = 0 }
            }
        }

        /// What a plan is worth; `nil` where it sells more than there is.
        func score(_ homes: [Int]) -> Score? {
            var left = stock
            for (demand, home) in zip(demands, homes) {
                let key = StockKey(sku: demand.sku, warehouse: candidates[home].warehouse)
                left[key, default: 0] -= demand.quantity
                if left[key, default: 0] < 0 { return nil }
            }
            let used = Set(homes).sorted()
            return Score(
                warehouses: used.count, cost: used.reduce(0) { $0 + candidates[$1].cost },
                distance: used.reduce(0) { $0 + candidates[$1].distance }, which: used)
        }

        func score(_ plan: Sourcing.Plan) -> Score? {
            let homes = demands.compactMap { demand in
                plan.places.first { $0.demand == demand }
                    .flatMap { place in candidates.firstIndex { $0.warehouse == place.warehouse } }
            }
            guard homes.count == demands.count, plan.places.count == demands.count else { return nil }
            return score(homes)
        }
    }

    /// Fewer warehouses, then a lower cost, then nearer ones, then the warehouses that stand first.
    struct Score: Comparable, CustomStringConvertible {
        var warehouses: Int
        var cost: Int64
        var distance: Int64
        var which: [Int]

        static func < (left: Score, right: Score) -> Bool {
            if left.warehouses != right.warehouses { return left.warehouses < right.warehouses }
            if left.cost != right.cost { return left.cost < right.cost }
            if left.distance != right.distance { return left.distance < right.distance }
            return left.which.lexicographicallyPrecedes(right.which)
        }

        var description: String { "\(which) for \(cost) over \(distance)" }
    }

    @Test(
        "it finds a plan where there is one, and no plan is better; no stock is oversold, each line has one warehouse",
        arguments: 0..<50 as Range<UInt64>)
    func isBest(block: UInt64) {
        for seed in block * 100..<(block + 1) * 100 {
            let order = Case(seed: seed)
            let best = order.best
            switch order.answer {
            case .success(let plan):
                let found = order.score(plan)
                #expect(found == best && best != nil, "seed \(seed)")
                #expect(plan.isExact, "seed \(seed)")
            case .failure(let shortage):
                #expect(best == nil, "seed \(seed)")
                #expect(!shortage.demands.isEmpty, "seed \(seed)")
            }
        }
    }

    @Test("what it is short of is of the SKUs that can't be had, alone", arguments: 0..<20 as Range<UInt64>)
    func shortage(block: UInt64) {
        for seed in block * 100..<(block + 1) * 100 {
            let order = Case(seed: seed)
            guard case .failure(let shortage) = order.answer else { continue }
            let short = Set(shortage.demands.map(\.sku))
            for sku in Set(order.demands.map(\.sku)) {
                var alone = order
                alone.demands = order.demands.filter { $0.sku == sku }
                #expect((alone.best == nil) == short.contains(sku), "seed \(seed)")
            }
        }
    }

    @Test("in part: what is taken has its best plan, and no line that is left would have fitted beside it")
    func whatFits() {
        for seed in 0..<2_000 as Range<UInt64> {
            let order = Case(seed: seed)
            let (plan, short) = Sourcing.assignWhatFits(
                order.demands, candidates: order.candidates, available: order.available)
            var taken = order
            taken.demands = plan.places.map(\.demand)
            #expect(Set(taken.demands + short) == Set(order.demands), "seed \(seed)")
            #expect(taken.demands.count + short.count == order.demands.count, "seed \(seed)")
            if !taken.demands.isEmpty {
                let best = taken.best
                let found = taken.score(plan)
                #expect(found == best && best != nil, "seed \(seed)")
            }
            for demand in short {
                var more = taken
                more.demands.append(demand)
                #expect(more.best == nil, "seed \(seed)")
            }
        }
    }

    @Test("beyond the bound it still sells nothing twice, and says that it has not tried all")
    func beyond() {
        for seed in 0..<20 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            var order = Case(seed: seed)
            order.demands = (1...40).map { Sourcing.Demand(line: $0, sku: "S\($0 % 30)", quantity: 1 + $0 % 3) }
            order.candidates = (1...40).map { Sourcing.Candidate(warehouse: "W\($0)", cost: Int64($0 % 7)) }
            order.stock = [:]
            for candidate in order.candidates {
                for _ in 0..<5 {
                    let sku = "S\(Int.random(in: 0..<30, using: &random))"
                    order.stock[StockKey(sku: sku, warehouse: candidate.warehouse)] = 3
                }
            }
            for sku in 0..<30 { order.stock[StockKey(sku: "S\(sku)", warehouse: "W\(1 + sku)")] = 6 }
            guard case .success(let plan) = order.answer else {
                Issue.record("seed \(seed): there is a plan")
                continue
            }
            let found = order.score(plan)
            #expect(found != nil, "seed \(seed)")
            #expect(!plan.isExact, "seed \(seed)")
            #expect((found?.warehouses ?? 99) < 30, "seed \(seed)")
        }
    }

    @Test("two thousand lines of one SKU that nearly fit end in time")
    func hopeless() {
        let demands = (1...2_000).map { Sourcing.Demand(line: $0, sku: "A", quantity: 2 + $0 % 2) }
        let candidates = ["P", "Q", "R"].map { Sourcing.Candidate(warehouse: $0) }
        let answer = Sourcing.assign(demands, candidates: candidates, available: { _ in 1_666 })
        guard case .failure(let shortage) = answer else {
            Issue.record("there are 5,000 units wanted, and 4,998")
            return
        }
        #expect(shortage.demands.count == 2_000)
        let (plan, short) = Sourcing.assignWhatFits(demands, candidates: candidates, available: { _ in 1_666 })
        #expect(plan.places.count + short.count == 2_000)
        #expect(!short.isEmpty && short.count < 10)
    }
}
