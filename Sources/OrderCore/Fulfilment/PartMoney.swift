// What carriers collect of a cash order. What each was told last is remembered, so that whoever is told later collects the
// rest, and all of them together what is owed.
extension OrderState {
    /// What the carrier of a part collects, minor units: what it was told last, else its share by value of what nobody was
    /// told to collect yet. What a warehouse refused or was short of will have a carrier, too: that of where it is sourced
    /// again.
    func cash(by id: String) -> Int64 {
        guard order.paymentTerm == .cashOnDelivery else { return 0 }
        if let told = fulfilments[id]?.collect { return told }
        let loads = untold
        guard let place = loads.firstIndex(where: { $0.fulfilment == id }) else { return 0 }
        let left = max(0, cashOwed - cashTold.values.reduce(0, +))
        var before: [Int64: Int64] = [:]
        var (values, units): ([Int64], [Int64]) = ([], [])
        for load in loads {
            var (value, count): (Int64, Int64) = (0, 0)
            for part in load.units {
                guard let line = lines[part.line] else { continue }
                let first = before[line.number, default: 0]
                before[line.number] = first + part.quantity
                value += Allocation.firstUnits(first + part.quantity, of: line.quantity, amount: line.share)
                value -= Allocation.firstUnits(first, of: line.quantity, amount: line.share)
                count += part.quantity
            }
            values.append(value)
            units.append(count)
        }
        return Allocation.split(left, by: values, fallback: units)[place]
    }

    /// Remembers what the carriers of parts are told as they are handed over.
    mutating func tellCash(by parts: [String]) {
        let parts = parts.filter { fulfilments[$0]?.collect == nil }
        guard order.paymentTerm == .cashOnDelivery, !parts.isEmpty else { return }
        let sums = parts.map { cash(by: $0) }
        if cashTold.isEmpty { order.paidBefore = order.money.received }
        for (part, sum) in zip(parts, sums) { fulfilments.update(part) { $0.collect = sum } }
    }

    /// What carriers collect together: what is due, less what had come before any of them was told. What comes later is
    /// the cash of one of them.
    var cashOwed: Int64 { max(0, order.due - (cashTold.isEmpty ? order.money.received : order.paidBefore)) }

    /// What carriers were told to collect, by part. For a part of which nothing leaves, nobody does.
    var cashTold: [String: Int64] {
        fulfilments.all.reduce(into: [:]) { told, part in
            guard let collect = part.collect, leaves(part) else { return }
            told[part.id] = collect
        }
    }

    /// Some of what will leave has no carrier yet that was told to collect for it.
    var isCashUntold: Bool { !untold.isEmpty }

    /// Some of it has left, or will by what its warehouse has said.
    private func leaves(_ part: Fulfilment) -> Bool {
        lines(of: part.id).contains { $0.shipped > 0 || $0.open > 0 && part.state != .rejected }
    }

    /// What ships together and nobody was told to collect for, part by part; at the end what no warehouse has.
    private var untold: [Load] {
        var loose = lines.all.filter { $0.type != .virtual }.reduce(into: [Int64: Int64]()) {
            $0[$1.number] = $1.quantity - $1.cancelled
        }
        var loads: [Load] = []
        for part in fulfilments.all {
            let carried = lines(of: part.id).map {
                // What it has refused is for another warehouse.
                let units = part.state == .rejected ? $0.shipped : $0.quantity - $0.cancelled
                return LineQuantity(line: $0.key.line, quantity: units)
            }
            for units in carried { loose[units.line, default: 0] -= units.quantity }
            if part.collect == nil { loads.append(Load(fulfilment: part.id, units: carried)) }
        }
        let rest = loose.map { LineQuantity(line: $0.key, quantity: $0.value) }
        loads.append(Load(fulfilment: nil, units: rest.sorted { $0.line < $1.line }))
        for place in loads.indices { loads[place].units.removeAll { $0.quantity <= 0 } }
        return loads.filter { !$0.units.isEmpty }
    }
}

/// What a fulfilment carries of an order, or nobody does.
private struct Load {
    var fulfilment: String?
    var units: [LineQuantity]
}
