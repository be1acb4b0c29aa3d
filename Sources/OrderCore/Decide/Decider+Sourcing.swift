/// Gives each line its warehouse, by the rule that matches, else by default.
extension Decider {
    /// What came of sourcing.
    struct Sourced {
        /// Why what is left has no place; empty: all of it has one.
        var reasons: [Reason] = []
        /// What is left waits for stock, whatever the seller's policy does with what is not valid.
        var waits = false
    }

    /// Reserves every physical line that has no warehouse yet, all or none; the reasons why not, where it can't. Where a
    /// rule lets it wait, or without a rule the policy splits backorders, what can't be met does not keep the other lines
    /// from being reserved.
    ///
    /// - Parameters:
    ///   - excluded: warehouses that have refused the order before.
    ///   - wanted: what a person says instead of rules and policy.
    mutating func source(
        _ state: inout OrderState, excluding excluded: Set<String> = [], by wanted: SourceAction? = nil
    ) -> Sourced {
        var left = unsourced(state)
        guard !left.isEmpty else { return Sourced() }
        let (rule, action) = wanted.map { (nil, $0) } ?? sourceAction(state)
        var places: [(demand: Sourcing.Demand, warehouse: String)] = []
        var sentences: [String] = []
        var short = left
        let closed = excluded.union(action.forbidden)
        let toCome = presaleToCome(left, action, excluding: closed, state)
        left.removeAll { toCome.contains($0) }
        for step in action.steps where !left.isEmpty {
            let candidates = candidates(for: left, step, excluding: closed, state)
            let found = take(left, step, candidates, beside: places, state)
            short = found.short
            guard !found.plan.places.isEmpty else { continue }
            if places.isEmpty { places = found.plan.places } else { places += found.plan.places }
            left = found.short
            if let sentence = found.plan.sentence(
                isWhole: left.isEmpty && sentences.isEmpty, isFirst: state.fulfilments.all.isEmpty, rule != nil)
            {
                sentences.append(sentence)
            }
        }
        let isEarly = left.allSatisfy { isPresale($0.sku) }
        if left.isEmpty { short = [] }
        left += toCome
        short += toCome
        let waits = action.waits || isEarly
        if left.isEmpty || waits || rule == nil && policy(state).allowsSplitBackorders, !places.isEmpty {
            if let rule {
                let subject = subject(state)
                for sentence in sentences { note(rule, sentence, subject) }
            } else {
                why += sentences
            }
            reserve(places, &state)
        }
        guard !left.isEmpty else { return Sourced() }
        if action.waits, !state.isWaitingForStock, action.givesUpAfter > 0 {
            setTimer(.backorder, state, after: action.givesUpAfter)
        }
        let asked = action.steps.flatMap { candidates(for: left, $0, excluding: closed, state) }
        state.waitsFor = units(of: left, from: asked, state)
        return Sourced(reasons: short.map { shortReason($0, in: state, asked, rule) }, waits: waits)
    }

    /// What is left, of each stock that may give it.
    private func units(
        of demands: [Sourcing.Demand], from asked: [Sourcing.Candidate], _ state: OrderState
    ) -> [StockKey: Int64] {
        let warehouses = Set(asked.map(\.warehouse))
        var wanted: [StockKey: Int64] = [:]
        for demand in demands {
            for warehouse in warehouses {
                let key = StockKey(sku: demand.sku, warehouse: warehouse)
                guard set.stock[key] != nil else { continue }
                // Where there is enough and only its channel's share is used up, it keeps nothing from other channels.
                let isBound = room(key, for: state.order.seller).map { $0 < demand.quantity } ?? false
                wanted[key, default: 0] += isBound && free(key, from: state) >= demand.quantity ? 0 : demand.quantity
            }
        }
        return wanted
    }

    private func presaleToCome(
        _ demands: [Sourcing.Demand], _ action: SourceAction, excluding closed: Set<String>, _ state: OrderState
    ) -> [Sourcing.Demand] {
        guard demands.contains(where: { isPresale($0.sku) }) else { return [] }
        let asked = action.steps.flatMap { candidates(for: demands, $0, excluding: closed, state) }
        return presaleToCome(demands, from: asked.map(\.warehouse), state)
    }

    /// What a rule says of where the goods may come from; else every warehouse, by priority.
    private func sourceAction(_ state: OrderState) -> (rule: Rule?, action: SourceAction) {
        for rule in rules(.source, state) {
            for case .source(let action) in rule.actions { return (rule, action) }
        }
        return (nil, policy(state).allowsSplitBackorders ? .everywhereInPart : .everywhere)
    }

    /// Whether a rule says where this order's goods may come from.
    func hasSourceRule(_ state: OrderState) -> Bool { sourceAction(state).rule != nil }

    private func unsourced(_ state: OrderState) -> [Sourcing.Demand] {
        let planned = state.planned
        var demands: [Sourcing.Demand] = []
        for line in state.lines.all where line.type == .physical {
            let open = line.open - planned[line.number, default: 0]
            if open > 0 { demands.append(Sourcing.Demand(line: line.number, sku: line.sku, quantity: open)) }
        }
        demands.sort { $0.line < $1.line }
        return demands
    }

