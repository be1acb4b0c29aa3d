extension OrderState {
    /// What the carrier of a fulfilment collects of a cash order, minor units: the parts sum to what is still to be paid.
    ///
    /// Split by the value of what each ships, shipping and lines without a parcel included. Until something has left,
    /// what is there was paid beforehand; from then on it may be the cash of another part.
    func collect(by id: String) -> Int64 {
        let owed = max(0, order.due - order.money.received)
        let alive = fulfilments.all.filter { fulfilment in
            fulfilment.state != .rejected && lines(of: fulfilment.id).contains { $0.quantity > $0.cancelled }
        }
        guard alive.count > 1, let place = alive.firstIndex(where: { $0.id == id }) else { return owed }
        var before: [Int64: Int64] = [:]
        var (values, units): ([Int64], [Int64]) = ([], [])
        for fulfilment in alive {
            var (value, count): (Int64, Int64) = (0, 0)
            for part in lines(of: fulfilment.id) {
                guard let line = lines[part.key.line] else { continue }
                let kept = part.quantity - part.cancelled
                let first = before[line.number, default: 0]
                before[line.number] = first + kept
                value += Allocation.firstUnits(first + kept, of: line.quantity, amount: line.share)
                value -= Allocation.firstUnits(first, of: line.quantity, amount: line.share)
                count += kept
            }
            values.append(value)
            units.append(count)
        }
        let whole = fulfilmentsShipped ? order.due : owed
        return min(owed, Allocation.split(whole, by: values, fallback: units)[place])
    }
}
