/// What is written down of sourcing: why goods come from where they do, and why they come from nowhere.
extension Decider {
    /// The warehouses that were asked, best first, with what decides between them, so that the choice can be made again.
    func inputs(
        _ demands: [Sourcing.Demand], _ candidates: [Sourcing.Candidate],
        beside places: [(demand: Sourcing.Demand, warehouse: String)], _ state: OrderState
    ) -> [String: String] {
        let taken = taken(by: places)
        let skus = Set(demands.map(\.sku)).sorted()
        var inputs: [String: String] = [:]
        for (place, candidate) in candidates.prefix(Sourcing.exactCandidates).enumerated() {
            let stock = skus.map { sku in
                let key = StockKey(sku: sku, warehouse: candidate.warehouse)
                return "\(promisable(key, to: state) - taken[key, default: 0]) of \(sku)"
            }
            inputs["warehouse \(place + 1)"] =
                "\(candidate.warehouse), cost \(candidate.cost), distance \(candidate.distance), "
                + stock.joined(separator: ", ")
        }
        return inputs
    }

    /// Why a demand has no place, and whether that is for a gap in a table of the rules.
    mutating func shortReason(
        _ demand: Sourcing.Demand, of demands: [Sourcing.Demand], in state: OrderState, _ search: SourceSearch,
        _ rule: Rule?
    ) -> (reason: Reason, isGap: Bool) {
        var search = search
        search.supplier = supplier(of: demand, search)
        search.reach = .soon
        let together = demands.filter { supplier(of: $0, search) == search.supplier }
        let answers = answers(for: demand, of: together, steps(of: search).map(search.with), state)
        let index = state.lines.all.firstIndex { $0.number == demand.line } ?? 0
        let path = "lines[\(index)].sku"
        var most: Int64?
        var isGap = false
        for warehouse in answers.warehouses {
            let (key, why) = (StockKey(sku: demand.sku, warehouse: warehouse), answers.passedOver[warehouse])
            guard why == nil || why == .gap, set.stock[key] != nil else { continue }
            let units = promisable(key, to: state)
            most = max(most ?? units, units)
            if why == .gap, units >= demand.quantity { isGap = true }
        }
        guard !isGap, let most else {
            let why = whyNobody(gives: demand, of: together, answers, search)
            return (Reason(.noWarehouse, path: path, why + rule.map { " (rule \($0.name))" }.orEmpty), isGap)
        }
        // Looked at again, it is short of what was told.
        if !state.openHolds.contains(where: { $0.reason == .outOfStock && $0.path == path }) {
            alert(
                .stockShort(
                    nil, sku: demand.sku, orderNumber: state.order.number, missing: demand.quantity - max(0, most)),
                orderNumber: state.order.number)
        }
        let text = "\(demand.quantity) of \(demand.sku) wanted, at most \(max(0, most)) in one warehouse"
        return (Reason(.outOfStock, path: path, text), false)
    }
}

extension Sourcing.Plan {
    /// Why it is so, for the journal; nothing where there is nothing to choose and no rule to name.
    func sentence(isWhole: Bool, isFirst: Bool, _ hasRule: Bool) -> String? {
        guard hasRule || places.contains(where: { $0.warehouse != places[0].warehouse }) else { return nil }
        let warehouses = Sourcing.warehouses(of: places)
        let reason =
            switch (isWhole, warehouses.count, isExact) {
            case (true, 1, _): isFirst ? "whole order in one warehouse" : "all that was left in one warehouse"
            case (true, _, true): "no fewer warehouses have all of it"
            case (true, _, false): "too many ways to try all"
            case (false, _, _): "part of the order"
            }
        return "sourced from \(warehouses.joined(separator: ", ")): \(reason)"
    }
}

extension String? {
    fileprivate var orEmpty: String { self ?? "" }
}
