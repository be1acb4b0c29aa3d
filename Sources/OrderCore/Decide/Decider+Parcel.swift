/// Takes orders out of a parcel that its warehouse has. What one order wishes is asked under the lock of the one that leads,
/// by a due row that names all of them.
extension Decider {
    /// Wishes that a part leaves the parcel it travels in.
    mutating func askToLeave(_ id: String, _ state: inout OrderState) {
        guard let parcel = state.fulfilments[id]?.travelsIn, let lead = Fulfilment.orderNumber(ofIdentifier: parcel)
        else { return }
        state.fulfilments.update(id) {
            $0.cancel = .requested
            $0.leaveNumber = 0
        }
        setTimer(.cancelUnanswered, state, reference: id, after: wait(.noAnswerAfter, state))
        changes.set(Timer(kind: .leaveParcel, orderNumber: lead, reference: parcel, dueAt: now))
        why.append("\(id) is to leave \(parcel)")
    }

    /// Asks the warehouse for the parcel without those that wish to leave it; to stop it, where nobody stays.
    mutating func amendParcel(_ timer: Timer) -> Outcome {
        let parcel = timer.reference
        guard let lead = timer.orderNumber else { return .done(note: "names no order") }
        let numbers = ([lead] + timer.others).sorted()
        guard numbers.allSatisfy({ set.quarantined[$0] == nil }) else {
            var later = timer
            later.dueAt = now.adding(seconds: Self.restSeconds)
            changes.set(later)
            return .done(note: "one of its orders can't be read: it is asked later")
        }
        let parts = numbers.compactMap { number in
            set.orders[number].flatMap { order in
                order.fulfilments.all.first { $0.travelsIn == parcel }.map { (order: order, part: $0) }
            }
        }
        guard let leading = parts.first(where: { $0.part.isLead })?.part else {
            return .done(note: "there is no such parcel")
        }
        let leaving = parts.filter { $0.part.isLeaving && $0.order.lines(of: $0.part.id).contains { $0.open > 0 } }
        guard !leaving.isEmpty else { return .done(note: "answered meanwhile") }
        let number = leading.requestNumber + 1
        let names = leaving.map(\.order.order.number).joined(separator: ", ")
        let lines = parts.flatMap { order, part in order.kept(of: part) }
        let isEmpty = !parts.contains { order, part in
            part.isOnBoard && order.lines(of: part.id).contains { $0.open > 0 }
        }
        let collect = parts.reduce(0) { $0 + cash(of: $1.part, $1.order) }
        _ = withOrder(lead) { decider, state in
            state.fulfilments.update(leading.id) { $0.requestNumber = number }
            guard let asked = state.fulfilments[leading.id] else { return .done }
            decider.why.append("\(parcel) without \(names) asked for")
            if isEmpty {
                decider.tell(
                    .fulfilmentCancelRequested(asked, requestID: asked.requestID, reason: "nobody_stays"),
                    aboutFulfilment: asked.id, of: &state)
            } else {
                let request = EventPayload.AmendRequest(
                    fulfilment: asked, lines: lines, receiver: nil, collect: collect, currency: state.order.currency,
                    reason: "order_leaves", requestID: asked.requestID)
                decider.tell(.fulfilmentAmendRequested(request), aboutFulfilment: asked.id, of: &state)
            }
            return .done
        }
        for (order, part) in leaving {
            _ = withOrder(order.order.number) { decider, state in
                state.fulfilments.update(part.id) { $0.leaveNumber = number }
                decider.why.append("\(part.id) asked to leave \(parcel) by request \(number)")
                return .done
            }
        }
        return .done
    }

    /// What is collected with a parcel for a part that stays in it, or for what has left with it of one that does not.
    private func cash(of part: Fulfilment, _ state: OrderState) -> Int64 {
        guard state.order.paymentTerm == .cashOnDelivery, !part.isOnBoard else { return state.cash(by: part.id) }
        var after = state
        let isCancelled = state.endsWhenStopped(part)
        for line in state.lines(of: part.id) {
            after.fulfilmentLines.update(line.key) { $0.cancelled += $0.open }
            if isCancelled { after.lines.update(line.key.line) { $0.cancelled += min(line.open, $0.open) } }
        }
        guard isCancelled else { return after.collect(by: part.id) }
        recount(&after)
        guard after.lines(of: part.id).contains(where: { $0.shipped > 0 }) else { return 0 }
        return max(0, state.collect(by: part.id) - (state.order.due - after.order.due))
    }

