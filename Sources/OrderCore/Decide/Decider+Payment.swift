extension Decider {
    /// `payment.*`: facts are kept as they came; what follows from them is derived.
    mutating func apply(_ report: PaymentReport, _ message: Message, _ state: inout OrderState) -> Outcome {
        if let outcome = contradiction(report, message, state) { return outcome }
        let fact = PaymentFact(
            key: report.key, amount: report.amount, isCumulative: report.isCumulative, currency: report.currency,
            occurredAt: report.occurredAt, sequence: Int64(state.facts.all.count) + 1, requestID: report.requestID)
        state.facts.insert(fact)
        why.append("payment \(fact.key.kind.rawValue)")
        if fact.currency != state.order.currency {
            hold(
                &state, .currencyMismatch, path: fact.payment,
                "paid in \(fact.currency.code), the order is in \(state.order.currency.code)")
        }
        let wasPaid = isPaidInFull(state)
        answer(report, fact, &state)
        recount(&state)
        tell(.paymentRecorded(state.summary, fact), about: &state)
        switch fact.key.kind {
        case .failed, .voided: tell(.paymentFailed(state.summary, fact, reason: report.reason), about: &state)
        case .chargedBack: charge(back: fact, &state)
        case .chargeBackWon:
            fix(&state, .chargedBack, path: fact.payment, "the charge-back was won")
        case .authorized, .captured, .refunded, .refundFailed: break
        }
        tellPaid(&state, wasPaid: wasPaid, fact)
        settle(&state)
        return .done
    }

    /// The same reference with another amount keeps the first; more refunded than captured can't be.
    private mutating func contradiction(
        _ report: PaymentReport, _ message: Message, _ state: OrderState
    ) -> Outcome? {
        if let known = state.facts[report.key] {
            if known.amount == report.amount, known.currency == report.currency {
                return .done(note: "repeat of a payment fact")
            }
            return conflict(
                .businessKey, key: "\(report.key.gateway)/\(report.key.transaction)", message,
                "the same payment reference came with another amount; the first is kept")
        }
        guard state.facts.all.count < Limits.paymentFacts else {
            return conflict(
                .quantity, key: "\(report.key.gateway)/\(report.key.transaction)", message,
                "the order has \(Limits.paymentFacts) payment facts: no more are taken")
        }
        guard
            let payment = state.payments.first(where: {
                $0.gateway == report.key.gateway && $0.transaction == report.key.transaction
            })
        else {
            return report.key.kind.needsPayment
                ? .parked(waitsFor: "payment \(report.key.gateway)/\(report.key.transaction)") : nil
        }
        guard report.key.kind == .refunded else { return nil }
        let total = report.isCumulative ? report.amount : payment.refunded + report.amount
        if total > payment.captured {
            // The capture it belongs to may still be on its way.
            return .parked(waitsFor: "capture \(report.key.gateway)/\(report.key.transaction)")
        }
        return nil
    }

    /// Settles the request of ours that a fact answers.
    private mutating func answer(_ report: PaymentReport, _ fact: PaymentFact, _ state: inout OrderState) {
        for request in requests(answeredBy: fact, state) where request.state != .settled {
            settle(request, fact, report, &state)
        }
    }

    private mutating func settle(
        _ request: MoneyRequest, _ fact: PaymentFact, _ report: PaymentReport, _ state: inout OrderState
    ) {
        switch (request.kind, fact.key.kind) {
        case (.refund, .refunded):
            state.requests.update(request.requestID) { $0.state = .settled }
            recount(&state)
            fix(&state, .refundFailed, path: request.requestID, "the refund came through")
            if let settled = state.requests[request.requestID] {
                tell(.refundSettled(state.summary, settled), about: &state)
            }
        case (.refund, .refundFailed):
            state.requests.update(request.requestID) { $0.state = .failed }
            hold(
                &state, .refundFailed, path: request.requestID,
                "refund \(request.requestID) of \(request.amount) failed")
            if let failed = state.requests[request.requestID] {
                tell(.refundFailed(state.summary, failed, reason: report.reason), about: &state)
            }
        case (.capture, .captured):
            state.requests.update(request.requestID) { $0.state = .settled }
            fix(&state, .captureFailed, path: request.requestID, "the capture came through")
            if fact.amount < request.amount {
                hold(
                    &state, .captureFailed, path: Self.uncapturable,
                    "\(fact.amount) of \(request.amount) captured; the rest is due")
            }
        case (.capture, .failed):
            state.requests.update(request.requestID) { $0.state = .failed }
            hold(
                &state, .captureFailed, path: request.requestID,
                "capture \(request.requestID) of \(request.amount) failed")
        case (.void, .voided): state.requests.update(request.requestID) { $0.state = .settled }
        default: return
        }
        dropTimer(.inDoubt, state, reference: request.requestID)
    }

    /// The request named, else the oldest open one of this transaction that asked for just this.
    ///
    /// A cumulative figure answers every refund that it covers, oldest first.
    private func requests(answeredBy fact: PaymentFact, _ state: OrderState) -> [MoneyRequest] {
        if let id = fact.requestID { return state.requests[id].map { [$0] } ?? [] }
        let kind: MoneyRequest.Kind
        switch fact.key.kind {
        case .refunded, .refundFailed: kind = .refund
        case .captured: kind = .capture
        case .voided: kind = .void
        default: return []
        }
        let asked = state.requests.all.filter {
            $0.kind == kind && $0.gateway == fact.key.gateway && $0.transaction == fact.key.transaction
        }
        let open = asked.filter { $0.state != .settled }
        guard fact.key.kind == .refunded, fact.isCumulative else {
            return open.first { kind == .void || $0.amount == fact.amount }.map { [$0] } ?? []
        }
        var left = fact.amount - asked.filter { $0.state == .settled }.reduce(0) { $0 + $1.amount }
        return open.filter { request in
            guard request.amount <= left else { return false }
            left -= request.amount
            return true
        }
    }

    private mutating func charge(back fact: PaymentFact, _ state: inout OrderState) {
        guard !state.order.status.isBeforeRelease, state.order.money.chargedBack > 0 else { return }
        hold(
            &state, .chargedBack, path: fact.payment,
            "\(fact.amount) charged back; what is not shipped can be cancelled")
    }

    private func isPaidInFull(_ state: OrderState) -> Bool {
        state.order.money.captured > 0 && isCaptured(state)
    }

    private mutating func tellPaid(_ state: inout OrderState, wasPaid: Bool, _ fact: PaymentFact) {
        guard fact.key.kind == .captured, !state.order.status.isFinal || state.order.status == .completed else {
            return
        }
        if isPaidInFull(state) {
            if !wasPaid { tell(.orderPaid(state.summary), about: &state) }
        } else if state.order.paymentTerm == .online {
            tell(.paymentInsufficient(state.summary), about: &state)
        }
    }
}

extension PaymentFact {
    /// The payment it is about, for people.
    fileprivate var payment: String { "\(key.gateway)/\(key.transaction)" }
}

extension PaymentFactKind {
    /// Speaks of a capture that has to be there first.
    fileprivate var needsPayment: Bool {
        switch self {
        case .refunded, .refundFailed, .chargedBack, .chargeBackWon: true
        case .authorized, .captured, .failed, .voided: false
        }
    }
}
