/// The search for the best plan: combinations of warehouses, the smallest first.
///
/// Lines of different SKUs don't get in each other's way, so a combination will do if each SKU's lines find room in it; only
/// lines of one SKU compete, and those are tried largest first, in the order of the warehouses. At most `2^16` combinations,
/// and `Sourcing.exactSteps` looks at a stock: where these don't suffice, the best of what was found, else the warehouses
/// that help most, one by one.
struct SourcingSearch {
    private let demands: [Sourcing.Demand]
    private var candidates: [Sourcing.Candidate]
    /// Places in `demands` by SKU, the largest demand first.
    private var groups: [[Int]] = []
    /// Units that can be promised, by group and candidate.
    private var room: [[Int64]] = []
    private var steps = 0

    init(
        _ demands: [Sourcing.Demand], _ candidates: [Sourcing.Candidate], _ available: (StockKey) -> Int64
    ) {
        self.demands = demands
        self.candidates = candidates
        var group: [String: Int] = [:]
        for (place, demand) in demands.enumerated() {
            if let known = group[demand.sku] {
                groups[known].append(place)
            } else {
                group[demand.sku] = groups.count
                groups.append([place])
                room.append(
                    candidates.map { available(StockKey(sku: demand.sku, warehouse: $0.warehouse)) })
            }
        }
        for index in groups.indices where groups[index].count > 1 {
            groups[index].sort { (demands[$1].quantity, $0) < (demands[$0].quantity, $1) }
        }
        leaveOutUseless()
    }

    /// Warehouses that have not enough for any line only make the search longer.
    private mutating func leaveOutUseless() {
        let useful = candidates.indices.filter { candidate in
            groups.indices.contains { group in
                groups[group].contains { demands[$0].quantity <= room[group][candidate] }
            }
        }
        guard useful.count < candidates.count else { return }
        candidates = useful.map { candidates[$0] }
        room = room.map { row in useful.map { row[$0] } }
    }

    /// The demands of SKUs of which all candidates together have not enough.
    var short: [Sourcing.Demand] {
        mutating get {
            let places = groups.indices.filter { anywhere(groups[$0], $0) == nil }.flatMap { groups[$0] }
            return places.sorted().map { demands[$0] }
        }
    }

    /// Drops the demands that can't be met beside those before them, and returns them.
    mutating func leaveOutWhatIsShort() -> [Sourcing.Demand] {
        var short: [Int] = []
        for index in groups.indices where anywhere(groups[index], index) == nil {
            var kept: [Int] = []
            for place in groups[index].sorted() {
                let tried = (kept + [place]).sorted { (demands[$1].quantity, $0) < (demands[$0].quantity, $1) }
                if anywhere(tried, index) == nil { short.append(place) } else { kept = tried }
            }
            groups[index] = kept
        }
        return short.sorted().map { demands[$0] }
    }

    /// The candidates of demands of one SKU, whichever they are.
    private mutating func anywhere(_ places: [Int], _ group: Int) -> [Int]? {
        steps = 0
        return homes(of: places, in: Array(candidates.indices), group)
    }

    /// The best plan; there must be one.
    mutating func best() -> Sourcing.Plan {
        steps = 0
        if candidates.count <= Sourcing.exactCandidates {
            let most = min(candidates.count, groups.reduce(0) { $0 + $1.count })
            for size in 0...most {
                var best: (price: Sourcing.Price, homes: [Int: Int])?
                choose(size, from: 0, [], Sourcing.Price(), &best)
                if let best { return plan(best.homes, isExact: !isSpent) }
                if isSpent { break }
            }
        }
        return plan(oneByOne(), isExact: false)
    }

    private var isSpent: Bool { steps > Sourcing.exactSteps }

