extension Decider {
    /// `fulfilment.*`: what a warehouse or carrier reports on its part.
    mutating func apply(_ report: FulfilmentReport, _ message: Message, _ state: inout OrderState) -> Outcome {
        switch report.kind {
        case .shipped: return ship(report, message, &state)
        case .delivered, .lost, .returnedToSender: return journey(report, message, &state)
        default: break
        }
        guard let fulfilment = state.fulfilment(for: report), fulfilment.state != .planned else {
            if state.order.status.isFinal { return .done(note: "the order is \(state.order.status.rawValue)") }
            return .parked(waitsFor: "released")
        }
        if report.isOfOthers || (report.kind == .short && state.hasNothing(in: fulfilment, report)) {
            answerByOthers(fulfilment, &state)
            return .done(note: "about other orders in the parcel")
        }
        if let problem = refuseUnasked(report, fulfilment) {
            guard report.kind == .amended else { return .done(note: problem) }
            return conflict(.quantity, key: report.requestID ?? fulfilment.id, message, problem)
        }
        if report.kind == .short { return short(&state, fulfilment, report, message) }
        why.append("\(fulfilment.warehouse): \(report.kind.rawValue)")
        answerHandOver(fulfilment.id, &state)
        switch report.kind {
        case .accepted: progress(&state, fulfilment, to: .accepted)
        case .picking: progress(&state, fulfilment, to: .picking)
        case .packed: progress(&state, fulfilment, to: .packed)
        case .rejected: stopped(&state, fulfilment, report, as: .rejected)
        case .cancelled: stopped(&state, fulfilment, report, as: .cancelled)
        case .amended where fulfilment.travelsIn != nil: changeParcel(&state, fulfilment, report)
        case .amended: amended(&state, fulfilment)
        case .cancelRefused where fulfilment.travelsIn != nil, .amendRefused where fulfilment.travelsIn != nil:
            keepParcel(&state, fulfilment, report)
        case .cancelRefused: cancelRefused(&state, fulfilment, .refused, report.reason)
        case .amendRefused: amendRefused(&state, fulfilment, report.reason)
        case .short, .shipped, .delivered, .lost, .returnedToSender: break
        }
        settle(&state)
        return .done
    }

    /// A later state is never set back by an earlier one that comes late.
    private func progress(_ state: inout OrderState, _ fulfilment: Fulfilment, to next: FulfilmentState) {
        guard next.progress > fulfilment.state.progress else { return }
        state.fulfilments.update(fulfilment.id) { $0.state = next }
    }

    /// A warehouse won't ship what is open of its part: because we asked, or unasked.
    mutating func stopped(
        _ state: inout OrderState, _ fulfilment: Fulfilment, _ report: FulfilmentReport, as end: FulfilmentState
    ) {
        let open = state.lines(of: fulfilment.id).filter { $0.open > 0 }
        guard !open.isEmpty, fulfilment.state != .rejected else { return }
        if fulfilment.isAmendOpen {
            // What was to be left out is nobody's to ship.
            amended(&state, fulfilment)
            guard state.lines(of: fulfilment.id).contains(where: { $0.open > 0 }) else { return }
        }
        let units = state.lines(of: fulfilment.id).map { LineQuantity(line: $0.key.line, quantity: $0.open) }
        collectLess(fulfilment.id, without: units, &state)
        if state.endsWhenStopped(fulfilment) {
            state.fulfilments.update(fulfilment.id) { $0.cancel = .agreed }
            dropTimer(.cancelUnanswered, state, reference: fulfilment.id)
            cancelOpen(of: fulfilment, &state)
            fix(&state, .cancelRefused, path: fulfilment.id, "the warehouse stopped it after all")
            fix(&state, .noAnswer, path: fulfilment.id, "the warehouse has answered")
        } else if fulfilment.cancel != .none, fulfilment.travelsIn == nil || state.isRecalled(fulfilment.id) {
            comeBack(&state, fulfilment)
        } else if fulfilment.cancel != .none, end != .rejected {
            goAlone(&state, fulfilment)
        } else {
            if fulfilment.cancel != .none { giveUpLeaving(fulfilment, &state) }
            // The reservation is kept until the part is sourced again.
            state.fulfilments.update(fulfilment.id) { $0.state = .rejected }
            hold(
                &state, .warehouseRejected, path: fulfilment.id,
                "\(fulfilment.warehouse) \(end.rawValue) its part: \(report.reason ?? "no reason given")")
            goBackIfNowhere(&state)
            sourceElsewhereSoon(fulfilment.id, &state)
        }
    }

