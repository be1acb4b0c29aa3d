extension Decider {
    /// Derives the order's sums and payment state from its facts, requests and cancelled quantities.
    func recount(_ state: inout OrderState) {
        var money = OrderMoney()
        for payment in state.payments {
            money.authorized += payment.authorizedOpen
            money.captured += payment.captured
            money.refunded += payment.refunded
            money.refundPending += payment.refundPending
            money.chargedBack += payment.chargedBack
        }
        state.order.money = money
        state.order.due = due(of: state)
        state.order.paymentState = paymentState(state)
    }

    /// What is still owed: payable less the shares of what was cancelled or came back. Shipping is owed while anything is kept.
    private func due(of state: OrderState) -> Int64 {
        if state.order.status == .cancelled || state.order.status == .rejected { return 0 }
        let lines = state.lines.all
        if !lines.isEmpty, lines.allSatisfy({ $0.cancelled + $0.returned >= $0.quantity }) { return 0 }
        return state.order.payable - lines.reduce(0) { $0 + $1.cancelledShare }
    }

    /// What gateways have said, not what we wish: money that is asked back is there until its refund has succeeded.
    private func paymentState(_ state: OrderState) -> PaymentState {
        let money = state.order.money
        if money.refunded > 0 { return money.captured <= money.refunded ? .refunded : .partiallyRefunded }
        let there = money.captured - money.chargedBack
        if there > state.order.due + tolerance(state) { return .overpaid }
        if money.captured == 0 {
            return state.order.payable == 0 && state.order.paymentTerm == .online ? .paid : .unpaid
        }
        return there >= state.order.due - tolerance(state) ? .paid : .partiallyPaid
    }

    /// The accepted difference, minor units; none for what ended.
    func tolerance(_ state: OrderState) -> Int64 {
        guard !state.order.status.isFinal || state.order.status == .completed else { return 0 }
        return min(max(0, policy(state).paymentTolerance), Limits.amountMinor)
    }

    /// How the orders of this order's seller flow.
    func policy(_ state: OrderState) -> StorePolicy {
        set.reference.policy(of: state.order.seller, kind: state.order.kind)
    }

    /// Whether the order may be handed over as far as money goes.
    func isPaymentSatisfied(_ state: OrderState) -> Bool {
        guard state.order.paymentTerm == .online else { return true }
        return paid(state) >= state.order.due - tolerance(state)
    }

    /// What counts as paid before release: an authorisation does where we ask for the capture.
    func paid(_ state: OrderState) -> Int64 {
        state.order.money.received + (policy(state).capture == .gateway ? 0 : state.order.money.authorized)
    }

    /// Whether everything due has been captured.
    func isCaptured(_ state: OrderState) -> Bool {
        state.order.money.received >= state.order.due - tolerance(state)
    }

    /// Asks back what was received above what is due, newest payment first.
    mutating func refundExcess(_ state: inout OrderState, reason: String) {
        guard state.order.isValidated || !state.hasOpenValidationHold || state.order.status.isFinal else { return }
        let excess = state.order.money.received - state.order.due
        guard excess > tolerance(state) else { return }
        refund(&state, excess, reason: reason)
    }

    /// The partner was paid for a prepaid order, and gives the buyer his money back: what is cancelled of it is taken off
    /// what the partner owes us. Of a rejected order nothing is owed. What a gateway brought all the same never was the
    /// partner's: it goes back where it came from, so that no share is given back twice.
    mutating func reverseSettlement(_ state: inout OrderState) {
        guard state.order.paymentTerm == .prepaid, state.order.status != .rejected else { return }
        let ours = max(state.order.due, state.order.money.captured)
        let amount = state.order.payable - ours - state.order.reversed
        guard amount > 0 else { return }
        state.order.reversed += amount
        let isCancelled = state.order.status == .cancelled || state.wasCancelled
        let line = SettlementLine(kind: .reversal, amount: amount, reason: isCancelled ? "cancelled" : "short")
        why.append("settlement reversal of \(amount): \(line.reason)")
        tell(.settlementLine(state.summary, line), about: &state)
    }

    /// Asks the payment side to send money back, never more than is refundable.
    mutating func refund(_ state: inout OrderState, _ amount: Int64, reason: String) {
        var left = amount
        for payment in state.payments.reversed() where left > 0 && payment.refundable > 0 {
            let part = min(left, payment.refundable)
            ask(&state, .refund, payment, part, reason: reason)
            left -= part
        }
        recount(&state)
    }

    /// Ends authorisations that are not needed any more.
    mutating func voidAuthorized(_ state: inout OrderState, reason: String) {
        for payment in state.payments where payment.authorizedOpen > 0 {
            let isAsked = state.requests.all.contains {
                $0.kind == .void && $0.gateway == payment.gateway && $0.transaction == payment.transaction
                    && $0.state != .failed
            }
            if !isAsked { ask(&state, .void, payment, payment.authorizedOpen, reason: reason) }
        }
    }

    /// Asks for the capture of so much of what is authorised, never for more than is due.
    ///
    /// What was asked for and failed counts as asked for: it is asked again under its id.
    mutating func capture(_ state: inout OrderState, upTo amount: Int64, reason: String) {
        guard state.order.paymentTerm == .online else { return }
        let asked = state.requests.all.filter { $0.kind == .capture && $0.state != .settled }
        var left = min(amount, state.order.due - state.order.money.received - asked.reduce(0) { $0 + $1.amount })
        for payment in state.payments where left > 0 {
            let pending = asked.filter { $0.gateway == payment.gateway && $0.transaction == payment.transaction }
            let part = min(left, payment.authorizedOpen - pending.reduce(0) { $0 + $1.amount })
            guard part > 0 else { continue }
            ask(&state, .capture, payment, part, reason: reason)
            left -= part
        }
        if left > tolerance(state) {
            hold(
                &state, .captureFailed, path: Self.uncapturable,
                "\(left) is due, and nothing is authorised to capture it from")
        }
    }

    /// What could not be asked for, since nothing was authorised, is asked for when something is.
    mutating func captureLate(_ state: inout OrderState) {
        guard state.openHolds.contains(where: { $0.reason == .captureFailed && $0.path == Self.uncapturable }) else {
            return
        }
        let asked = state.requests.all.filter { $0.kind == .capture && $0.state != .settled }
        let isAskable = state.order.money.authorized > asked.reduce(0) { $0 + $1.amount }
        guard isAskable || isCaptured(state) else { return }
        fix(&state, .captureFailed, path: Self.uncapturable, isAskable ? "authorised again" : "paid")
        capture(&state, upTo: state.order.due, reason: "authorized")
    }

    /// The part of an order that a hold is on which finds nothing to capture from.
    static var uncapturable: String { "payment" }

    private mutating func ask(
        _ state: inout OrderState, _ kind: MoneyRequest.Kind, _ payment: Payment, _ amount: Int64, reason: String
    ) {
        let count = state.requests.all.count { $0.kind == kind } + 1
        let request = MoneyRequest(
            requestID: MoneyRequest.id(kind, count, of: state.order.number), kind: kind, gateway: payment.gateway,
            transaction: payment.transaction, amount: amount, reason: reason, requestedAt: now)
        state.requests.insert(request)
        why.append("\(kind.rawValue) of \(amount) asked for: \(reason)")
        setTimer(.inDoubt, state, reference: request.requestID, after: policy(state).inDoubtAfter)
        tell(.moneyRequested(state.summary, request), about: &state)
    }

    /// Asks again with the same id: whoever answers acts once a request id.
    mutating func askAgain(_ state: inout OrderState, _ requestID: String) {
        state.requests.update(requestID) { request in
            request.state = .inDoubt
            request.tries += 1
        }
        guard let request = state.requests[requestID] else { return }
        setTimer(
            .inDoubt, state, reference: requestID,
            after: backOff(from: policy(state).inDoubtAfter, tries: request.tries))
        tell(.moneyRequested(state.summary, request), about: &state)
    }
}