    /// A warehouse has taken out of a parcel what was to leave it.
    mutating func leaveParcel(_ state: inout OrderState, _ fulfilment: Fulfilment, _ report: FulfilmentReport) {
        if fulfilment.isAnswered(by: report) { stopped(&state, fulfilment, report, as: .cancelled) }
    }

    /// A warehouse ships with the others what was to leave them, unless it agrees to what it was asked since.
    mutating func stayInParcel(_ state: inout OrderState, _ fulfilment: Fulfilment, _ report: FulfilmentReport) {
        guard fulfilment.isAnswered(by: report) else { return }
        if fulfilment.wishesToLeave, report.requestID != nil,
            let newest = lastRequest(of: fulfilment, state), newest > fulfilment.leaveNumber
        {
            state.fulfilments.update(fulfilment.id) { $0.leaveNumber = newest }
            why.append("refused, but left out by request \(newest) as well")
            return
        }
        cancelRefused(&state, fulfilment, .refused, report.reason)
    }

    /// The number of the last request about the parcel that a part travels in.
    private func lastRequest(of part: Fulfilment, _ state: OrderState) -> Int64? {
        guard let parcel = part.travelsIn, let lead = Fulfilment.orderNumber(ofIdentifier: parcel) else { return nil }
        let leader = lead == state.order.number ? state : set.orders[lead]
        return leader?.fulfilments.all.first { $0.isLead && $0.travelsIn == parcel }?.requestNumber
    }

    /// A part that was to leave its parcel has nothing to leave any more.
    mutating func giveUpLeaving(_ fulfilment: Fulfilment, _ state: inout OrderState) {
        state.fulfilments.update(fulfilment.id) { $0.cancel = .none }
        endLeaving(fulfilment, &state)
    }

    private mutating func endLeaving(_ fulfilment: Fulfilment, _ state: inout OrderState) {
        dropTimer(.cancelUnanswered, state, reference: fulfilment.id)
        fix(&state, .cancelRefused, path: fulfilment.id, "the warehouse took it out after all")
        fix(&state, .noAnswer, path: fulfilment.id, "the warehouse has answered")
    }

    /// A part has left its parcel and is wanted on: it is handed over by itself, with what was reserved for it.
    mutating func goAlone(_ state: inout OrderState, _ fulfilment: Fulfilment) {
        endLeaving(fulfilment, &state)
        let id = state.planFulfilment(in: fulfilment.warehouse)
        state.fulfilments.update(id) {
            $0.carrier = fulfilment.carrier
            $0.isCarrierByStaff = fulfilment.isCarrierByStaff
        }
        for line in state.lines(of: fulfilment.id) where line.open > 0 {
            var moved = FulfilmentLine(key: FulfilmentLine.Key(id, line.key.line), sku: line.sku, quantity: line.open)
            moved.reserved = line.reserved
            state.fulfilmentLines.insert(moved)
            state.fulfilmentLines.update(line.key) {
                $0.cancelled += line.open
                $0.reserved = 0
            }
        }
        why.append("\(fulfilment.id) has left \(fulfilment.subject), and goes on as \(id)")
        state.fulfilments.update(fulfilment.id) { $0.cancel = .agreed }
        finishShipped(fulfilment.id, &state)
    }
}

extension Fulfilment {
    /// Wishes to leave its parcel, and its warehouse has not been asked yet.
    fileprivate var isLeaving: Bool { wishesToLeave && leaveNumber == 0 }

    /// Whether an answer of its warehouse is about the wish of this part to leave its parcel.
    func isAnswered(by report: FulfilmentReport) -> Bool {
        guard leaveNumber > 0 else { return false }
        guard let request = report.requestID, let dot = request.lastIndex(of: "."),
            let answered = Int64(request[dot...].dropFirst())
        else { return wishesToLeave }
        if answered == leaveNumber { return true }
        // What was asked later left this part out as well.
        return report.kind == .amended && answered > leaveNumber && wishesToLeave
    }
}

extension OrderState {
    /// What stays of a part in its parcel: what has left, and what is open unless it wishes to leave.
    fileprivate func kept(of part: Fulfilment) -> [EventPayload.AmendRequest.Line] {
        lines(of: part.id).compactMap { line in
            let units = line.shipped + (part.isOnBoard ? line.open : 0)
            guard units > 0 else { return nil }
            return EventPayload.AmendRequest.Line(
                orderNumber: order.number, line: line.key.line, sku: line.sku, quantity: units)
        }
    }
}
