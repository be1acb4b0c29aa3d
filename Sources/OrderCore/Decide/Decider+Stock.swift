extension Decider {
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
        rememberRoom(of: key)
        set.stock.update(key) { level in
            let before = level.missing
            level.onHand += onHand
            level.reserved += reserved
            level.missing = max(0, level.reserved - level.onHand)
            missing = level.missing - before
        }
        countShare(key, reserved, for: order)
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
        if fulfilmentLines.all.isEmpty { return [:] }
        let rejected = Set(fulfilments.all.filter { $0.state == .rejected }.map(\.id))
        return fulfilmentLines.all.reduce(into: [:]) { sums, part in
            if !rejected.contains(part.key.fulfilment) { sums[part.key.line, default: 0] += part.open }
        }
    }

    /// Whether as much of each line has its place as before, of what is still wanted of it.
    func keepsPlaces(of before: OrderState) -> Bool {
        let (had, has) = (before.planned, planned)
        return lines.all.allSatisfy { has[$0.number, default: 0] >= min(had[$0.number, default: 0], $0.open) }
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