    /// A part that was asked back because its stock was lost, or its warehouse did not answer: its lines stay open, to be
    /// sourced again.
    private mutating func comeBack(_ state: inout OrderState, _ fulfilment: Fulfilment) {
        dropTimer(.cancelUnanswered, state, reference: fulfilment.id)
        fix(&state, .cancelRefused, path: fulfilment.id, "the warehouse stopped it after all")
        fix(&state, .noAnswer, path: fulfilment.id, "the warehouse has answered")
        let isUnanswered = state.isAskedBackUnanswered(fulfilment.id)
        if !isUnanswered {
            hold(&state, .stockLost, path: fulfilment.id, "what was asked back has to be sourced again")
        }
        detach(fulfilment, &state, as: .release)
        state.fulfilments.update(fulfilment.id) { $0.cancel = .agreed }
        finishShipped(fulfilment.id, &state)
        goBackIfNowhere(&state)
        if isUnanswered { sourceElsewhereSoon(fulfilment.id, &state) }
    }

    private mutating func goBackIfNowhere(_ state: inout OrderState) {
        let isAnywhere = state.fulfilments.all.contains { $0.state.isWithWarehouse } || state.fulfilmentsShipped
        if !isAnywhere, state.order.status == .released {
            transition(&state, to: .awaitingRelease, "nothing is with a warehouse")
        }
    }

    /// Part of it can't be shipped: the stock is not there either, so that no phantom is sold again.
    private mutating func short(
        _ state: inout OrderState, _ fulfilment: Fulfilment, _ report: FulfilmentReport, _ message: Message
    ) -> Outcome {
        let lines = state.lines(of: fulfilment.id)
        let missing =
            report.lines.isEmpty
            ? lines.filter { $0.open > 0 }.map { LineQuantity(line: $0.key.line, quantity: $0.open) } : report.lines
        for (line, quantity) in missing.sums.sorted(by: { $0.key < $1.key }) {
            let open = lines.first { $0.key.line == line }?.open ?? 0
            guard quantity <= open else {
                return conflict(
                    .quantity, key: fulfilment.id, message,
                    "short of \(quantity) of line \(line), but only \(open) are open there")
            }
        }
        why.append("\(fulfilment.warehouse): short")
        answerHandOver(fulfilment.id, &state)
        guard missing.contains(where: { $0.quantity > 0 }) else {
            settle(&state)
            return .done(note: "nothing of it was to be shipped any more")
        }
        collectLess(fulfilment.id, without: missing, &state)
        let isCancelled = policy(state).onShort == .cancel || state.order.isCancelling
        var wanted: Int64 = 0
        for part in missing where part.quantity > 0 {
            let key = FulfilmentLine.Key(fulfilment.id, part.line)
            takeShort(key, part.quantity, in: fulfilment.warehouse, &state, isOld: report.occurredAt)
            let asked = takeAsked(key, part.quantity, &state)
            let unwanted = isCancelled ? part.quantity : asked
            if unwanted > 0 { state.lines.update(part.line) { $0.cancelled += unwanted } }
            wanted += part.quantity - unwanted
        }
        if wanted == 0 {
            why.append("what is short is cancelled and refunded")
        } else {
            hold(&state, .shortShipped, path: fulfilment.id, "\(fulfilment.warehouse) is short of part of it")
        }
        finishShipped(fulfilment.id, &state)
        leaveOutGifts(&state)
        if wanted > 0 { sourceElsewhereSoon(fulfilment.id, &state) }
        settle(&state)
        return .done
    }

