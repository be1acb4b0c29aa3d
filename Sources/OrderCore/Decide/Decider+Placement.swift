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
        guard known.order.status == .rejected, known.order.money.captured == 0, known.order.money.authorized == 0 else {
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
        state.lack = nil
        if let earlier {
            state.placeBefore = earlier.order.backorder
            state.orderBefore = earlier.order
            state.order = head(of: placed, message)
            state.order.version = earlier.order.version
            state.order.eventCounts = earlier.order.eventCounts
            state.order.attempt = attempt
        }
        fill(&state, from: placed)
        let policy = policy(state)
        var reasons =
            placed.defects + placed.lineDefects + placed.amountDefects + Validation.reasons(state, set.reference)
        let ruled = askValidation(state)
        // What waits for stock beside lines that are reserved was accepted with them, and a gap in a table is our mistake.
        var isKept = false
        if reasons.isEmpty, ruled.isEmpty {
            addGifts(&state)
            let sourced = sourceWithGifts(&state)
            reasons = sourced.reasons
            isKept = sourced.waits || sourced.hasGap || !state.fulfilments.all.isEmpty
        }
        if !reasons.isEmpty && policy.onInvalid == .reject && !isKept || !ruled.rejections.isEmpty {
            reject(&state, reasons + ruled.rejections + ruled.holds)
        } else {
            waitForPresale(&state)
            accept(&state, reasons + ruled.holds)
        }
        keepPlace(&state)
        journal(&state)
        set.orders[placed.orderNumber] = state
    }

    private func head(of placed: OrderPlaced, _ message: Message) -> Order {
        Order(
            number: placed.orderNumber, kind: placed.kind, paymentTerm: placed.paymentTerm, currency: placed.currency,
            status: .awaitingPayment, contentHash: message.contentHash, placedAt: placed.placedAt)
    }

    private func fill(_ state: inout OrderState, from placed: OrderPlaced) {
        for line in placed.lines where state.lines[line.number] == nil {
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
    func share(_ state: inout OrderState) {
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
        recount(&state)
        why.append("rejected: " + reasons.map { "\($0.code.rawValue) \($0.path ?? "")" }.joined(separator: ", "))
        tell(.orderRejected(state.summary, reasons), about: &state)
    }

    private mutating func accept(_ state: inout OrderState, _ reasons: [Reason]) {
        recount(&state)
        let isSatisfied = isPaymentSatisfied(state)
        state.order.status = isSatisfied ? .awaitingRelease : .awaitingPayment
        why.append(state.order.attempt == 1 ? "placed" : "placed again")
        for reason in reasons { hold(&state, reason.code, path: reason.path, reason.detail) }
        state.order.isValidated = reasons.isEmpty
        if !isSatisfied { setTimer(.paymentTimeout, state, after: wait(.paymentTimeout, state)) }
        tell(.orderAccepted(state.summaryWithParts, reasons), about: &state)
        settle(&state)
    }

    /// Checks an order again, in which something was mended, overridden or has become known; reserves when all is well.
    mutating func revalidate(_ state: inout OrderState) {
        guard !state.order.isValidated, state.order.status.isBeforeRelease else { return }
        let ruled = askValidation(state)
        var reasons = (Validation.reasons(state, set.reference) + ruled.rejections + ruled.holds)
            .filter { !state.isOverridden($0) }
        let isDefect = state.openHolds.contains { $0.reason.isValidation && $0.isDefect }
        let parts = state.fulfilments.all.count
        if reasons.isEmpty, !isDefect {
            addGifts(&state)
            waitForPresale(&state)
            reasons = sourceWithGifts(&state).reasons
        }
        if !reasons.isEmpty, state.fulfilments.all.count > parts { why.append("what there is of it reserved") }
        closeHolds(&state, .fixed, "no longer so") { hold in
            hold.reason.isValidation && !hold.isDefect
                && !reasons.contains { $0.code == hold.reason && $0.path == hold.path }
        }
        for reason in reasons { hold(&state, reason.code, path: reason.path, reason.detail) }
        state.order.isValidated = reasons.isEmpty && !isDefect
        if state.order.isValidated { why.append("validated and reserved") }
    }
}

extension Hold {
    /// A defect of the message itself, which stands in no row: looking again can't tell whether it is mended.
    fileprivate var isDefect: Bool { reason == .malformed || path == OrderPlaced.claimedGoodsPath }
}

extension OrderPlaced {
    fileprivate static let claimedGoodsPath = "amounts.goodsMinor"

    /// Lines under a number that another line has: the first one stands.
    fileprivate var lineDefects: [Reason] {
        var numbers: Set<Int64> = []
        return lines.enumerated().compactMap { index, line in
            numbers.insert(line.number).inserted
                ? nil : Reason(.malformed, path: "lines[\(index)].line", "line \(line.number) is there already")
        }
    }

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
                .amountMismatch, path: Self.claimedGoodsPath,
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
