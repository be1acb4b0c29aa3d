extension Decider {
    /// Ends an order, or all of it that is not shipped.
    mutating func cancel(_ state: inout OrderState, reason: String) -> Outcome {
        switch state.order.status {
        case .awaitingPayment: break
        case .awaitingRelease where !state.fulfilments.all.contains(where: { $0.state.isWithWarehouse }): break
        case .awaitingRelease, .released, .partiallyShipped: return intercept(&state, reason: reason)
        case .cancelled: return .done(note: "the order is cancelled already")
        case .rejected: return .done(note: "the order was rejected")
        case .shipped where state.isAllBack:
            restock(&state)
            end(&state, reason)
            settle(&state)
            return .done
        case .shipped, .awaitingReview, .completed:
            why.append("cancel refused: the order is \(state.order.status.rawValue)")
            tell(
                .orderCancelRefused(state.summary, reason: "already_shipped", lines: []), about: &state)
            return .refused("the order is \(state.order.status.rawValue); open an after-sales case instead")
        }
        end(&state, reason)
        settle(&state)
        return .done
    }

    /// Ends an order of which nothing has shipped or everything came back.
    mutating func end(_ state: inout OrderState, _ reason: String) {
        guard transition(&state, to: .cancelled, "cancelled: \(reason)") else { return }
        for fulfilment in state.fulfilments.all { cancelOpen(of: fulfilment, &state) }
        state.lines.updateAll { $0.cancelled += $0.open }
        closeHolds(&state, .cancelled, reason) { !$0.reason.outlivesCancel }
        for kind in [Timer.Kind.paymentTimeout, .releaseDelay, .autoReceive, .reviewWindow, .cashUnsettled] {
            dropTimer(kind, state)
        }
        state.order.isCancelling = false
        if state.order.merging.key != nil { leaveGroup(&state, as: .apart) }
        recount(&state)
        tell(.orderCancelled(state.summary, reason: reason), about: &state)
    }

    /// Takes what is open of a fulfilment off it and gives back its reservation; the order's lines follow.
    mutating func cancelOpen(of fulfilment: Fulfilment, _ state: inout OrderState) {
        for line in state.lines(of: fulfilment.id) {
            let open = line.open
            unreserve(&state, line.key, in: fulfilment.warehouse, upTo: line.reserved)
            guard open > 0 else { continue }
            state.fulfilmentLines.update(line.key) { $0.cancelled += open }
            state.lines.update(line.key.line) { $0.cancelled += min(open, $0.open) }
        }
        finishShipped(fulfilment.id, &state)
    }

    /// 拦截: asks each warehouse to stop what has not left.
    private mutating func intercept(_ state: inout OrderState, reason: String) -> Outcome {
        guard !state.order.isCancelling else { return .done(note: "the cancel is being settled already") }
        state.order.isCancelling = true
        hold(&state, .cancelling, "each warehouse is asked to stop: \(reason)")
        for fulfilment in state.fulfilments.all {
            if fulfilment.state.isWithWarehouse {
                askToStop(fulfilment.id, reason: reason, &state)
            } else if fulfilment.state == .planned || fulfilment.state == .rejected {
                cancelOpen(of: fulfilment, &state)
            }
        }
        // What no fulfilment carries is nobody's to stop.
        let planned = state.planned
        for line in state.lines.all {
            let loose = line.open - planned[line.number, default: 0]
            if loose > 0 { state.lines.update(line.number) { $0.cancelled += loose } }
        }
        closeHolds(&state, .cancelled, reason) { $0.reason.isSourcing }
        settle(&state)
        return .done
    }

    /// Asks one warehouse to stop what has not left.
    mutating func askToStop(_ id: String, reason: String, _ state: inout OrderState) {
        if state.fulfilments[id]?.travelsIn != nil { return askToLeave(id, &state) }
        state.fulfilments.update(id) {
            $0.cancel = .requested
            $0.requestNumber += 1
        }
        guard let fulfilment = state.fulfilments[id] else { return }
        dropTimer(.handOverInDoubt, state, reference: id)
        setTimer(.cancelUnanswered, state, reference: id, after: wait(.noAnswerAfter, state))
        tell(
            .fulfilmentCancelRequested(fulfilment, requestID: fulfilment.requestID, reason: reason),
            aboutFulfilment: id, of: &state)
    }

    /// A warehouse goes on: it said so, it shipped, or it did not answer in time.
    mutating func cancelRefused(
        _ state: inout OrderState, _ fulfilment: Fulfilment, _ answer: CancelState, _ reason: String?
    ) {
        guard fulfilment.cancel == .requested || fulfilment.cancel == .unanswered else { return }
        state.fulfilments.update(fulfilment.id) { $0.cancel = answer }
        why.append("\(fulfilment.id) goes on")
        dropTimer(.cancelUnanswered, state, reference: fulfilment.id)
        if answer == .refused, state.isAskedBackUnanswered(fulfilment.id) {
            // It has it after all.
            fix(&state, .warehouseRejected, path: fulfilment.id, "the warehouse goes on")
            fix(&state, .noAnswer, path: fulfilment.id, "the warehouse has answered")
            return
        }
        if answer == .unanswered {
            hold(&state, .noAnswer, path: fulfilment.id, "\(fulfilment.warehouse) does not answer the wish to stop")
        } else {
            // Who wanted it out of its parcel wanted it to go to another receiver.
            hold(
                &state, fulfilment.amend.isOfReceiver ? .amendRefused : .cancelRefused, path: fulfilment.id,
                "\(fulfilment.warehouse) goes on: \(reason ?? "no reason given")")
        }
        guard !state.isRecalled(fulfilment.id) || state.order.isCancelling else { return }
        // That a person wanted it to go alone is nothing to its buyer.
        guard fulfilment.travelsIn == nil || state.wasCancelled else { return }
        let lines = state.lines(of: fulfilment.id).map {
            LineQuantity(line: $0.key.line, quantity: $0.quantity - $0.cancelled)
        }
        tell(
            .orderCancelRefused(
                state.summary, reason: answer == .unanswered ? "no_answer" : "cancel_refused",
                lines: lines.filter { $0.quantity > 0 }), about: &state)
    }

    /// When every warehouse has answered: cancelled, shipped, or the rest goes on.
    mutating func settleCancelling(_ state: inout OrderState) {
        let isWaiting = state.fulfilments.all.contains { fulfilment in
            fulfilment.cancel == .requested && state.lines(of: fulfilment.id).contains { $0.open > 0 }
        }
        guard !isWaiting else { return }
        state.order.isCancelling = false
        closeHolds(&state, .fixed, "every warehouse has answered") { $0.reason == .cancelling }
        guard state.lines.all.allSatisfy({ $0.open == 0 }) else { return }
        if state.lines.all.allSatisfy({ $0.shipped == 0 }) {
            end(&state, "the warehouses stopped it")
        } else if state.isAllBack {
            restock(&state)
            end(&state, "what had shipped came back, the warehouses stopped the rest")
        }
    }

    /// Everything came back: what had been ordered of it goes back to stock.
    private mutating func restock(_ state: inout OrderState) {
        for parcel in state.parcels.all where parcel.state == .returnedToSender {
            let ordered = zip(parcel.quantities, parcel.stopped).map { $0 - $1 }
            for (number, ordered) in zip(parcel.lines, ordered) where ordered > 0 {
                guard let line = state.lines[number], line.type == .physical else { continue }
                restock(ordered, line, from: parcel, state)
                state.lines.update(number) { $0.returned += min(ordered, $0.shipped - $0.returned) }
            }
        }
    }

    /// What should not have left came back: nobody waits for it, so that it can be sold again at once.
    mutating func restockStopped(_ parcel: Parcel, at cameBack: Timestamp, _ state: inout OrderState) {
        for (number, units) in zip(parcel.lines, parcel.stopped) where units > 0 {
            guard let line = state.lines[number], line.type == .physical else { continue }
            let counted = set.stock[StockKey(sku: line.sku, warehouse: parcel.key.warehouse)]?.countedAt
            // A count since then has found it there.
            let isCounted = counted.map { cameBack < $0 } ?? false
            restock(isCounted ? 0 : units, line, from: parcel, state)
        }
        fix(&state, .shippedAfterCancel, path: parcel.key.shipment, "the goods came back")
    }

    private mutating func restock(_ units: Int64, _ line: OrderLine, from parcel: Parcel, _ state: OrderState) {
        move(
            StockKey(sku: line.sku, warehouse: parcel.key.warehouse), .restock, onHand: units,
            for: state.order.number, line.number, reference: parcel.key.shipment)
    }
}

extension HoldReason {
    /// Speaks of money or goods that people still have to get back.
    fileprivate var outlivesCancel: Bool {
        self == .shippedAfterCancel || self == .refundFailed || self == .currencyMismatch
    }
}

extension OrderState {
    /// Everything that shipped came back before the buyer had it.
    var isAllBack: Bool {
        order.receivedAt == nil && !parcels.all.isEmpty && parcels.all.allSatisfy { $0.state == .returnedToSender }
            && !lines.all.contains { $0.type == .virtual && $0.shipped > 0 }
    }
}
