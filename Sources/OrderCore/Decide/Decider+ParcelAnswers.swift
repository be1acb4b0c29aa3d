/// What a warehouse answers to the wish to change a parcel of several orders.
extension Decider {
    /// A warehouse has changed a parcel: what was to leave it is taken out, or left out.
    mutating func changeParcel(_ state: inout OrderState, _ fulfilment: Fulfilment, _ report: FulfilmentReport) {
        if fulfilment.isLeavingAnswered(by: report) {
            stopped(&state, fulfilment, report, as: .cancelled)
        } else if fulfilment.isChangeAnswered(by: report) {
            amended(&state, fulfilment)
        }
    }

    /// A warehouse ships a parcel as it was, unless it agrees to what it was asked since.
    mutating func keepParcel(_ state: inout OrderState, _ fulfilment: Fulfilment, _ report: FulfilmentReport) {
        let newest = report.requestID == nil ? nil : lastRequest(of: fulfilment, state)
        if fulfilment.isLeavingAnswered(by: report) {
            if fulfilment.wishesToLeave, let newest, newest > fulfilment.leaveNumber {
                state.fulfilments.update(fulfilment.id) { $0.leaveNumber = newest }
                why.append("refused, but left out by request \(newest) as well")
            } else {
                cancelRefused(&state, fulfilment, .refused, report.reason)
            }
        }
        if let part = state.fulfilments[fulfilment.id], part.isChangeAnswered(by: report) {
            keepUnchanged(part, report, newest: newest, &state)
        }
    }

    private mutating func keepUnchanged(
        _ part: Fulfilment, _ report: FulfilmentReport, newest: Int64?, _ state: inout OrderState
    ) {
        // What was asked since is no hope where that was refused already.
        let refused = part.cancel == .refused ? part.leaveNumber : report.answeredNumber ?? 0
        guard part.amend.isOpen, let newest, newest > max(part.amend.request, refused) else {
            return amendRefused(&state, part, report.reason)
        }
        fix(&state, .noAnswer, path: part.amendID, "the warehouse has answered")
        state.fulfilments.update(part.id) {
            $0.amend.state = .requested
            $0.amend.request = newest
        }
        why.append("refused, but asked for by request \(newest) as well")
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
        fix(&state, .amendRefused, path: fulfilment.id, "the warehouse took it out after all")
        fix(&state, .noAnswer, path: fulfilment.id, "the warehouse has answered")
    }

    /// A part has left its parcel and is wanted on: it is handed over by itself, with what was reserved for it.
    mutating func goAlone(_ state: inout OrderState, _ fulfilment: Fulfilment) {
        endLeaving(fulfilment, &state)
        let id = state.planFulfilment(in: fulfilment.warehouse)
        // A carrier that a rule chose for another receiver is chosen again.
        let isKept = fulfilment.isCarrierByStaff && fulfilment.carrier.map { goes($0, to: state) } ?? false
        if isKept || !fulfilment.amend.isOfReceiver {
            state.fulfilments.update(id) {
                $0.carrier = fulfilment.carrier
                $0.isCarrierByStaff = fulfilment.isCarrierByStaff
            }
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
    /// Whether an answer of its warehouse is about the wish of this part to leave its parcel.
    func isLeavingAnswered(by report: FulfilmentReport) -> Bool {
        guard leaveNumber > 0 else { return false }
        guard let answered = report.answeredNumber else { return wishesToLeave }
        if answered == leaveNumber { return true }
        // What was asked later left this part out as well.
        return report.kind == .amended && answered > leaveNumber && wishesToLeave
    }

    /// Whether it is about the wish to change this part in its parcel.
    func isChangeAnswered(by report: FulfilmentReport) -> Bool {
        guard amend.request > 0 else { return false }
        guard let answered = report.answeredNumber else { return isAmendOpen }
        if answered == amend.request { return true }
        // What was asked later was to change it as well; a refusal of that is about what was asked again.
        return answered > amend.request && isAmendOpen && (report.kind == .amended || amend.state == .unanswered)
    }
}

extension FulfilmentReport {
    /// Which of our requests about its fulfilment it answers, by number.
    fileprivate var answeredNumber: Int64? {
        guard let requestID, let dot = requestID.lastIndex(of: ".") else { return nil }
        return Int64(requestID[dot...].dropFirst())
    }
}
