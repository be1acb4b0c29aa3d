/// Which warehouse ships what (分仓). A line is never split over warehouses.
///
/// The best plan has the fewest warehouses, then costs least, then is nearest, then uses the warehouses that stand first. It is
/// exact as long as no more than `exactCandidates` warehouses are any good and `exactSteps` looks at a stock are enough
/// (`SourcingSearch`); beyond, warehouses are taken one by one, and the plan says so.
enum Sourcing {
    /// What is to be sourced: a line and its units.
    struct Demand: Hashable {
        var line: Int64
        var sku: String
        var quantity: Int64
    }

    /// A warehouse that may be asked.
    struct Candidate: Hashable {
        var warehouse: String
        /// What a parcel from there costs, minor units.
        var cost: Int64 = 0
        /// How far it is.
        var distance: Int64 = 0

        var price: Price { Price(cost: cost, distance: distance) }
    }

    /// What is to be as low as can be: cost first, then distance.
    struct Price: Comparable {
        var cost: Int64 = 0
        var distance: Int64 = 0

        static func < (left: Price, right: Price) -> Bool {
            left.cost == right.cost ? left.distance < right.distance : left.cost < right.cost
        }

        static func + (left: Price, right: Price) -> Price {
            Price(cost: left.cost + right.cost, distance: left.distance + right.distance)
        }
    }

    /// Where everything comes from.
    struct Plan {
        var places: [(demand: Demand, warehouse: String)]
        /// No plan is better.
        var isExact = true
    }

    /// The warehouses of places, each once, in the order in which they come.
    static func warehouses(of places: [(demand: Demand, warehouse: String)]) -> [String] {
        var warehouses: [String] = []
        for place in places where !warehouses.contains(place.warehouse) { warehouses.append(place.warehouse) }
        return warehouses
    }

    /// The demands that can't be met: those of the SKUs of which there is not enough.
    struct Shortage: Error {
        var demands: [Demand]
    }

    /// So many warehouses are tried in every combination.
    static let exactCandidates = 16
    /// So often a stock is looked at for one plan: under a millisecond.
    static let exactSteps = 50_000

    /// The warehouse of each demand, or the demands that no candidate can take.
    ///
    /// - Parameters:
    ///   - candidates: best first.
    ///   - available: units that can be promised.
    static func assign(
        _ demands: [Demand], candidates: [Candidate], available: (StockKey) -> Int64
    ) -> Result<Plan, Shortage> {
        if let home = home(ofAll: demands, candidates, available) {
            return .success(Plan(places: demands.map { ($0, home) }))
        }
        var search = SourcingSearch(demands, candidates, available)
        let short = search.short
        guard short.isEmpty else { return .failure(Shortage(demands: short)) }
        return .success(search.best())
    }

    /// The warehouse of each demand that can be met beside those of the lines before it, and the demands that can't.
    static func assignWhatFits(
        _ demands: [Demand], candidates: [Candidate], available: (StockKey) -> Int64
    ) -> (plan: Plan, short: [Demand]) {
        var search = SourcingSearch(demands, candidates, available)
        let short = search.leaveOutWhatIsShort()
        return (search.best(), short)
    }

    /// The warehouse that has all of it: the cheapest, of those the nearest, of those the first.
    private static func home(
        ofAll demands: [Demand], _ candidates: [Candidate], _ available: (StockKey) -> Int64
    ) -> String? {
        var best: Candidate?
        for candidate in candidates where best.map({ candidate.price < $0.price }) ?? true {
            let hasAll = demands.indices.allSatisfy { place in
                let demand = demands[place]
                let key = StockKey(sku: demand.sku, warehouse: candidate.warehouse)
                var left = available(key) - demand.quantity
                if left >= 0, demands.count <= scanned {
                    for other in demands[..<place] where other.sku == demand.sku { left -= other.quantity }
                }
                return left >= 0
            }
            if hasAll, demands.count <= scanned || fits(demands, candidate.warehouse, available) { best = candidate }
        }
        return best?.warehouse
    }

    /// Up to so many lines it is quicker to look at all before than to keep sums.
    private static let scanned = 16

    private static func fits(_ demands: [Demand], _ warehouse: String, _ available: (StockKey) -> Int64) -> Bool {
        let sums = demands.reduce(into: [:] as [String: Int64]) { $0[$1.sku, default: 0] += $1.quantity }
        return sums.allSatisfy { available(StockKey(sku: $0.key, warehouse: warehouse)) >= $0.value }
    }
}
