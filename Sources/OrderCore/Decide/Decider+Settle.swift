extension Decider {
    /// Takes every step of our own that has become possible: release, shipping progress, completion, refunds.
    ///
    /// Facts change rows; what follows from the rows is derived here, so that the order of their arrival does not matter.
    mutating func settle(_ state: inout OrderState) {
        recount(&state)
        endIfOnlyGifts(&state)
        if state.order.isCancelling { settleCancelling(&state) }
        captureLate(&state)
        if state.hasOpenHold(.codUnsettled), isCaptured(state) { fix(&state, .codUnsettled, "the cash has come") }
        var before: OrderStatus?
        while before != state.order.status {
            before = state.order.status
            advance(&state)
            recount(&state)
        }
        if state.order.status == .cancelled || state.order.status == .rejected {
            voidAuthorized(&state, reason: state.order.status.rawValue)
            refundExcess(&state, reason: state.order.status == .cancelled ? "cancelled" : "rejected")
        } else {
            refundExcess(&state, reason: "excess")
        }
        tellCashAgain(&state)
        reverseSettlement(&state)
    }

    private mutating func advance(_ state: inout OrderState) {
        switch state.order.status {
        case .awaitingPayment:
            guard isPaymentSatisfied(state) else { return }
            dropTimer(.paymentTimeout, state)
            transition(&state, to: .awaitingRelease, "payment satisfied")
        case .awaitingRelease:
            if state.fulfilmentsShipped || state.isNothingLeft {
                advanceShipping(&state)
            } else {
                watchPayment(&state)
                releaseIfPossible(&state)
            }
        case .released, .partiallyShipped:
            if !state.order.isCancelling { requestPlanned(&state) }
            advanceShipping(&state)
        case .shipped, .awaitingReview: advanceCompletion(&state)
        case .completed, .cancelled, .rejected: return
        }
    }

    /// A payment that is lost before release, or does not cover what the order has become, holds it and starts its timer
    /// again.
    private mutating func watchPayment(_ state: inout OrderState) {
        if isPaymentSatisfied(state) {
            guard state.hasOpenHold(.paymentLost) else { return }
            fix(&state, .paymentLost, "paid again")
            dropTimer(.paymentTimeout, state)
        } else if !state.hasOpenHold(.paymentLost) {
            if state.order.merging.key != nil { leaveGroup(&state, as: .undecided) }
            let paid = paid(state)
            hold(
                &state, .paymentLost,
                paid > 0 ? "\(state.order.due - paid) is to be paid yet" : "what was authorised or captured is gone")
            setTimer(.paymentTimeout, state, after: wait(.paymentTimeout, state))
        }
    }

    /// Sets a timer of an order, or moves it.
    mutating func setTimer(_ kind: Timer.Kind, _ state: OrderState, reference: String = "", after seconds: Int64) {
        changes.set(
            Timer(
                kind: kind, orderNumber: state.order.number, reference: reference,
                dueAt: now.adding(seconds: seconds)))
    }

    /// Drops a timer of an order.
    mutating func dropTimer(_ kind: Timer.Kind, _ state: OrderState, reference: String = "") {
        changes.drop(TimerKey(kind: kind, orderNumber: state.order.number, reference: reference))
    }
}

extension OrderState {
    /// Something has left a warehouse.
    var fulfilmentsShipped: Bool { fulfilmentLines.all.contains { $0.shipped > 0 } }

    /// Every unit has been cancelled.
    var isNothingLeft: Bool { !lines.all.isEmpty && lines.all.allSatisfy { $0.cancelled == $0.quantity } }
}
