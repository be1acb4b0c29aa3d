/// Which warehouses are asked, in what order, and what a parcel from them costs.
extension Decider {
    /// The warehouses that a step asks, best first.
    func candidates(for demands: [Sourcing.Demand], _ search: SourceSearch, _ state: OrderState) -> [Sourcing.Candidate]
    {
        var found: [(priority: Int64, candidate: Sourcing.Candidate)] = []
        let isNamed = !search.step.warehouses.isEmpty
        for code in isNamed ? search.step.warehouses : warehouses(of: demands, search) {
            if isNamed, found.contains(where: { $0.candidate.warehouse == code }) { continue }
            if let answer = try? candidate(code, search, for: demands, state) { found.append(answer) }
        }
        if !isNamed { found.sort { ($0.priority, $0.candidate.warehouse) < ($1.priority, $1.candidate.warehouse) } }
        return found.map(\.candidate)
    }

    /// A warehouse with its price, or why it is passed over.
    func candidate(
        _ code: String, _ search: SourceSearch, for demands: [Sourcing.Demand], _ state: OrderState
    ) throws(PassedOver) -> (priority: Int64, candidate: Sourcing.Candidate) {
        guard let warehouse = set.reference.warehouses[code] else { throw .unknown }
        guard warehouse.isActive else { throw .inactive }
        guard !search.closed.contains(code) else {
            throw search.action.forbidden.contains(code) ? .forbidden : .refused
        }
        let rules = set.reference.rules.set
        if let rule = rules.warehouses[code] {
            if let supplier = rule.supplier, search.supplier != supplier, !search.isByPerson { throw .ofSupplier }
            if search.step.isToday, rules.isPastCutOff(code, at: now) { throw .pastCutOff }
            guard hasTime(code, search.reach, state) else { throw .noTime }
        }
        return (warehouse.priority, try priced(warehouse, search.action, for: demands, state))
    }

    private func priced(
        _ warehouse: Warehouse, _ action: SourceAction, for demands: [Sourcing.Demand], _ state: OrderState
    ) throws(PassedOver) -> Sourcing.Candidate {
        var candidate = Sourcing.Candidate(warehouse: warehouse.code)
        let isAsked = !warehouse.shipsEverywhere || action.costs != nil || action.distances != nil
        // Most ship everywhere at no cost of their own: then nobody asks where to.
        let receiver = isAsked ? state.contact.all.first?.receiver : nil
        guard let own = warehouse.parcelCost(to: receiver) else { throw .outOfArea }
        candidate.cost = own
        let tables = set.reference.rules.set.tables
        if let costs = action.costs {
            let weight = weight(of: demands)
            guard let step = tables[costs]?.step(from: warehouse.code, to: receiver, weight: weight) else { throw .gap }
            guard let cost = step.value else { throw .noWay }
            candidate.cost = cost
        }
        if let table = action.distances.flatMap({ tables[$0] }) {
            // How far nobody knows is as far as it can be.
            candidate.distance = table.value(from: warehouse.code, to: receiver, weight: 0) ?? Self.farthest
        }
        return candidate
    }

    /// Grams of all of it.
    func weight(of demands: [Sourcing.Demand]) -> Int64 {
        demands.reduce(0) { sum, demand in
            sum.addingHeld((set.reference.products[demand.sku]?.weight ?? 0).timesHeld(demand.quantity))
        }
    }

    private static var farthest: Int64 { 1_000_000_000_000_000 }

    /// Those that keep any of it, each once; of what is to come: all.
    private func warehouses(of demands: [Sourcing.Demand], _ search: SourceSearch) -> [String] {
        if search.isToCome { return Array(set.reference.warehouses.keys) }
        guard demands.count > 1 else { return demands.isEmpty ? [] : set.stock.warehouses(of: demands[0].sku) }
        return Array(Set(demands.flatMap { set.stock.warehouses(of: $0.sku) }))
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
