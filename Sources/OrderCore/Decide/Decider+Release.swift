extension Decider {
    /// Hands the order to its warehouses, when no hold is open, it is paid, sourced, and the delay is over.
    mutating func releaseIfPossible(_ state: inout OrderState) {
        guard isReady(&state), !waitsForOthers(&state) else { return }
        release(&state)
    }

    /// Whether nothing but other orders keeps it from being handed over.
    mutating func isReady(_ state: inout OrderState) -> Bool {
        guard state.order.isValidated, !state.order.isCancelling, isPaymentSatisfied(state) else { return false }
        screen(&state)
        // Who had no carrier is asked about again: another rule, warehouse or receiver may have one.
        guard state.openHolds.allSatisfy({ $0.reason == .noCarrier }) else { return false }
        guard state.order.shipsFrom.map({ $0 <= now }) ?? true, isDelayOver(&state), isProduced(&state) else {
            return false
        }
        let planned = state.planned
        guard state.lines.all.allSatisfy({ $0.type == .virtual || planned[$0.number, default: 0] >= $0.open }) else {
            return false
        }
        return chooseCarriers(&state)
    }

    /// Hands all of it over.
    ///
    /// - Parameter parcels: what travels with each of its parts, by part.
    mutating func release(_ state: inout OrderState, with parcels: [String: [Passenger]] = [:]) {
        if state.order.merging != .undecided {
            if let key = state.order.merging.key { dropTimer(.merge, state, reference: key) }
            state.order.merging = .apart
        }
        let planned = state.fulfilments.all.filter { $0.state == .planned }
        state.tellCash(by: planned.map(\.id))
        for fulfilment in planned {
            request(fulfilment.id, &state, with: parcels[fulfilment.id] ?? [])
        }
        deliverVirtual(&state)
        transition(&state, to: .released, "released to its warehouses")
        tell(.orderReleased(state.summary), about: &state)
        if policy(state).capture == .onRelease {
            capture(&state, upTo: state.order.due - state.order.money.received, reason: "released")
        }
    }

    private mutating func isDelayOver(_ state: inout OrderState) -> Bool {
        guard waiting(.releaseDelay, state) > 0 else { return true }
        if state.order.releaseAt == nil {
            let delay = wait(.releaseDelay, state)
            state.order.releaseAt = now.adding(seconds: delay)
            setTimer(.releaseDelay, state, after: delay)
            if why.isEmpty { why.append("may be withdrawn for \(delay) s yet") }
        }
        return state.order.releaseAt.map { $0 <= now } ?? true
    }

    /// Asks ERP to produce what is made to order, once; true when all of it is there.
    private mutating func isProduced(_ state: inout OrderState) -> Bool {
        let waiting = state.lines.all.filter { $0.type == .madeToOrder && $0.produced < $0.quantity - $0.cancelled }
        guard !waiting.isEmpty else { return true }
        guard !state.order.isProductionRequested else { return false }
        state.order.isProductionRequested = true
        for line in waiting {
            tell(
                .productionRequested(
                    orderNumber: state.order.number, requestID: "\(state.order.number)-P\(line.number)",
                    line: line.number, sku: line.sku, quantity: line.quantity - line.cancelled), about: &state)
        }
        why.append("production asked for")
        return false
    }

    /// Hands one fulfilment to its warehouse.
    mutating func request(_ id: String, _ state: inout OrderState, with together: [Passenger] = []) {
        state.tellCash(by: [id])
        state.fulfilments.update(id) { $0.state = .released }
        // The one that leads is asked for, with all that travels in it.
        guard state.fulfilments[id]?.isPassenger == false else { return }
        state.fulfilments.update(id) { $0.requestNumber += 1 }
        let passengers = together.compactMap { passenger in
            set.orders[passenger.order].flatMap { order in order.fulfilments[passenger.part].map { (order, $0) } }
        }
        handOver(id, &state, with: passengers)
    }

    /// Asks the warehouse to take it, for the first time or again with the same request id.
    ///
    /// - Parameter passengers: parts of other orders that travel in it.
    mutating func handOver(
        _ id: String, _ state: inout OrderState, with passengers: [(order: OrderState, part: Fulfilment)] = []
    ) {
        state.fulfilments.update(id) { $0.unanswered += 1 }
        guard let fulfilment = state.fulfilments[id], let contact = state.contact.all.first else { return }
        watchHandOver(fulfilment, state)
        var request = EventPayload.FulfilmentRequest(
            fulfilment: fulfilment, lines: state.asked(of: id), receiver: contact.receiver,
            paymentTerm: state.order.paymentTerm, collect: state.cash(by: id), currency: state.order.currency,
            remark: contact.remark, requestID: fulfilment.handOverID)
        request.others = passengers.filter { $0.part.cancel != .agreed && $0.part.id != id }.map { order, part in
            EventPayload.FulfilmentRequest.Other(
                orderNumber: order.order.number, lines: order.asked(of: part.id), collect: order.cash(by: part.id),
                remark: order.contact.all.first?.remark)
        }
        tell(.fulfilmentRequested(request), aboutFulfilment: id, of: &state)
    }

    private mutating func watchHandOver(_ fulfilment: Fulfilment, _ state: OrderState) {
        setTimer(
            .handOverInDoubt, state, reference: fulfilment.subject,
            after: backOff(from: wait(.handOverInDoubtAfter, state), tries: fulfilment.unanswered))
    }

    /// Nothing was heard of a hand-over in time.
    mutating func handOverUnanswered(_ fulfilment: Fulfilment, _ timer: Timer, _ state: inout OrderState) -> Outcome {
        if timer.others.contains(where: { set.quarantined[$0] != nil }) {
            // What is asked for under an id is always the same: all of the parcel.
            setTimer(.handOverInDoubt, state, reference: timer.reference, after: Self.restSeconds)
            return .done(note: "one of its orders can't be read: it is asked later")
        }
        guard fulfilment.cancel == .none || passengers(of: fulfilment).contains(where: \.part.isOnBoard) else {
            return .done(note: "nobody stays in it")
        }
        handOverAgain(fulfilment, &state)
        return .done
    }

    /// Nothing was heard of a hand-over: it is asked for again, or by a rule it is asked back.
    mutating func handOverAgain(_ fulfilment: Fulfilment, _ state: inout OrderState) {
        // What travels with other orders is not asked back for one of them.
        if fulfilment.travelsIn == nil, let most = set.reference.rules.unanswered, fulfilment.unanswered >= most {
            // By a due row: this one brings neither the stock of others nor the products that rules ask for.
            setTimer(.sourceAgain, state, reference: fulfilment.id, after: 0)
            return watchHandOver(fulfilment, state)
        }
        requestAgain(fulfilment, &state)
    }

    /// Asks for a hand-over again.
    mutating func requestAgain(_ fulfilment: Fulfilment, _ state: inout OrderState) {
        if fulfilment.unanswered >= Self.handOversBeforeHold {
            hold(
                &state, .noAnswer, path: fulfilment.handOverID,
                "\(fulfilment.warehouse) has not answered \(fulfilment.unanswered) requests to take it")
        }
        why.append("\(fulfilment.handOverID) asked for again")
        handOver(fulfilment.id, &state, with: fulfilment.isLead ? passengers(of: fulfilment) : [])
    }

    /// So many hand-overs without an answer, and people are told; it is asked for on.
    static var handOversBeforeHold: Int64 { 3 }

    /// The warehouse has it: whatever it says first answers the hand-over.
    mutating func answerHandOver(_ id: String, _ state: inout OrderState) {
        guard let fulfilment = state.fulfilments[id], fulfilment.unanswered > 0 else { return }
        state.fulfilments.update(id) { $0.unanswered = 0 }
        dropTimer(.handOverInDoubt, state, reference: fulfilment.subject)
        fix(&state, .noAnswer, path: fulfilment.handOverID, "the warehouse has answered")
    }

    /// What is said of other orders in its parcel says that the warehouse has it.
    mutating func answerByOthers(_ fulfilment: Fulfilment, _ state: inout OrderState) {
        if fulfilment.unanswered > 0 { why.append("\(fulfilment.warehouse) has it") }
        answerHandOver(fulfilment.id, &state)
    }

    /// Virtual lines are delivered by an event as soon as the order is released.
    private mutating func deliverVirtual(_ state: inout OrderState) {
        let lines = state.lines.all.filter { $0.type == .virtual && $0.open > 0 }
        guard !lines.isEmpty else { return }
        let delivered = lines.map { LineQuantity(line: $0.number, quantity: $0.open) }
        for line in lines { state.lines.update(line.number) { $0.shipped += $0.open } }
        tell(.virtualDelivered(state.summary, lines: delivered), about: &state)
        captureShipped(contents: delivered, &state)
    }

    /// `production.done`: as if sourced; what was produced waits in the warehouse that has it.
    mutating func apply(_ done: ProductionDone, _ message: Message, _ state: inout OrderState) -> Outcome {
        guard let line = state.lines[done.line], line.type == .madeToOrder else {
            return conflict(.quantity, key: done.document, message, "line \(done.line) is not made to order")
        }
        guard state.order.isProductionRequested || state.order.status.isFinal else {
            return .parked(waitsFor: "production")
        }
        let wanted = line.quantity - line.cancelled - line.produced
        guard done.quantity > 0, done.quantity <= wanted else {
            return conflict(
                .quantity, key: done.document, message,
                "\(done.quantity) produced of line \(done.line), \(wanted) wanted")
        }
        state.lines.update(done.line) { $0.produced += done.quantity }
        why.append("\(done.quantity) of line \(done.line) produced")
        plan([LineQuantity(line: done.line, quantity: done.quantity)], in: done.warehouse, joins: true, &state)
        settle(&state)
        return .done
    }
}

extension Fulfilment {
    /// The id of the request that was made last; asked again it stays.
    var requestID: String { "\(subject).\(requestNumber)" }

    /// The id of the hand-over: a fulfilment is handed over once, before anything else is asked about it.
    var handOverID: String { "\(subject).1" }

    /// With its warehouse for all we know, which has said nothing, and is not asked to stop it. A part that wishes to leave a
    /// parcel may leave others in it.
    var isHandOverInDoubt: Bool { state == .released && (cancel == .none || isLead) && unanswered > 0 }
}

extension OrderState {
    /// What a warehouse is asked to ship of a part: less than was planned where a count took some of it, which is sourced
    /// elsewhere.
    fileprivate func asked(of id: String) -> [FulfilmentLine] {
        lines(of: id).filter { $0.open > 0 }.map { FulfilmentLine(key: $0.key, sku: $0.sku, quantity: $0.open) }
    }
}
