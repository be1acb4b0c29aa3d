/// Another receiver: applied to what waits to be handed over, asked of the warehouses that have the rest.
extension Decider {
    /// Replaces the receiver. What is planned is sourced afresh where the goods are to go to another area, and rules are asked
    /// again what they were asked about the receiver before.
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
        if let problem = obstacle(toLeaving: parts, state) { return .refused(problem) }
        let before = state
        var (trial, copy) = (self, state)
        copy.contact.update(state.order.number) { $0.receiver = receiver }
        trial.why.append("receiver edited")
        let edited = receiver.differences(from: before.contact.all.first?.receiver)
        if let problem = trial.refuseToSend(copy, before, edited, parts) { return .refused(problem) }
        if !edited.isDisjoint(with: Receiver.area), let problem = trial.sourceAfresh(&copy) {
            return .refused(problem)
        }
        (self, state) = (trial, copy)
        if state.order.merging.key != nil { leaveGroup(&state, as: .undecided) }
        for part in parts {
            if part.travelsIn == nil {
                askToAmend(part.id, isOfReceiver: true, &state)
            } else {
                askToLeave(part.id, isOfReceiver: true, &state)
            }
        }
        if !edited.isEmpty { chooseCarriersAgain(&state) }
        askRulesAgain(&state, before, edited)
        revalidate(&state)
        settle(&state)
        return .done(note: parts.isEmpty ? nil : "asked of \(parts.map(\.warehouse).joined(separator: ", "))")
    }

    /// To another receiver, an order leaves the parcels that it travels in with others.
    private func obstacle(toLeaving parts: [Fulfilment], _ state: OrderState) -> String? {
        let shared = parts.filter { $0.travelsIn != nil }
        if !shared.isEmpty, state.wasCancelled { return Self.wouldEnd }
        // Asked for again, the parcel goes to the receiver of the order that leads, with all that is in it.
        return shared.first { $0.isLead && $0.unanswered > 0 }.map {
            "\($0.warehouse) has not said yet whether it has \($0.subject), in which other orders go to that receiver: wait "
                + "for it, or cancel all of the order"
        }
    }

    /// A warehouse is asked for one change at a time: it could agree to one of two and refuse the other.
    func refuseWhileAsked(_ parts: [Fulfilment]) -> Outcome? {
        if let leaving = parts.first(where: \.wishesToLeave) {
            return .refused(
                "\(leaving.warehouse) has not answered whether \(leaving.id) leaves \(leaving.subject) yet: wait for it, "
                    + "or cancel all of the order")
        }
        guard let waiting = parts.first(where: \.isAmendOpen) else { return nil }
        return .refused(
            "\(waiting.warehouse) has not answered \(waiting.amendID) yet: wait for it, or cancel all of the order")
    }

    /// Finds the warehouses of what is planned again; where they are the same, it stays as it is.
    private mutating func sourceAfresh(_ state: inout OrderState) -> String? {
        let planned = state.fulfilments.all.filter { $0.state == .planned }
        let made = planned.filter { part in
            state.lines(of: part.id).contains { $0.open > 0 && state.lines[$0.key.line]?.type == .madeToOrder }
        }
        let isBusy = state.openHolds.contains { $0.reason.isSourcing }
        let receiver = state.contact.all.first?.receiver
        let stuck = (isBusy ? planned : made).first {
            set.reference.warehouses[$0.warehouse]?.parcelCost(to: receiver) == nil
        }
        if let stuck {
            let reason = isBusy ? "part of it is being sourced again" : "what was made to order is where it was made"
            return "\(stuck.warehouse) does not ship there, and \(reason)"
        }
        let moving = planned.filter { part in !made.contains { $0.id == part.id } }
        guard !isBusy, !moving.isEmpty else { return nil }
        var (trial, copy) = (self, state)
        for part in moving {
            trial.detach(part, &copy, as: .move)
            trial.finishShipped(part.id, &copy)
        }
        _ = trial.source(&copy)
        guard copy.keepsPlaces(of: state) else {
            return "no warehouse that has all of it ships there: cancel what it has not, or the order"
        }
        if copy.places != state.places { (self, state) = (trial, copy) }
        return nil
    }

    /// A carrier that a rule chose was chosen for the receiver before; one that staff chose stays, if it goes there.
    private mutating func chooseCarriersAgain(_ state: inout OrderState) {
        for part in state.fulfilments.all where part.state == .planned {
            guard let carrier = part.carrier, !part.isCarrierByStaff || !goes(carrier, to: state) else { continue }
            state.fulfilments.update(part.id) {
                $0.carrier = nil
                $0.isCarrierByStaff = false
            }
            why.append("\(part.id) goes with \(carrier) no more: its carrier is chosen again")
        }
    }
}

extension Receiver {
    /// What warehouses and their costs go by.
    fileprivate static let area: Set<OrderField> = [.country, .province, .city, .district, .postalCode]

    /// The fields in which it differs from another, as rules know them.
    fileprivate func differences(from other: Receiver?) -> Set<OrderField> {
        let fields: [(OrderField, KeyPath<Receiver, String?>)] = [
            (.receiverName, \.name), (.receiverPhone, \.phone), (.country, \.country), (.province, \.province),
            (.city, \.city), (.district, \.district), (.address, \.address), (.postalCode, \.postalCode),
        ]
        return Set(fields.filter { self[keyPath: $0.1] != other?[keyPath: $0.1] }.map(\.0))
    }
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