    private mutating func takeShort(
        _ key: FulfilmentLine.Key, _ units: Int64, in warehouse: String, _ state: inout OrderState,
        isOld reportedAt: Timestamp
    ) {
        guard let line = state.fulfilmentLines[key] else { return }
        let stock = StockKey(sku: line.sku, warehouse: warehouse)
        let level = set.stock[stock]
        let isCounted = level?.countedAt.map { reportedAt < $0 } ?? false
        let reserved = min(line.reserved, units)
        // What a count took away is off the stock already.
        let onHand = isCounted ? 0 : min(reserved, level?.onHand ?? 0)
        state.fulfilmentLines.update(key) {
            $0.cancelled += units
            $0.reserved -= reserved
        }
        guard reserved > 0 else { return }
        move(
            stock, .adjust, onHand: -onHand, reserved: -reserved, for: state.order.number, key.line,
            reference: key.fulfilment)
    }

    /// Once nothing of a fulfilment is open, it has shipped, or has ended with nothing shipped.
    mutating func finishShipped(_ id: String, _ state: inout OrderState) {
        let lines = state.lines(of: id)
        guard let fulfilment = state.fulfilments[id], lines.allSatisfy({ $0.open == 0 }) else { return }
        if fulfilment.state == .planned {
            giveBackWork(id, &state)
            fix(&state, .noCarrier, path: id, "nothing of it is to be shipped")
        }
        if fulfilment.cancel == .requested { dropTimer(.cancelUnanswered, state, reference: id) }
        if fulfilment.amend.isOpen { endAmend(fulfilment, .agreed, &state) }
        let hasShipped = lines.contains { $0.shipped > 0 }
        state.fulfilments.update(id) {
            if $0.state.progress < FulfilmentState.shipped.progress { $0.state = hasShipped ? .shipped : .cancelled }
        }
    }
}

extension OrderState {
    /// Asked back because a count took its stock away or its warehouse did not answer, not because the buyer wants to end it.
    func isRecalled(_ fulfilment: String) -> Bool {
        openHolds.contains { $0.reason == .stockLost && $0.path == fulfilment } || isAskedBackUnanswered(fulfilment)
    }

    /// Asked back because its warehouse has not answered.
    func isAskedBackUnanswered(_ fulfilment: String) -> Bool {
        guard let part = fulfilments[fulfilment], part.cancel != .none, part.state != .rejected else { return false }
        return openHolds.contains { $0.reason == .warehouseRejected && $0.path == fulfilment }
    }

    /// What its warehouse stops of a part is cancelled: the order is to end, and it is not for us that it was asked back.
    func endsWhenStopped(_ part: Fulfilment) -> Bool {
        order.isCancelling || wasCancelled && part.cancel != .none && !isRecalled(part.id)
    }

    /// Somebody wanted to end what was not shipped, now or before.
    var wasCancelled: Bool { holds.all.contains { $0.reason == .cancelling } }

    /// The fulfilment a report speaks of: by our id, else the newest of its warehouse that may hold what is named.
    func fulfilment(for report: FulfilmentReport) -> Fulfilment? {
        if let id = report.fulfilment { return part(knownAs: id) }
        guard let warehouse = report.warehouse else { return fulfilments.all.count == 1 ? fulfilments.all.first : nil }
        let there = fulfilments.all.filter { $0.warehouse == warehouse }
        guard there.count > 1 else { return there.first }
        let atWork = there.filter(\.state.isWithWarehouse)
        return atWork.last { mayHold(report, $0.id) } ?? atWork.last ?? there.last
    }

    private func mayHold(_ report: FulfilmentReport, _ id: String) -> Bool {
        report.lines.allSatisfy { named in
            guard let part = fulfilmentLines[FulfilmentLine.Key(id, named.line)] else { return false }
            return named.quantity <= (report.isCumulative ? part.quantity : part.open)
        }
    }
}