    /// The warehouses that a step asks, best first.
    private func candidates(
        for demands: [Sourcing.Demand], _ step: SourceAction.Step, excluding excluded: Set<String>,
        _ state: OrderState
    ) -> [Sourcing.Candidate] {
        var found: [(priority: Int64, candidate: Sourcing.Candidate)] = []
        let isNamed = !step.warehouses.isEmpty
        for code in isNamed ? step.warehouses : warehouses(of: demands) {
            guard let warehouse = set.reference.warehouses[code], warehouse.isActive, !excluded.contains(code) else {
                continue
            }
            if isNamed, found.contains(where: { $0.candidate.warehouse == code }) { continue }
            // Most ship everywhere at no cost of their own: then nobody asks where to.
            let receiver = warehouse.shipsEverywhere ? nil : state.contact.all.first?.receiver
            guard let cost = warehouse.parcelCost(to: receiver) else { continue }
            found.append((warehouse.priority, Sourcing.Candidate(warehouse: code, cost: cost)))
        }
        if !isNamed { found.sort { ($0.priority, $0.candidate.warehouse) < ($1.priority, $1.candidate.warehouse) } }
        return found.map(\.candidate)
    }

    /// Those that keep any of it, each once.
    private func warehouses(of demands: [Sourcing.Demand]) -> [String] {
        guard demands.count > 1 else { return set.stock.warehouses(of: demands[0].sku) }
        return Array(Set(demands.flatMap { set.stock.warehouses(of: $0.sku) }))
    }

    /// What a step gives, and what it is short of; where it gives nothing, that is what keeps it from giving all.
    private func take(
        _ demands: [Sourcing.Demand], _ step: SourceAction.Step, _ candidates: [Sourcing.Candidate],
        beside places: [(demand: Sourcing.Demand, warehouse: String)], _ state: OrderState
    ) -> (plan: Sourcing.Plan, short: [Sourcing.Demand]) {
        var taken: [StockKey: Int64] = [:]
        for (demand, warehouse) in places {
            taken[StockKey(sku: demand.sku, warehouse: warehouse), default: 0] += demand.quantity
        }
        func available(_ key: StockKey) -> Int64 {
            promisable(key, to: state) - (taken.isEmpty ? 0 : taken[key, default: 0])
        }
        let nothing = Sourcing.Plan(places: [])
        switch Sourcing.assign(demands, candidates: candidates, available: available) {
        case .success(let plan): return (plan, [])
        case .failure(let shortage) where !step.isPartial: return (nothing, shortage.demands)
        case .failure: break
        }
        let (plan, short) = Sourcing.assignWhatFits(demands, candidates: candidates, available: available)
        let isWorthIt =
            value(of: plan.places.map(\.demand), state) >= step.minimumValue
            && value(of: short, state) >= step.minimumValue
        return (isWorthIt ? plan : nothing, short)
    }

    /// What the buyer owes for these units: the last of their lines.
    private func value(of demands: [Sourcing.Demand], _ state: OrderState) -> Int64 {
        demands.reduce(0) { sum, demand in
            guard let line = state.lines[demand.line] else { return sum }
            let rest = Allocation.firstUnits(
                line.quantity - demand.quantity, of: line.quantity, amount: line.share)
            return sum + line.share - rest
        }
    }

    private mutating func shortReason(
        _ demand: Sourcing.Demand, in state: OrderState, _ asked: [Sourcing.Candidate], _ rule: Rule?
    ) -> Reason {
        let index = state.lines.all.firstIndex { $0.number == demand.line } ?? 0
        let path = "lines[\(index)].sku"
        let keys = asked.map { StockKey(sku: demand.sku, warehouse: $0.warehouse) }
        let levels = keys.filter { set.stock[$0] != nil }.map { promisable($0, to: state) }
        guard let most = levels.max() else {
            let receiver = state.contact.all.first?.receiver
            let isOutside = set.stock.warehouses(of: demand.sku).contains { code in
                set.reference.warehouses[code].map { $0.isActive && $0.parcelCost(to: receiver) == nil } ?? false
            }
            let place = isOutside ? " that ships to the receiver's area" : ""
            return Reason(
                .noWarehouse, path: path,
                "no active warehouse\(place) keeps \(demand.sku)" + rule.map { " (rule \($0.name))" }.orEmpty)
        }
        alert(
            .stockShort(
                nil, sku: demand.sku, orderNumber: state.order.number, missing: demand.quantity - max(0, most)),
            orderNumber: state.order.number)
        return Reason(
            .outOfStock, path: path,
            "\(demand.quantity) of \(demand.sku) wanted, at most \(max(0, most)) in one warehouse")
    }
}

extension SourceAction {
    /// All of it from wherever it is.
    fileprivate static let everywhere = SourceAction(steps: [Step()])

    /// What there is of it.
    fileprivate static let everywhereInPart: SourceAction = {
        var step = Step()
        step.isPartial = true
        return SourceAction(steps: [step])
    }()
}

extension Sourcing.Plan {
    /// Why it is so, for the journal; nothing where there is nothing to choose and no rule to name.
    fileprivate func sentence(isWhole: Bool, isFirst: Bool, _ hasRule: Bool) -> String? {
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
