/// Default sourcing (分仓): one warehouse for the whole order, else the fewest. A line is never split.
///
/// Exact for up to three warehouses out of the first sixteen candidates, greedy beyond: the bound keeps a batch quick.
enum Sourcing {
    /// What is to be sourced: a line and its units.
    struct Demand {
        var line: Int64
        var sku: String
        var quantity: Int64
    }

    private static let exactCandidates = 16

    /// The warehouse of each demand, or the demands that no candidate can take.
    ///
    /// - Parameters:
    ///   - candidates: warehouse codes, best first.
    ///   - available: units that can be promised.
    static func assign(
        _ demands: [Demand], candidates: [String], available: (StockKey) -> Int64
    ) -> Result<[(demand: Demand, warehouse: String)], Shortage> {
        let demands = demands.sorted { ($1.quantity, $0.line) < ($0.quantity, $1.line) }
        let head = Array(candidates.prefix(exactCandidates))
        for one in head {
            if let plan = plan(demands, [one], available) { return .success(plan) }
        }
        for (first, second) in pairs(head) {
            if let plan = plan(demands, [first, second], available) { return .success(plan) }
        }
        if demands.count > 2 {
            for (index, first) in head.enumerated() {
                for (second, third) in pairs(Array(head.dropFirst(index + 1))) {
                    if let plan = plan(demands, [first, second, third], available) { return .success(plan) }
                }
            }
        }
        if let plan = plan(demands, candidates, available) { return .success(plan) }
        return .failure(Shortage(demands: missing(demands, candidates, available)))
    }

    /// The warehouse of each demand that can be met beside those of the lines before it, and the demands that can't.
    static func assignWhatFits(
        _ demands: [Demand], candidates: [String], available: (StockKey) -> Int64
    ) -> (plan: [(demand: Demand, warehouse: String)], short: [Demand]) {
        var taken: [StockKey: Int64] = [:]
        var plan: [(demand: Demand, warehouse: String)] = []
        var short: [Demand] = []
        for demand in demands.sorted(by: { $0.line < $1.line }) {
            if let home = home(of: demand, candidates, available, &taken) {
                plan.append((demand, home))
            } else {
                short.append(demand)
            }
        }
        // The same lines from fewer warehouses, where there is such a plan.
        let better = assign(plan.map(\.demand), candidates: candidates, available: available)
        return ((try? better.get()) ?? plan, short)
    }

    /// The demands that can't be met: those of the SKUs of which there is not enough.
    struct Shortage: Error {
        var demands: [Demand]
    }

    private static func pairs(_ codes: [String]) -> [(String, String)] {
        codes.indices.flatMap { first in codes[(first + 1)...].map { (codes[first], $0) } }
    }

    /// Gives each demand, as sorted with the largest first, to the first of the warehouses that still has enough.
    private static func plan(
        _ demands: [Demand], _ warehouses: [String], _ available: (StockKey) -> Int64
    ) -> [(demand: Demand, warehouse: String)]? {
        var taken: [StockKey: Int64] = [:]
        var plan: [(demand: Demand, warehouse: String)] = []
        for demand in demands {
            guard let home = home(of: demand, warehouses, available, &taken) else { return nil }
            plan.append((demand, home))
        }
        return plan.sorted { $0.demand.line < $1.demand.line }
    }

    /// The first warehouse that has enough beside what is taken; the demand is taken there, too.
    private static func home(
        of demand: Demand, _ warehouses: [String], _ available: (StockKey) -> Int64, _ taken: inout [StockKey: Int64]
    ) -> String? {
        let home = warehouses.first { code in
            let key = StockKey(sku: demand.sku, warehouse: code)
            return available(key) - taken[key, default: 0] >= demand.quantity
        }
        if let home { taken[StockKey(sku: demand.sku, warehouse: home), default: 0] += demand.quantity }
        return home
    }

    private static func missing(
        _ demands: [Demand], _ warehouses: [String], _ available: (StockKey) -> Int64
    ) -> [Demand] {
        var bySKU: [String: [Demand]] = [:]
        for demand in demands { bySKU[demand.sku, default: []].append(demand) }
        let short = Set(bySKU.filter { plan($0.value, warehouses, available) == nil }.keys)
        return demands.filter { short.contains($0.sku) }.sorted { $0.line < $1.line }
    }
}
