extension Decider {
    /// `order.placed`: always becomes an order, accepted, held or rejected with its reasons told.
    mutating func place(_ placed: OrderPlaced, _ message: Message) -> Outcome {
        guard let known = set.orders[placed.orderNumber] else {
            placeNew(placed, message, attempt: 1, after: nil)
            return .done
        }
        if known.order.contentHash == message.contentHash {
            return .done(note: "repeat of an order that is there")
        }
        guard known.order.status == .rejected, known.facts.all.isEmpty else {
            return conflict(
                .orderNumber, key: placed.orderNumber, message, "the order number is taken by an order of other content"
            )
        }
        placeNew(placed, message, attempt: known.order.attempt + 1, after: known)
        return .done
    }

    private mutating func placeNew(
        _ placed: OrderPlaced, _ message: Message, attempt: Int64, after earlier: OrderState?
    ) {
        var state = earlier ?? OrderState(new: head(of: placed, message))
        firstUnjournalledEvent = changes.events.count
        if let earlier {
            state.orderBefore = earlier.order
            state.order = head(of: placed, message)
            state.order.version = earlier.order.version
            state.order.eventCounts = earlier.order.eventCounts
            state.order.attempt = attempt
            state.order.status = .rejected
        }
        fill(&state, from: placed)
        let policy = set.reference.policy(of: state.order.seller, kind: state.order.kind)
        var reasons = placed.defects + placed.amountDefects + Validation.reasons(state, set.reference)
        if reasons.isEmpty { reasons = source(&state) }
        if !reasons.isEmpty, policy.onInvalid == .reject {
            reject(&state, reasons)
        } else {
            accept(&state, reasons, policy)
        }
        journal(&state)
        set.orders[placed.orderNumber] = state
    }

    private func head(of placed: OrderPlaced, _ message: Message) -> Order {
        Order(
            number: placed.orderNumber, kind: placed.kind, paymentTerm: placed.paymentTerm, currency: placed.currency,
            status: .awaitingPayment, contentHash: message.contentHash, placedAt: placed.placedAt)
    }

    private func fill(_ state: inout OrderState, from placed: OrderPlaced) {
        for line in placed.lines {
            let type = line.type ?? set.reference.products[line.sku]?.type ?? .physical
            state.lines.insert(
                OrderLine(
                    number: line.number, sku: line.sku, type: type, quantity: line.quantity, unitPrice: line.unitPrice))
        }
        var contact = OrderContact(orderNumber: placed.orderNumber, receiver: placed.receiver)
        contact.buyer = placed.buyer
        contact.remark = placed.remark
        if state.contact.all.isEmpty {
            state.contact.insert(contact)
        } else {
            state.contact.update(placed.orderNumber) { $0 = contact }
        }
        var amounts = placed.claimed
        amounts.goods = placed.goods
        state.order.claimedPayable = placed.claimedPayable
        guard let payable = amounts.payable else { return }
        state.order.amounts = amounts
        state.order.payable = payable
        state.order.due = payable
        share(&state)
    }

    /// Gives each line its part of what is payable without shipping: shipping is owed as long as anything is kept.
    private func share(_ state: inout OrderState) {
        let merchandise = max(0, state.order.payable - state.order.amounts.shipping)
        let lines = state.lines.all
        let shares = Allocation.split(
            merchandise, by: lines.map { $0.quantity * $0.unitPrice }, fallback: lines.map(\.quantity))
        for (line, share) in zip(lines, shares) { state.lines.update(line.number) { $0.share = share } }
    }

    private mutating func reject(_ state: inout OrderState, _ reasons: [Reason]) {
        state.order.status = .rejected
        state.order.due = 0
        state.lines = Rows()
        state.order.isValidated = false
        why.append("rejected: " + reasons.map { "\($0.code.rawValue) \($0.path ?? "")" }.joined(separator: ", "))
        tell(.orderRejected(state.summary, reasons), about: &state)
    }

    private mutating func accept(_ state: inout OrderState, _ reasons: [Reason], _ policy: StorePolicy) {
        recount(&state)
        let isSatisfied = isPaymentSatisfied(state)
        if state.orderBefore == nil {
            state.order.status = isSatisfied ? .awaitingRelease : .awaitingPayment
        } else {
            transition(&state, to: isSatisfied ? .awaitingRelease : .awaitingPayment, "placed again")
        }
        if state.order.attempt == 1 { why.append("placed") }
        for reason in reasons { hold(&state, reason.code, path: reason.path, reason.detail) }
        state.order.isValidated = reasons.isEmpty
        if !isSatisfied { setTimer(.paymentTimeout, state, after: policy.paymentTimeout) }
        tell(.orderAccepted(state.summary, reasons), about: &state)
        settle(&state)
    }

    /// Checks an order again, in which something was mended, overridden or has become known; reserves when all is well.
    mutating func revalidate(_ state: inout OrderState) {
        guard !state.order.isValidated, state.order.status.isBeforeRelease else { return }
        // The defects of the message itself can't be mended: their holds stay.
        var reasons = Validation.reasons(state, set.reference).filter { !state.isOverridden($0) }
        let isMalformed = state.hasOpenHold(.malformed)
        if reasons.isEmpty, !isMalformed { reasons = source(&state) }
        closeHolds(&state, .fixed, "no longer so") { hold in
            hold.reason.isValidation && hold.reason != .malformed
                && !reasons.contains { $0.code == hold.reason && $0.path == hold.path }
        }
        for reason in reasons { hold(&state, reason.code, path: reason.path, reason.detail) }
        state.order.isValidated = reasons.isEmpty && !isMalformed
        if state.order.isValidated { why.append("validated and reserved") }
    }
}

extension OrderPlaced {
    /// Sums that can't be: a negative payable is refused, never clamped.
    fileprivate var amountDefects: [Reason] {
        var amounts = claimed
        amounts.goods = goods
        if amounts.payable == nil {
            return [Reason(.malformed, path: "amounts", "what is payable is negative or beyond the limit")]
        }
        guard let claimedGoods, claimedGoods != goods else { return [] }
        return [
            Reason(
                .amountMismatch, path: "amounts.goodsMinor",
                "the sender claims \(claimedGoods), the lines sum to \(goods)")
        ]
    }

    /// Σ quantity × unit price of the lines; beyond the limit where one line is. The sum of 2,000 lines within it fits.
    fileprivate var goods: Int64 {
        var sum: Int64 = 0
        for line in lines {
            let (product, overflow) = line.quantity.multipliedReportingOverflow(by: line.unitPrice)
            guard !overflow, product <= Limits.amountMinor else { return Limits.amountMinor + 1 }
            sum += product
        }
        return sum
    }
}
