import OrderCore

/// What warehouses can work on in a day is never oversold, and is what orders have of it (`P5`).
extension Bench {
    func workLaws() -> [String] {
        var promised: [WarehouseDay: Int64] = [:]
        for state in set.orders.values {
            let days = state.fulfilments.all.compactMap { part in
                part.workday.map { WarehouseDay(warehouse: part.warehouse, day: $0) }
            }
            for day in Set(days) { promised[day, default: 0] += 1 }
        }
        return Set(set.work.days).union(promised.keys).sorted().flatMap { day -> [String] in
            let (taken, orders) = (set.work[day], promised[day, default: 0])
            var found: [String] = []
            if taken != orders {
                found.append("\(day.warehouse) works for \(taken) on day \(day.day), orders have \(orders)")
            }
            if let capacity = set.reference.rules.set.warehouses[day.warehouse]?.capacity, taken > capacity {
                found.append("\(day.warehouse) can work for \(capacity) on day \(day.day), \(taken) are promised")
            }
            return found
        }
    }
}
