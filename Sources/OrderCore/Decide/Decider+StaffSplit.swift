/// A parcel of its own, as staff want it (手工拆单).
extension Decider {
    /// Takes units of a part that is not handed over into a part of their own, in the same warehouse: what they have
    /// reserved goes with them, so that no stock moves.
    ///
    /// - Parameter id: the part; else the first that carries all of them.
    mutating func split(_ state: inout OrderState, _ units: [LineQuantity], from id: String?) -> Outcome {
        let wanted = units.sums
        guard !wanted.isEmpty, wanted.values.allSatisfy({ $0 > 0 }) else { return .refused("no lines are named") }
        let planned = state.fulfilments.all.filter { $0.state == .planned && (id == nil || $0.id == id) }
        guard !planned.isEmpty else {
            return .refused("nothing of it waits to be handed over: what a warehouse has, it packs itself")
        }
        func carries(_ part: Fulfilment) -> Bool {
            wanted.allSatisfy { state.fulfilmentLines[FulfilmentLine.Key(part.id, $0.key)]?.open ?? 0 >= $0.value }
        }
        guard let part = planned.first(where: carries) else {
            return .refused("no part that waits to be handed over carries all of them")
        }
        guard state.lines(of: part.id).contains(where: { $0.open > wanted[$0.key.line, default: 0] }) else {
            return .refused("\(part.id) is a parcel of its own already")
        }
        let new = state.planFulfilment(in: part.warehouse)
        state.fulfilments.update(new) {
            $0.carrier = part.carrier
            $0.isCarrierByStaff = part.isCarrierByStaff
            $0.workday = part.workday
        }
        for (number, quantity) in wanted.sorted(by: { $0.key < $1.key }) {
            let key = FulfilmentLine.Key(part.id, number)
            guard let line = state.fulfilmentLines[key] else { continue }
            let reserved = min(line.reserved, quantity)
            var moved = FulfilmentLine(key: FulfilmentLine.Key(new, number), sku: line.sku, quantity: quantity)
            moved.reserved = reserved
            state.fulfilmentLines.insert(moved)
            state.fulfilmentLines.update(key) {
                $0.cancelled += quantity
                $0.reserved -= reserved
            }
        }
        let names = wanted.sorted { $0.key < $1.key }.map { "\($0.value) of line \($0.key)" }
        why.append("\(new) split off \(part.id): \(names.joined(separator: ", "))")
        settle(&state)
        return .done(note: "\(new) is a parcel of its own")
    }
}