    /// Looks at all combinations of so many more of the candidates from one on, best first.
    private mutating func choose(
        _ count: Int, from first: Int, _ chosen: [Int], _ price: Sourcing.Price,
        _ best: inout (price: Sourcing.Price, homes: [Int: Int])?
    ) {
        if isSpent { return }
        if let best, price >= best.price { return }
        if count == 0 {
            if let homes = homes(in: chosen) { best = (price, homes) }
            return
        }
        guard first + count <= candidates.count else { return }
        for next in first...(candidates.count - count) {
            choose(count - 1, from: next + 1, chosen + [next], price + candidates[next].price, &best)
        }
    }

    /// The warehouse that serves most of the lines that have none, again and again; what turns out to be needless goes.
    private mutating func oneByOne() -> [Int: Int] {
        var chosen: [Int] = []
        var found: [Int: Int]?
        while found == nil, chosen.count < candidates.count {
            steps = 0
            let left = candidates.indices.filter { !chosen.contains($0) }
            let gains = left.map { candidate in (candidate, gain(of: candidate, beside: chosen)) }
            let next = gains.min { one, other in
                one.1 == other.1
                    ? (candidates[one.0].price, one.0) < (candidates[other.0].price, other.0) : one.1 > other.1
            }
            guard let next else { break }
            chosen = (chosen + [next.0]).sorted()
            found = homes(in: chosen)
        }
        for candidate in chosen.reversed() {
            steps = 0
            let fewer = chosen.filter { $0 != candidate }
            guard let homes = homes(in: fewer) else { continue }
            (chosen, found) = (fewer, homes)
        }
        if let found { return found }
        // Seen before: there is room for each SKU, found within the bound.
        var homes: [Int: Int] = [:]
        for index in groups.indices {
            for (place, candidate) in zip(groups[index], anywhere(groups[index], index) ?? []) {
                homes[place] = candidate
            }
        }
        return homes
    }

    /// Lines that a candidate has enough for, and none of the chosen.
    private func gain(of candidate: Int, beside chosen: [Int]) -> Int {
        groups.indices.reduce(0) { sum, group in
            sum
                + groups[group].count { place in
                    let wanted = demands[place].quantity
                    return room[group][candidate] >= wanted && !chosen.contains { room[group][$0] >= wanted }
                }
        }
    }

    /// The candidate of each demand, all of them among the chosen; `nil` where they don't find room there.
    private mutating func homes(in chosen: [Int]) -> [Int: Int]? {
        var homes: [Int: Int] = [:]
        for index in groups.indices {
            guard let found = self.homes(of: groups[index], in: chosen, index) else { return nil }
            for (place, candidate) in zip(groups[index], found) { homes[place] = candidate }
        }
        return homes
    }

    /// The candidates of demands of one SKU, in their order: each goes to the first that has room, and elsewhere where the
    /// next then finds none.
    private mutating func homes(of places: [Int], in chosen: [Int], _ group: Int) -> [Int]? {
        var left = room[group]
        var taken: [Int] = []
        var next = 0
        while taken.count < places.count {
            let wanted = demands[places[taken.count]].quantity
            while next < chosen.count, left[chosen[next]] < wanted { next += 1 }
            steps += next + 1
            if next < chosen.count {
                left[chosen[next]] -= wanted
                taken.append(next)
                // Of lines that are alike, the later one need not be tried before the earlier one.
                let isAlike = taken.count < places.count && demands[places[taken.count]].quantity == wanted
                if !isAlike { next = 0 }
            } else {
                guard !isSpent, let last = taken.popLast() else { return nil }
                left[chosen[last]] += demands[places[taken.count]].quantity
                next = last + 1
            }
        }
        return taken.map { chosen[$0] }
    }

    private func plan(_ homes: [Int: Int], isExact: Bool) -> Sourcing.Plan {
        let places = homes.sorted { demands[$0.key].line < demands[$1.key].line }
        return Sourcing.Plan(
            places: places.map { (demands[$0.key], candidates[$0.value].warehouse) }, isExact: isExact)
    }
}
