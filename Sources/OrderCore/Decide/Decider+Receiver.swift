/// Another receiver: applied to what waits to be handed over, asked of the warehouses that have the rest.
extension Decider {
    /// Replaces the receiver. What is planned is sourced afresh where the goods are to go to another area.
    mutating func edit(_ state: inout OrderState, _ receiver: Receiver) -> Outcome {
        let parts = state.fulfilments.all.filter { part in
            part.state.isWithWarehouse && state.lines(of: part.id).contains { $0.open > 0 }
        }
        guard !state.order.status.isFinal, state.order.status.isBeforeRelease || !parts.isEmpty else {
            return .refused("all of it has left, or ended: ask the carrier")
        }
        guard !state.order.isCancelling else { return .refused("all of it is being cancelled already") }
        let missing = receiver.missingFields
        guard missing.isEmpty || state.lines.all.allSatisfy({ $0.type == .virtual }) else {
            return .refused("the receiver has no \(missing.joined(separator: ", "))")
        }
        if let refusal = refuseWhileAsked(parts) { return refusal }
        let before = state.contact.all.first?.receiver
        var (trial, copy) = (self, state)
        copy.contact.update(state.order.number) { $0.receiver = receiver }
        trial.why.append("receiver edited")
        if before?.area != receiver.area, let problem = trial.sourceAfresh(&copy) { return .refused(problem) }
        (self, state) = (trial, copy)
        if state.order.merging.key != nil { leaveGroup(&state, as: .undecided) }
        for part in parts { askToAmend(part.id, isOfReceiver: true, &state) }
        revalidate(&state)
        settle(&state)
        return .done(note: parts.isEmpty ? nil : "asked of \(parts.map(\.warehouse).joined(separator: ", "))")
    }

    /// A warehouse is asked for one change at a time: it could agree to one of two and refuse the other.
    func refuseWhileAsked(_ parts: [Fulfilment]) -> Outcome? {
        if let shared = parts.first(where: { $0.travelsIn != nil }) {
            return .refused("\(shared.id) travels with other orders: take it out first, or cancel all of the order")
        }
        guard let waiting = parts.first(where: \.isAmendOpen) else { return nil }
        return .refused(
            "\(waiting.warehouse) has not answered \(waiting.amendID) yet: wait for it, or cancel all of the order")
    }

    /// Finds the warehouses of what is planned again; where they are the same, it stays as it is.
    private mutating func sourceAfresh(_ state: inout OrderState) -> String? {
        let planned = state.fulfilments.all.filter { $0.state == .planned }
        let isPhysical = planned.allSatisfy { part in
            state.lines(of: part.id).allSatisfy { state.lines[$0.key.line]?.type == .physical }
        }
        guard !planned.isEmpty, isPhysical, state.order.isValidated,
            !state.openHolds.contains(where: { $0.reason.isSourcing })
        else { return nil }
        var (trial, copy) = (self, state)
        for part in planned {
            trial.detach(part, &copy, as: .move)
            trial.finishShipped(part.id, &copy)
        }
        guard trial.source(&copy, excluding: state.refusers).reasons.isEmpty else {
            return "no warehouse that has all of it ships there: cancel what it has not, or the order"
        }
        if copy.places != state.places { (self, state) = (trial, copy) }
        return nil
    }
}

extension Receiver {
    /// What warehouses and their costs go by.
    fileprivate var area: [String?] { [country, province, city, district, postalCode] }
}

extension OrderState {
    /// Units that wait to be handed over, by warehouse and line.
    fileprivate var places: [StockKey: [Int64: Int64]] {
        fulfilmentLines.all.reduce(into: [:]) { places, part in
            guard part.open > 0, let fulfilment = fulfilments[part.key.fulfilment], fulfilment.state == .planned else {
                return
            }
            let key = StockKey(sku: part.sku, warehouse: fulfilment.warehouse)
            places[key, default: [:]][part.key.line, default: 0] += part.open
        }
    }
}
