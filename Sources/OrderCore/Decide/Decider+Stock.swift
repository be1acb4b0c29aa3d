extension Decider {
    /// Reserves every physical line that has no warehouse yet, all or none; the reasons why not, where it can't. Where
    /// the policy splits backorders, what can't be met does not keep the other lines from being reserved.
    ///
    /// - Parameter excluded: warehouses that have refused the order before.
    mutating func source(_ state: inout OrderState, excluding excluded: Set<String> = []) -> [Reason] {
        let planned = state.planned
        let demands = state.lines.all.filter { $0.type == .physical }.compactMap { line -> Sourcing.Demand? in
            let open = line.open - planned[line.number, default: 0]
            return open > 0 ? Sourcing.Demand(line: line.number, sku: line.sku, quantity: open) : nil
        }
        guard !demands.isEmpty else { return [] }
        let candidates = candidates(for: demands, excluding: excluded)
        switch Sourcing.assign(demands, candidates: candidates, available: { set.stock[$0]?.available ?? 0 }) {
        case .success(let plan):
            reserve(plan, &state)
            return []
        case .failure where policy(state).allowsSplitBackorders:
            let (plan, short) = Sourcing.assignWhatFits(
                demands, candidates: candidates, available: { set.stock[$0]?.available ?? 0 })
            reserve(plan, &state)
            return short.map { shortReason($0, in: state, candidates) }
        case .failure(let shortage):
            return shortage.demands.map { shortReason($0, in: state, candidates) }
        }
    }

    private func candidates(for demands: [Sourcing.Demand], excluding excluded: Set<String>) -> [String] {
        let codes = Set(demands.flatMap { set.stock.warehouses(of: $0.sku) })
        let open = codes.compactMap { set.reference.warehouses[$0] }.filter {
            $0.isActive && !excluded.contains($0.code)
        }
        return open.sorted { ($0.priority, $0.code) < ($1.priority, $1.code) }.map(\.code)
    }

    private mutating func shortReason(
        _ demand: Sourcing.Demand, in state: OrderState, _ candidates: [String]
    ) -> Reason {
        let index = state.lines.all.firstIndex { $0.number == demand.line } ?? 0
        let path = "lines[\(index)].sku"
        let known = candidates.filter { set.stock[StockKey(sku: demand.sku, warehouse: $0)] != nil }
        guard !known.isEmpty else {
            return Reason(.noWarehouse, path: path, "no active warehouse keeps \(demand.sku)")
        }
        let most = known.compactMap { set.stock[StockKey(sku: demand.sku, warehouse: $0)]?.available }.max() ?? 0
        alert(
            .stockShort(
                nil, sku: demand.sku, orderNumber: state.order.number, missing: demand.quantity - max(0, most)),
            orderNumber: state.order.number)
        return Reason(
            .outOfStock, path: path,
            "\(demand.quantity) of \(demand.sku) wanted, at most \(max(0, most)) in one warehouse")
    }

    private mutating func reserve(
        _ plan: [(demand: Sourcing.Demand, warehouse: String)], _ state: inout OrderState
    ) {
        var planned: [String: String] = [:]
        for (demand, warehouse) in plan {
            let id = planned[warehouse] ?? state.planFulfilment(in: warehouse)
            planned[warehouse] = id
            let key = FulfilmentLine.Key(id, demand.line)
            var line = FulfilmentLine(key: key, sku: demand.sku, quantity: demand.quantity)
            line.reserved = demand.quantity
            state.fulfilmentLines.insert(line)
            move(
                StockKey(sku: demand.sku, warehouse: warehouse), .reserve, reserved: demand.quantity,
                for: state.order.number, demand.line, reference: id)
        }
    }

    /// Gives back what a fulfilment's line has reserved, up to so many units.
    mutating func unreserve(
        _ state: inout OrderState, _ key: FulfilmentLine.Key, in warehouse: String, upTo units: Int64,
        as kind: StockMovement.Kind = .release
    ) {
        guard let line = state.fulfilmentLines[key], line.reserved > 0, units > 0 else { return }
        let given = min(line.reserved, units)
        state.fulfilmentLines.update(key) { $0.reserved -= given }
        move(
            StockKey(sku: line.sku, warehouse: warehouse), kind, reserved: -given, for: state.order.number, key.line,
            reference: key.fulfilment)
    }

    /// Changes a stock row and writes its journal. `missing` follows: what is promised above what is there.
    mutating func move(
        _ key: StockKey, _ kind: StockMovement.Kind, onHand: Int64 = 0, reserved: Int64 = 0, for order: String? = nil,
        _ line: Int64? = nil, reference: String?
    ) {
        var missing: Int64 = 0
        set.stock.update(key) { level in
            let before = level.missing
            level.onHand += onHand
            level.reserved += reserved
            level.missing = max(0, level.reserved - level.onHand)
            missing = level.missing - before
        }
        changes.movements.append(
            StockMovement(
                key: key, kind: kind, onHand: onHand, reserved: reserved, missing: missing, orderNumber: order,
                line: line, reference: reference))
    }

    /// `stock.received`, `stock.adjusted`, `stock.counted`: what a warehouse reports stands.
    mutating func apply(_ report: StockReport) -> Outcome {
        let bounds = 0...Limits.amountMinor
        if let safety = report.safety { set.stock.update(report.key) { $0.safety = safety.held(in: bounds) } }
        if let threshold = report.lowThreshold {
            set.stock.update(report.key) { $0.lowThreshold = threshold.held(in: bounds) }
        }
        let level = set.stock[report.key]
        let onHand = level?.onHand ?? 0
        let isOld = level?.countedAt.map { report.occurredAt < $0 } ?? false
        switch report.kind {
        case .received:
            let units = isOld ? 0 : report.quantity.held(in: 0...max(0, Limits.amountMinor - onHand))
            move(report.key, .receive, onHand: units, reference: report.document)
        case .adjusted:
            let units = isOld ? 0 : report.quantity.held(in: -onHand...max(-onHand, Limits.amountMinor - onHand))
            move(report.key, .adjust, onHand: units, reference: report.document)
        case .counted:
            guard !isOld else {
                move(report.key, .count, reference: report.document)
                break
            }
            set.stock.update(report.key) { $0.countedAt = report.occurredAt }
            let there = report.quantity.held(in: bounds)
            move(report.key, .count, onHand: there - onHand, reference: report.document)
        }
        return isOld ? .done(note: "older than the last count: journalled only") : .done
    }
}

extension OrderState {
    /// Units by line that fulfilments still carry; what a warehouse rejected it carries no more.
    var planned: [Int64: Int64] {
        let rejected = Set(fulfilments.all.filter { $0.state == .rejected }.map(\.id))
        return fulfilmentLines.all.reduce(into: [:]) { sums, part in
            if !rejected.contains(part.key.fulfilment) { sums[part.key.line, default: 0] += part.open }
        }
    }

    /// Adds a fulfilment in a warehouse and returns its id.
    mutating func planFulfilment(in warehouse: String) -> String {
        let id = Fulfilment.id(fulfilments.all.count + 1, of: order.number)
        fulfilments.insert(Fulfilment(id: id, orderNumber: order.number, warehouse: warehouse))
        return id
    }
}

extension Int64 {
    /// The nearest value within bounds.
    fileprivate func held(in bounds: ClosedRange<Int64>) -> Int64 {
        Swift.min(Swift.max(self, bounds.lowerBound), bounds.upperBound)
    }
}
