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
        let sums = parts.map { order, part in
            part.isOnBoard ? amendedCash(by: part.id, order) : cashOfShipped(part, order)
        }
        _ = withOrder(lead) { decider, state in
            state.fulfilments.update(leading.id) { $0.requestNumber = number }
            guard let asked = state.fulfilments[leading.id] else { return .done }
            decider.why.append("\(parcel) without \(names) asked for")
            if isEmpty {
                decider.tell(
                    .fulfilmentCancelRequested(
                        asked, requestID: asked.requestID, reason: "nobody_stays",
                        orders: parts.filter { $0.order.carries($0.part) }.map(\.order.order.number)),
                    aboutFulfilment: asked.id, of: &state)
            } else {
                let request = EventPayload.AmendRequest(
                    fulfilment: asked, lines: lines, receiver: nil, collect: sums.reduce(0, +),
                    currency: state.order.currency, reason: "order_leaves", requestID: asked.requestID)
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
        for ((order, part), sum) in zip(parts, sums) where part.isOnBoard {
            guard sum != order.cash(by: part.id) || part.amend.collect != nil else { continue }
            _ = withOrder(order.order.number) { decider, state in
                state.fulfilments.update(part.id) {
                    $0.amend.request = number
                    $0.amend.collect = sum
                }
                decider.why.append("\(part.id) is to collect \(sum) by request \(number)")
                return .done
            }
        }
        return .done
    }

    /// A warehouse has taken out of a parcel what was to leave it.
    mutating func leaveParcel(_ state: inout OrderState, _ fulfilment: Fulfilment, _ report: FulfilmentReport) {
        endSum(fulfilment, report, &state)
        if fulfilment.isAnswered(by: report) { stopped(&state, fulfilment, report, as: .cancelled) }
    }

    /// A part that stays in a parcel is collected for as the parcel was asked for last, if its warehouse agrees.
    private mutating func endSum(_ fulfilment: Fulfilment, _ report: FulfilmentReport, _ state: inout OrderState) {
        guard let sum = fulfilment.amend.collect else { return }
        let answered = report.answeredNumber ?? fulfilment.amend.request
        guard answered >= fulfilment.amend.request else { return }
        state.fulfilments.update(fulfilment.id) {
            if report.kind == .amended { $0.collect = sum }
            $0.amend = Amend()
        }
    }

    /// A warehouse ships with the others what was to leave them, unless it agrees to what it was asked since.
    mutating func stayInParcel(_ state: inout OrderState, _ fulfilment: Fulfilment, _ report: FulfilmentReport) {
        endSum(fulfilment, report, &state)
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
        guard let answered = report.answeredNumber else { return wishesToLeave }
        if answered == leaveNumber { return true }
        // What was asked later left this part out as well.
        return report.kind == .amended && answered > leaveNumber && wishesToLeave
    }
}

extension FulfilmentReport {
    /// Which of our requests about its fulfilment it answers, by number.
    fileprivate var answeredNumber: Int64? {
        guard let requestID, let dot = requestID.lastIndex(of: ".") else { return nil }
        return Int64(requestID[dot...].dropFirst())
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
