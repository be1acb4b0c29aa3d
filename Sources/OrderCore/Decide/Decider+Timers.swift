extension Decider {
    /// A due row fired: it acts only where what it waited for has not come meanwhile.
    mutating func fire(_ timer: Timer, _ state: inout OrderState) -> Outcome {
        switch timer.kind {
        case .paymentTimeout:
            let isWaiting = state.order.status == .awaitingPayment || state.hasOpenHold(.paymentLost)
            guard isWaiting, !isPaymentSatisfied(state) else { return .done(note: "paid meanwhile") }
            return cancel(&state, reason: "payment_timeout")
        case .releaseDelay:
            if timer.reference == Self.presale { why.append("the presale is over") }
            settle(&state)
        case .autoReceive:
            guard state.order.status == .shipped, state.order.receivedAt == nil else {
                return .done(note: "received meanwhile")
            }
            state.order.isReceiptAnnounced = true
            why.append("counts as received")
            settle(&state)
        case .reviewWindow:
            guard state.order.status == .awaitingReview else { return .done(note: "reviewed meanwhile") }
            state.order.isReviewDone = true
            why.append("the review window is over")
            settle(&state)
        case .cancelUnanswered:
            guard let fulfilment = state.fulfilments[timer.reference], fulfilment.cancel == .requested else {
                return .done(note: "answered meanwhile")
            }
            cancelRefused(&state, fulfilment, .unanswered, nil)
            settle(&state)
        case .amendUnanswered:
            guard let fulfilment = state.fulfilments[timer.reference], fulfilment.isAmendOpen else {
                return .done(note: "answered meanwhile")
            }
            amendAgain(fulfilment, &state)
        case .handOverInDoubt:
            guard let fulfilment = state.part(knownAs: timer.reference), fulfilment.isHandOverInDoubt else {
                return .done(note: "answered meanwhile")
            }
            return handOverUnanswered(fulfilment, timer, &state)
        case .inDoubt:
            guard let request = state.requests[timer.reference], request.isOpen else {
                return .done(note: "answered meanwhile")
            }
            askAgain(&state, request.requestID)
            why.append("\(request.requestID) asked again")
        case .cashUnsettled:
            guard !isCaptured(state), !state.order.status.isFinal else { return .done(note: "settled meanwhile") }
            hold(&state, .codUnsettled, "cash on delivery is not there")
        case .parkedTooLong:
            guard let fact = state.parked.first(where: { $0.message.identity.text == timer.reference }) else {
                return .done(note: "applied meanwhile")
            }
            hold(&state, .parkedTooLong, path: timer.reference, "a fact waits for: \(fact.waitsFor)")
        case .revalidate:
            set.queue.endPromise(to: state.order)
            revalidate(&state)
            settle(&state)
        case .sourceAgain: return sourceElsewhere(timer.reference, &state)
        case .backorder: return giveUpWaiting(&state)
        case .passedOver: return passOver(timer.reference, &state)
        case .takeAway: takeAway(timer.reference, &state)
        case .stockChanged: return tellStock(timer.reference)
        case .giveOut: return giveOn(timer.reference)
        case .merge, .amendParcel: return .done(note: "about several orders")
        }
        return .done
    }

    /// How long to wait for an answer to what was asked so often: twice as long each time, up to a day, or longer where the
    /// first wait is.
    func backOff(from seconds: Int64, tries: Int64) -> Int64 {
        let first = max(60, seconds)
        let doublings = min(max(0, tries - 1), 20)
        return first >= 86_400 ? first : min(86_400, first << doublings)
    }

    /// A count took promised units away: the order gives up what it has reserved of them, as far as units are missing.
    private mutating func takeAway(_ subject: String, _ state: inout OrderState) {
        defer { takeFurther(subject) }
        for fulfilment in state.fulfilments.all {
            for line in state.lines(of: fulfilment.id) where line.reserved > 0 {
                let key = StockKey(sku: line.sku, warehouse: fulfilment.warehouse)
                guard key.subject == subject, let missing = set.stock[key]?.missing, missing > 0 else { continue }
                let lost = min(line.reserved, missing)
                unreserve(&state, line.key, in: fulfilment.warehouse, upTo: lost, as: .takeAway)
                why.append("\(lost) of \(line.sku) taken away")
                hold(
                    &state, .stockLost, path: fulfilment.id,
                    "\(fulfilment.warehouse) counted less of \(line.sku) than it has promised")
                if fulfilment.state.isWithWarehouse, fulfilment.cancel == .none {
                    askToStop(fulfilment.id, reason: "stock_lost", &state)
                } else if fulfilment.state == .planned {
                    state.fulfilmentLines.update(line.key) { $0.cancelled += min($0.open, lost) }
                    finishShipped(fulfilment.id, &state)
                }
            }
        }
    }

    /// What this order could not give up, having shipped meanwhile, is for the next.
    private mutating func takeFurther(_ subject: String) {
        guard let key = StockKey(subject: subject) else { return }
        if let missing = set.stock[key]?.missing, missing > 0 { changes.takeAways.append(key) }
    }
}
