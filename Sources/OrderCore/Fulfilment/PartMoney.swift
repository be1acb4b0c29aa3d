extension OrderState {
    /// What the carrier of a fulfilment collects of a cash order, minor units: the parts sum to what is still to be paid.
    ///
    /// Split by the value of what each ships, shipping and virtual lines included. What a warehouse refused or was short of
    /// counts as a part of its own until it is sourced again: its carrier will collect for it. Until something has left,
    /// what is there was paid beforehand; from then on it may be the cash of another part.
    func collect(by id: String) -> Int64 {
        let owed = max(0, order.due - order.money.received)
        let loads = loads
        guard let place = loads.firstIndex(where: { $0.fulfilment == id }) else { return 0 }
        guard loads.count > 1 else { return owed }
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
        let whole = fulfilmentsShipped ? order.due : owed
        return min(owed, Allocation.split(whole, by: values, fallback: units)[place])
    }

    /// What ships together, in an order that stays when a part goes on as another: else what is rounded would be told of
    /// two parts, or of none.
    private var loads: [Load] {
        var loads = fulfilments.all.map { fulfilment in
            Load(
                fulfilment: fulfilment.id, warehouse: fulfilment.warehouse,
                units: lines(of: fulfilment.id).map {
                    LineQuantity(line: $0.key.line, quantity: $0.quantity - $0.cancelled)
                })
        }
        let carried = loads.flatMap(\.units).sums
        // No warehouse has them; what is virtual never goes to one.
        let loose = lines.all.filter { $0.type != .virtual }.map {
            LineQuantity(line: $0.number, quantity: $0.quantity - $0.cancelled - carried[$0.number, default: 0])
        }
        loads.append(Load(fulfilment: "", warehouse: "", units: loose))
        for place in loads.indices {
            loads[place].units = loads[place].units.filter { $0.quantity > 0 }.sorted { $0.line < $1.line }
        }
        return loads.filter { !$0.units.isEmpty }.sorted { $0.precedes($1) }
    }
}

/// What a fulfilment carries of an order, or nobody does.
private struct Load {
    var fulfilment: String
    var warehouse: String
    var units: [LineQuantity]

    func precedes(_ other: Load) -> Bool {
        let (own, others) = (units.flatMap { [$0.line, $0.quantity] }, other.units.flatMap { [$0.line, $0.quantity] })
        if own != others { return own.lexicographicallyPrecedes(others) }
        return (warehouse, fulfilment) < (other.warehouse, other.fulfilment)
    }
}
