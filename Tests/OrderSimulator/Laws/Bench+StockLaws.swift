import OrderCore

/// Stock is never oversold, and every unit is accounted for in the stock journal (`P5`).
extension Bench {
    /// What is said not to touch stock does not; placing reserves for what it names and what rules give, and
    /// nothing else.
    func stockLaws(_ message: Message, _ movements: some Collection<StockMovement>, gifts: [String]) -> [String] {
        guard !message.payload.touchesStock else { return [] }
        var allowed: Set<String> = []
        if case .orderPlaced(let placed) = message.payload {
            allowed = Set(placed.lines.map(\.sku) + gifts)
        }
        return movements.filter { $0.kind != .reserve || !allowed.contains($0.key.sku) }.map {
            "\(message.payload.name) touches stock: \($0.kind) of \($0.key.subject)"
        }
    }

    /// What the buyer has is not stock again.
    func phantoms(_ state: OrderState) -> [String] {
        let delivered = state.parcels.all.filter { $0.state == .delivered }
        guard !delivered.isEmpty else { return [] }
        return delivered.filter { parcel in
            movements.contains {
                $0.kind == .restock && $0.orderNumber == state.order.number
                    && $0.reference == parcel.key.shipment && $0.key.warehouse == parcel.key.warehouse
            }
        }.map { "parcel \($0.key.shipment) is delivered, and stock again" }
    }

    /// Each physical line of a parcel is taken off the stock of its warehouse, once.
    func deductionLaws(_ changes: Changes) -> [String] {
        var expected: [StockKey: Int64] = [:]
        var known: Set<Parcel.Key> = []
        for entry in changes.journal {
            for case .parcel(let parcel) in entry.rows {
                guard books.folded[entry.orderNumber]?.parcels[parcel.key] == nil,
                    known.insert(parcel.key).inserted
                else { continue }
                for (line, quantity) in zip(parcel.lines, parcel.quantities) {
                    guard let line = set.orders[entry.orderNumber]?.lines[line], line.type == .physical else {
                        continue
                    }
                    let key = StockKey(sku: line.sku, warehouse: parcel.key.warehouse)
                    // Before the last count it was not in it any more.
                    let isCounted = set.stock[key]?.countedAt.map { parcel.shippedAt < $0 } ?? false
                    expected[key, default: 0] += isCounted ? 0 : quantity
                }
            }
        }
        var found: [StockKey: Int64] = [:]
        for movement in changes.movements where movement.kind == .deduct {
            found[movement.key, default: 0] -= movement.onHand
        }
        let isAlone = changes.outcomes.count == 1
        return expected.compactMap { key, units in
            let deducted = found[key] ?? 0
            guard isAlone ? deducted != units : deducted < units else { return nil }
            return "\(key.subject): \(units) left, \(deducted) were deducted"
        }
    }

    mutating func stockLaws(_ changes: Changes, _ changed: [(before: StockLevel, after: StockLevel)]) -> [String] {
        var found = movementLaws(changes)
        for (before, after) in changed {
            if before.available != after.available, !changes.stockToTell.contains(after.key) {
                found.append("\(after.key.subject) has changed, and nobody is to hear of it")
            }
            if after.missing > before.missing, !changes.takeAways.contains(after.key) {
                found.append("\(after.key.subject) is missing, and nobody gives it up")
            }
        }
        guard !changes.movements.isEmpty else { return found }
        var promised: [StockKey: Int64] = [:]
        for state in set.orders.values {
            for part in state.fulfilmentLines.all where part.reserved > 0 {
                let warehouse = state.fulfilments[part.key.fulfilment]?.warehouse ?? ""
                promised[StockKey(sku: part.sku, warehouse: warehouse), default: 0] += part.reserved
            }
        }
        for (key, sum) in books.stock {
            guard let level = set.stock[key] else { continue }
            let stands = StockSum(onHand: level.onHand, reserved: level.reserved, missing: level.missing)
            if stands != sum { found.append("\(key.subject): the journal sums to another level") }
            if level.onHand < 0 || level.reserved < 0 || level.missing < 0 {
                found.append("\(key.subject) is negative")
            }
            if level.reserved > level.onHand + level.missing { found.append("\(key.subject) is oversold") }
            if level.missing > 0, level.reserved < level.onHand + level.missing {
                found.append("\(key.subject): more is missing than is promised")
            }
            if level.reserved != promised[key, default: 0] {
                found.append("\(key.subject): \(level.reserved) reserved, orders have \(promised[key, default: 0])")
            }
        }
        return found
    }

    /// Each movement does what its kind says; nothing is reserved that is not there.
    private mutating func movementLaws(_ changes: Changes) -> [String] {
        var found: [String] = []
        let isAlone = changes.outcomes.count == 1
        for movement in changes.movements {
            books.stock[movement.key, default: StockSum()].add(movement)
            let sum = books.stock[movement.key] ?? StockSum()
            let isPlausible =
                switch movement.kind {
                case .reserve: movement.reserved > 0 && movement.onHand == 0 && sum.reserved <= sum.onHand
                case .release, .move: movement.reserved < 0 && movement.onHand == 0
                // No more than is missing is taken from an order.
                case .takeAway: movement.reserved < 0 && movement.onHand == 0 && movement.missing == movement.reserved
                case .deduct: movement.onHand <= 0 && movement.reserved <= 0
                case .restock, .receive: movement.onHand >= 0 && movement.reserved == 0
                case .count: movement.reserved == 0
                case .adjust: movement.reserved <= 0 && isPhantomFree(movement, sum)
                }
            if !isPlausible { found.append("\(movement.key.subject): a \(movement.kind) that is none") }
            if movement.kind == .reserve, isAlone, let safety = set.stock[movement.key]?.safety,
                sum.onHand - sum.reserved < safety
            {
                found.append("\(movement.key.subject): the safety stock is promised")
            }
        }
        return found
    }

    /// What a warehouse is short of is not there either, unless a count has told so already.
    private func isPhantomFree(_ movement: StockMovement, _ sum: StockSum) -> Bool {
        guard movement.reserved < 0, set.stock[movement.key]?.countedAt == nil else { return true }
        return movement.onHand == max(movement.reserved, movement.onHand - sum.onHand)
    }
}
