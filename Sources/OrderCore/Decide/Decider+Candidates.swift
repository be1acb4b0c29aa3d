/// Which warehouses are asked, in what order, and what a parcel from them costs.
extension Decider {
    /// The warehouses that a step asks, best first.
    func candidates(for demands: [Sourcing.Demand], _ search: SourceSearch, _ state: OrderState) -> [Sourcing.Candidate]
    {
        var found: [(priority: Int64, candidate: Sourcing.Candidate)] = []
        let step = search.step
        let isNamed = !step.warehouses.isEmpty
        let rules = set.reference.rules.set
        for code in isNamed ? step.warehouses : warehouses(of: demands, search) {
            guard let warehouse = set.reference.warehouses[code], warehouse.isActive,
                !search.closed.contains(code)
            else { continue }
            if isNamed, found.contains(where: { $0.candidate.warehouse == code }) { continue }
            if let rule = rules.warehouses[code] {
                if let supplier = rule.supplier, search.supplier != supplier, !search.isByPerson { continue }
                if step.isToday, rules.isPastCutOff(code, at: now) { continue }
                guard hasTime(code, search.reach, state) else { continue }
            }
            guard let candidate = candidate(warehouse, search.action, for: demands, state) else { continue }
            found.append((warehouse.priority, candidate))
        }
        if !isNamed { found.sort { ($0.priority, $0.candidate.warehouse) < ($1.priority, $1.candidate.warehouse) } }
        return found.map(\.candidate)
    }

    /// A warehouse with its price; `nil` where it does not ship to the receiver, or no table knows what that costs.
    private func candidate(
        _ warehouse: Warehouse, _ action: SourceAction, for demands: [Sourcing.Demand], _ state: OrderState
    ) -> Sourcing.Candidate? {
        var candidate = Sourcing.Candidate(warehouse: warehouse.code)
        let isAsked = !warehouse.shipsEverywhere || action.costs != nil || action.distances != nil
        // Most ship everywhere at no cost of their own: then nobody asks where to.
        let receiver = isAsked ? state.contact.all.first?.receiver : nil
        guard let own = warehouse.parcelCost(to: receiver) else { return nil }
        candidate.cost = own
        if let name = action.costs {
            guard let cost = cost(name, from: warehouse.code, to: receiver, of: demands) else { return nil }
            candidate.cost = cost
        }
        if let table = action.distances.flatMap({ set.reference.rules.set.tables[$0] }) {
            // How far nobody knows is as far as it can be.
            candidate.distance = table.value(from: warehouse.code, to: receiver, weight: 0) ?? Self.farthest
        }
        return candidate
    }

    /// What a parcel with all of it costs by a table.
    private func cost(
        _ table: String, from warehouse: String, to receiver: Receiver?, of demands: [Sourcing.Demand]
    ) -> Int64? {
        let weight = demands.reduce(0 as Int64) { sum, demand in
            sum.addingHeld((set.reference.products[demand.sku]?.weight ?? 0).timesHeld(demand.quantity))
        }
        return set.reference.rules.set.tables[table]?.value(from: warehouse, to: receiver, weight: weight)
    }

    private static var farthest: Int64 { 1_000_000_000_000_000 }

    /// Those that keep any of it, each once; of what is to come: all.
    private func warehouses(of demands: [Sourcing.Demand], _ search: SourceSearch) -> [String] {
        if search.isToCome { return Array(set.reference.warehouses.keys) }
        guard demands.count > 1 else { return demands.isEmpty ? [] : set.stock.warehouses(of: demands[0].sku) }
        return Array(Set(demands.flatMap { set.stock.warehouses(of: $0.sku) }))
    }

    /// Why none of the warehouses that keep a SKU is asked for it.
    func whyNobody(keeps sku: String, _ search: SourceSearch, _ state: OrderState) -> String {
        let receiver = state.contact.all.first?.receiver
        let keepers = set.stock.warehouses(of: sku).compactMap { set.reference.warehouses[$0] }.filter(\.isActive)
        if let supplier = search.supplier, !keepers.contains(where: { search.step.warehouses.contains($0.code) }) {
            return "no active warehouse of its supplier \(supplier) keeps \(sku)"
        }
        if keepers.contains(where: { $0.parcelCost(to: receiver) == nil }) {
            return "no active warehouse that ships to the receiver's area keeps \(sku)"
        }
        let open = keepers.filter { !search.closed.contains($0.code) }
        if !open.isEmpty, open.allSatisfy({ !hasTime($0.code, .soon, state) }) {
            return "the warehouses that keep \(sku) have no time for it in \(WarehouseDay.daysAhead) days"
        }
        if let table = search.action.costs,
            open.contains(where: {
                cost(table, from: $0.code, to: receiver, of: [Sourcing.Demand(line: 0, sku: sku, quantity: 1)]) == nil
            })
        {
            return "the table \(table) has no cost to the receiver from an active warehouse that keeps \(sku)"
        }
        return "no active warehouse keeps \(sku)"
    }
}

/// What is looked for, and where.
struct SourceSearch {
    /// What the rule says.
    var action: SourceAction
    /// The step in hand.
    var step = SourceAction.Step()
    /// Never asked.
    var closed: Set<String> = []
    /// How far ahead warehouses may have time.
    var reach = Decider.Reach.workday
    /// Who supplies the goods, where he ships them himself.
    var supplier: String?
    /// A person has said where from.
    var isByPerson = false
    /// Where the goods may come from one day, not only where they are kept.
    var isToCome = false

    /// The same, for another step.
    func with(_ step: SourceAction.Step) -> SourceSearch {
        var other = self
        other.step = step
        return other
    }
}
