/// What warehouses can work on in a day (产能): promised to an order with its stock, given back where its part leaves the
/// warehouse before it is handed over. All parts of an order in a warehouse are one.
extension Decider {
    /// How far ahead the work of a warehouse is promised.
    enum Reach {
        /// The day on which it works on what it is given now.
        case workday
        /// The first of the next days on which it has time.
        case soon
    }

    /// Whether a warehouse has time for an order.
    func hasTime(_ warehouse: String, _ reach: Reach, _ state: OrderState) -> Bool {
        guard let capacity = set.reference.rules.set.warehouses[warehouse]?.capacity else { return true }
        return day(of: warehouse, capacity, reach, state) != nil
    }

    /// Promises the work of newly planned parts to their warehouses.
    mutating func takeWork(_ planned: some Sequence<Fulfilment>, _ reach: Reach, _ state: inout OrderState) {
        for part in planned {
            guard let capacity = set.reference.rules.set.warehouses[part.warehouse]?.capacity,
                let day = day(of: part.warehouse, capacity, reach, state)
            else { continue }
            if !state.has(day) { set.work.add(1, to: day) }
            state.fulfilments.update(part.id) { $0.workday = day.day }
        }
    }

    /// A part is not handed over after all: its warehouse has time for another, unless more of the order is there.
    mutating func giveBackWork(_ id: String, _ state: inout OrderState) {
        guard let part = state.fulfilments[id], let workday = part.workday else { return }
        state.fulfilments.update(id) { $0.workday = nil }
        let day = WarehouseDay(warehouse: part.warehouse, day: workday)
        if !state.has(day) { set.work.add(-1, to: day) }
    }

    private func day(of warehouse: String, _ capacity: Int64, _ reach: Reach, _ state: OrderState) -> WarehouseDay? {
        let first = set.reference.rules.set.workday(of: warehouse, at: now)
        let last = reach == .workday ? first : first + WarehouseDay.daysAhead - 1
        return (first...last).lazy.map { WarehouseDay(warehouse: warehouse, day: $0) }
            .first { state.has($0) || set.work[$0] < capacity }
    }
}

extension OrderState {
    /// A part of it is the work of this day.
    fileprivate func has(_ day: WarehouseDay) -> Bool {
        fulfilments.all.contains { $0.warehouse == day.warehouse && $0.workday == day.day }
    }
}
