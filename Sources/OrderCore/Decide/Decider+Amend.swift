/// Asks a warehouse to change what it was handed, and takes its answer. Until it agrees, it ships what it was asked for
/// before; a parcel that leaves meanwhile wins.
extension Decider {
    /// Units that warehouses are to be asked to leave out.
    typealias LeftOut = [FulfilmentLine.Key: Int64]

    /// Asks for a part without these units, for another receiver: the order's, or for another sum to be collected. What was
    /// asked for before has to be answered.
    mutating func askToAmend(
        _ id: String, without leftOut: LeftOut = [:], isOfReceiver: Bool = false, _ state: inout OrderState
    ) {
        for part in state.lines(of: id) where part.asked != leftOut[part.key, default: 0] {
            state.fulfilmentLines.update(part.key) { $0.asked = leftOut[part.key, default: 0] }
        }
        state.fulfilments.update(id) { fulfilment in
            fulfilment.amend = Amend()
            fulfilment.amend.state = .requested
            fulfilment.amend.isOfReceiver = isOfReceiver
        }
        guard state.fulfilments[id]?.travelsIn == nil else { return askToChange(id, &state) }
        let isCash = state.order.paymentTerm == .cashOnDelivery
        let collect = isCash ? amendedCash(by: id, state) : nil
        state.fulfilments.update(id) { fulfilment in
            fulfilment.requestNumber += 1
            fulfilment.amend.request = fulfilment.requestNumber
            fulfilment.amend.collect = collect
        }
        tellAmend(id, &state)
    }

    /// No answer in time: people are told, and it is asked for again under its id, since whoever answers acts once an id.
    mutating func amendAgain(_ fulfilment: Fulfilment, _ state: inout OrderState) {
        // Its parcel waits for one of its orders to be read: nobody was asked yet.
        guard fulfilment.amend.request > 0 else { return askToChange(fulfilment.id, &state) }
        state.fulfilments.update(fulfilment.id) { $0.amend.state = .unanswered }
        hold(
            &state, .noAnswer, path: fulfilment.amendID,
            "\(fulfilment.warehouse) does not answer the wish to change its part")
        guard fulfilment.travelsIn == nil else { return askToChange(fulfilment.id, &state) }
        why.append("\(fulfilment.amendID) asked for again")
        tellAmend(fulfilment.id, &state)
    }

    private mutating func tellAmend(_ id: String, _ state: inout OrderState) {
        state.fulfilments.update(id) { $0.amend.tries += 1 }
        guard let fulfilment = state.fulfilments[id] else { return }
        watchAmend(fulfilment, state)
        let request = EventPayload.AmendRequest(
            fulfilment: fulfilment, lines: state.amended(fulfilment),
            receiver: fulfilment.amend.isOfReceiver ? state.contact.all.first?.receiver : nil,
            collect: fulfilment.amend.collect ?? 0, currency: state.order.currency,
            reason: state.amendReason(fulfilment), requestID: fulfilment.amendID)
        tell(.fulfilmentAmendRequested(request), aboutFulfilment: id, of: &state)
    }

    /// Asks again for a change that is not answered in time.
    mutating func watchAmend(_ part: Fulfilment, _ state: OrderState) {
        setTimer(
            .amendUnanswered, state, reference: part.id,
            after: backOff(from: wait(.noAnswerAfter, state), tries: part.amend.tries))
    }

    /// An answer to what was not asked, or is asked no more: a change that people have to see, a refusal that says nothing.
    func refuseUnasked(_ report: FulfilmentReport, _ fulfilment: Fulfilment) -> String? {
        guard report.kind == .amended || report.kind == .amendRefused, fulfilment.travelsIn == nil else { return nil }
        if fulfilment.amend.request == 0 { return "\(fulfilment.warehouse) was not asked to change \(fulfilment.id)" }
        guard let answered = report.requestID, answered != fulfilment.amendID else { return nil }
        return "\(answered) is not the change that \(fulfilment.warehouse) was asked for last"
    }

    /// A warehouse has changed its part: what it was to leave out is cancelled. An agreement after a refusal counts too.
    mutating func amended(_ state: inout OrderState, _ fulfilment: Fulfilment) {
        guard fulfilment.amend.isOpen || fulfilment.amend.state == .refused else { return }
        endAmend(fulfilment, .agreed, &state)
        collectAmended(fulfilment, &state)
        for part in state.lines(of: fulfilment.id) where part.asked > 0 {
            let units = min(part.asked, part.open)
            state.fulfilmentLines.update(part.key) {
                $0.asked = 0
                $0.cancelled += units
            }
            guard units > 0 else { continue }
            why.append("\(units) of line \(part.key.line) cancelled: \(fulfilment.warehouse) leaves it out")
            // What a count took away is reserved no more.
            let left = part.open - units
            unreserve(&state, part.key, in: fulfilment.warehouse, upTo: part.reserved - left)
            state.lines.update(part.key.line) { $0.cancelled += min(units, $0.open) }
        }
        fix(&state, .cancelRefused, path: fulfilment.id, "the warehouse left it out after all")
        fix(&state, .amendRefused, path: fulfilment.id, "the warehouse changed it after all")
        finishShipped(fulfilment.id, &state)
    }

    /// A warehouse ships its part as it was: it said so, or it has left.
    mutating func amendRefused(_ state: inout OrderState, _ fulfilment: Fulfilment, _ reason: String?) {
        guard fulfilment.amend.isOpen else { return }
        endAmend(fulfilment, .refused, &state)
        why.append("\(fulfilment.id) goes on as it was")
        let reason = reason ?? "no reason given"
        if fulfilment.amend.isOfReceiver {
            hold(
                &state, .amendRefused, path: fulfilment.id,
                "\(fulfilment.warehouse) ships to the receiver that it was handed: \(reason)")
        }
        let lines = state.lines(of: fulfilment.id).filter { $0.asked > 0 }.map {
            LineQuantity(line: $0.key.line, quantity: $0.asked)
        }
        guard !lines.isEmpty else { return }
        hold(
            &state, .cancelRefused, path: fulfilment.id,
            "\(fulfilment.warehouse) leaves nothing out of its part: \(reason)")
        tell(.orderCancelRefused(state.summary, reason: "cancel_refused", lines: lines), about: &state)
    }

    /// What is short was to be left out first; returns how many units of it that were.
    mutating func takeAsked(_ key: FulfilmentLine.Key, _ units: Int64, _ state: inout OrderState) -> Int64 {
        guard state.fulfilments[key.fulfilment]?.isAmendOpen == true, let part = state.fulfilmentLines[key] else {
            return 0
        }
        let taken = min(part.asked, units)
        if taken > 0 { state.fulfilmentLines.update(key) { $0.asked -= taken } }
        return taken
    }

    /// The wish to change a fulfilment is answered, or nothing is left to be changed.
    mutating func endAmend(_ fulfilment: Fulfilment, _ answer: CancelState, _ state: inout OrderState) {
        state.fulfilments.update(fulfilment.id) { $0.amend.state = answer }
        dropTimer(.amendUnanswered, state, reference: fulfilment.id)
        fix(&state, .noAnswer, path: fulfilment.amendID, "the warehouse has answered")
    }
}

extension OrderState {
    /// Why a part is to be changed, for its warehouse.
    fileprivate func amendReason(_ part: Fulfilment) -> String {
        if part.amend.isOfReceiver { return "receiver_changed" }
        return lines(of: part.id).contains { $0.asked > 0 } ? "cancelled" : "cash_changed"
    }
}
