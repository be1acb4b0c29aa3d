/// Gives each line its warehouse, by the rule that matches, else by default.
extension Decider {
    /// What came of sourcing.
    struct Sourced {
        /// Why what is left has no place; empty: all of it has one.
        var reasons: [Reason] = []
        /// What is left waits for stock, whatever the seller's policy does with what is not valid.
        var waits = false
        /// A table of the rules has a gap: people see to it, whatever the policy does with what is not valid.
        var hasGap = false
    }

    /// Reserves every physical line that has no warehouse yet, all or none; the reasons why not, where it can't. Where a
    /// rule lets it wait, or without a rule the policy splits backorders, what can't be met does not keep the other lines
    /// from being reserved. Warehouses that have refused the order before are never asked.
    ///
    /// - Parameters:
    ///   - excluded: another warehouse that is not asked.
    ///   - wanted: what a person says instead of rules and policy.
    mutating func source(
        _ state: inout OrderState, excluding excluded: String? = nil, by wanted: SourceAction? = nil
    ) -> Sourced {
        let wholeOrder = unsourced(state)
        guard !wholeOrder.isEmpty else { return Sourced() }
        let (rule, action) = wanted.map { (nil, $0) } ?? sourceAction(state)
        var search = SourceSearch(action: action)
        search.closed = state.refusers.union(action.forbidden)
        if let excluded { search.closed.insert(excluded) }
        search.isByPerson = wanted != nil
        let toCome = presaleToCome(wholeOrder, search, state)
        let demands = wholeOrder.filter { !toCome.contains($0) }
        var found = find(demands, search, rule, state)
        if !found.left.isEmpty, set.reference.rules.limitsWork {
            search.reach = .soon
            let later = find(demands, search, rule, state)
            if later.left.count < found.left.count { found = later } else { search.reach = .workday }
        }
        // What is sold before it is there waits whatever policy and rules say.
        let waits = action.waits || found.left.allSatisfy { isPresale($0.sku) }
        found.left += toCome
        found.short += toCome
        let mayWait = action.waits || rule == nil && policy(state).allowsSplitBackorders
        let isEnough = found.left.isEmpty || waits || mayWait
        if isEnough, !found.places.isEmpty {
            if let rule {
                let subject = subject(state)
                for step in found.steps { note(rule, step.sentence, subject, step.inputs) }
            } else {
                why += found.steps.map(\.sentence)
            }
            let known = state.fulfilments.all.count
            reserve(found.places, &state)
            takeWork(state.fulfilments.all.dropFirst(known), search.reach, &state)
        }
        guard !found.left.isEmpty else { return Sourced() }
        if action.waits, !state.isWaitingForStock, action.givesUpAfter > 0 {
            setTimer(.backorder, state, after: action.givesUpAfter)
        }
        // Gifts are given while stock lasts: nobody waits for one.
        state.lack = Backorder.Lack(
            units: lacking(found.left.filter { state.lines[$0.line]?.gift == nil }, search, state),
            takesParts: found.left.contains { isPresale($0.sku) }
                || mayWait
                    && (search.action.steps.contains(where: \.isPartial) || searches(for: demands, search).count > 1),
            isInVain: found.places.isEmpty || !isEnough)
        var sourced = Sourced(waits: waits)
        for demand in found.short {
            let together = demands.contains(demand) ? demands : wholeOrder
            let (reason, isGap) = shortReason(demand, of: together, in: state, search, rule)
            sourced.reasons.append(reason)
            if isGap { sourced.hasGap = true }
        }
        return sourced
    }

    /// What an order lacks, of each stock that may give it, be there any yet or not: the first that comes is for who waits,
    /// too.
    private func lacking(
        _ demands: [Sourcing.Demand], _ search: SourceSearch, _ state: OrderState
    ) -> [StockKey: Int64] {
        var search = search
        search.isToCome = true
        var wanted: [StockKey: Int64] = [:]
        for search in searches(for: demands, search) {
            let its = demands.filter { supplier(of: $0, search) == search.supplier }
            for warehouse in warehouses(for: its, of: search, state) {
                for demand in its {
                    wanted[StockKey(sku: demand.sku, warehouse: warehouse), default: 0] += demand.quantity
                }
            }
        }
        return wanted
    }

    /// All that any step asks.
    private func warehouses(
        for demands: [Sourcing.Demand], _ search: SourceSearch, _ state: OrderState
    ) -> Set<String> {
        guard !demands.isEmpty else { return [] }
        return searches(for: demands, search).reduce(into: []) { $0.formUnion(warehouses(for: demands, of: $1, state)) }
    }

    private func warehouses(
        for demands: [Sourcing.Demand], of search: SourceSearch, _ state: OrderState
    ) -> Set<String> {
        Set(steps(of: search).flatMap { candidates(for: demands, search.with($0), state) }.map(\.warehouse))
    }

    private func presaleToCome(
        _ demands: [Sourcing.Demand], _ search: SourceSearch, _ state: OrderState
    ) -> [Sourcing.Demand] {
        guard demands.contains(where: { isPresale($0.sku) }) else { return [] }
        return presaleToCome(demands, from: warehouses(for: demands, search, state).sorted(), state)
    }

    /// What was found for an order.
    private struct Found {
        var places: [(demand: Sourcing.Demand, warehouse: String)] = []
        /// What has no place.
        var left: [Sourcing.Demand] = []
        /// What keeps it from having one.
        var short: [Sourcing.Demand] = []
        /// The steps that gave something, and what was looked at.
        var steps: [(sentence: String, inputs: [String: String])] = []
    }

    /// Asks the steps, one after the other, each for what those before it have left; for what suppliers ship themselves,
    /// their warehouses.
    private func find(
        _ demands: [Sourcing.Demand], _ search: SourceSearch, _ rule: Rule?, _ state: OrderState
    ) -> Found {
        var found = Found()
        guard !demands.isEmpty else { return found }
        for search in searches(for: demands, search) {
            var left = demands.filter { supplier(of: $0, search) == search.supplier }
            let isAll = left.count == demands.count
            var short = left
            for step in steps(of: search) {
                let search = search.with(step)
                let candidates = candidates(for: left, search, state)
                let taken = take(left, step, candidates, beside: found.places, state)
                short = taken.short
                guard !taken.plan.places.isEmpty else { continue }
                let sentence = taken.plan.sentence(
                    isWhole: isAll && taken.short.isEmpty && found.steps.isEmpty,
                    isFirst: state.fulfilments.all.isEmpty, rule != nil)
                if let sentence {
                    let inputs = rule == nil ? [:] : inputs(left, candidates, beside: found.places, state)
                    found.steps.append((sentence, inputs))
                }
                left = taken.short
                if found.places.isEmpty { found.places = taken.plan.places } else { found.places += taken.plan.places }
                if left.isEmpty { break }
            }
            found.left += left
            found.short += left.isEmpty ? [] : short
        }
        return found
    }

    /// Units that places take of each stock.
    func taken(by places: [(demand: Sourcing.Demand, warehouse: String)]) -> [StockKey: Int64] {
        places.reduce(into: [:]) { units, place in
            units[StockKey(sku: place.demand.sku, warehouse: place.warehouse), default: 0] += place.demand.quantity
        }
    }

    /// The search for what comes from warehouses of our own, and one for each supplier who ships some of it himself.
    private func searches(for demands: [Sourcing.Demand], _ search: SourceSearch) -> [SourceSearch] {
        guard !set.reference.rules.suppliers.isEmpty, !search.isByPerson else { return [search] }
        let suppliers = Set(demands.map { supplier(of: $0, search) })
        return suppliers.sorted { ($0 ?? "") < ($1 ?? "") }.map {
            var other = search
            other.supplier = $0
            return other
        }
    }

    /// Who ships it himself; nobody where a person has said where it comes from.
    func supplier(of demand: Sourcing.Demand, _ search: SourceSearch) -> String? {
        guard !set.reference.rules.suppliers.isEmpty, !search.isByPerson,
            let supplier = set.reference.products[demand.sku]?.supplier,
            set.reference.rules.suppliers[supplier] != nil
        else { return nil }
        return supplier
    }

    func steps(of search: SourceSearch) -> [SourceAction.Step] {
        guard let supplier = search.supplier else { return search.action.steps }
        var step = SourceAction.Step()
        step.warehouses = set.reference.rules.suppliers[supplier] ?? []
        step.isPartial = search.action.steps.contains(where: \.isPartial)
        return [step]
    }

    /// What a rule says of where the goods may come from; else every warehouse, by priority.
    func sourceAction(_ state: OrderState) -> (rule: Rule?, action: SourceAction) {
        for rule in rules(.source, state) {
            for case .source(let action) in rule.actions { return (rule, action) }
        }
        return (nil, policy(state).allowsSplitBackorders ? .everywhereInPart : .everywhere)
    }

    /// Whether a rule says where this order's goods may come from.
    func hasSourceRule(_ state: OrderState) -> Bool { sourceAction(state).rule != nil }

    /// The physical lines that have no warehouse yet.
    func unsourced(_ state: OrderState) -> [Sourcing.Demand] {
        let planned = state.planned
        var demands: [Sourcing.Demand] = []
        for line in state.lines.all where line.type == .physical {
            let open = line.open - planned[line.number, default: 0]
            if open > 0 { demands.append(Sourcing.Demand(line: line.number, sku: line.sku, quantity: open)) }
        }
        demands.sort { $0.line < $1.line }
        return demands
    }

    /// What a step gives, and what it is short of; where it gives nothing, that is what keeps it from giving all.
    private func take(
        _ demands: [Sourcing.Demand], _ step: SourceAction.Step, _ candidates: [Sourcing.Candidate],
        beside places: [(demand: Sourcing.Demand, warehouse: String)], _ state: OrderState
    ) -> (plan: Sourcing.Plan, short: [Sourcing.Demand]) {
        let taken = taken(by: places)
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
