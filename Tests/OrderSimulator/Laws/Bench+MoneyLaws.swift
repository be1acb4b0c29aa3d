import OrderCore

/// Money adds up at each step, counted again from what gateways said and what was asked (`P6`).
extension Bench {
    func moneyLaws(_ state: OrderState) -> [String] {
        let order = state.order
        var found: [String] = []
        let sums = order.amounts
        if sums.goods - sums.discount - sums.deduction + sums.shipping + sums.tax != order.payable {
            found.append("the sums do not make what is payable")
        }
        if let claimed = order.claimedPayable, claimed != order.payable, order.status != .rejected,
            !state.holds.all.contains(where: { $0.reason == .amountMismatch || $0.reason == .malformed })
        {
            found.append("\(claimed) is claimed to be payable, and nobody looks")
        }
        if order.status != .rejected, !state.lines.all.isEmpty {
            let shares = state.lines.all.reduce(0) { $0 + $1.share }
            if shares != max(0, order.payable - sums.shipping) { found.append("the shares do not sum up") }
        }
        let facts = state.facts.all.filter { $0.currency == order.currency }
        if order.money.captured != facts.sum(.captured) { found.append("captured is not what gateways said") }
        if order.money.refunded != facts.refunded { found.append("refunded is not what gateways said") }
        for payment in state.payments where payment.refunded + payment.refundPending > payment.captured {
            found.append("more is sent back than was captured by \(payment.transaction)")
        }
        found += dueLaws(state)
        if state.facts.all.contains(where: { $0.currency != order.currency }),
            !state.holds.all.contains(where: { $0.reason == .currencyMismatch })
        {
            found.append("paid in another currency, and nobody looks")
        }
        return found
    }

    /// What is due is payable less what is cancelled, and nothing above it is kept.
    private func dueLaws(_ state: OrderState) -> [String] {
        let order = state.order
        var found: [String] = []
        if order.due < 0 || order.due > order.payable { found.append("due is \(order.due)") }
        let isOver = order.status == .cancelled || order.status == .rejected
        if isOver, order.due != 0 { found.append("\(order.due) is due of an order that is over") }
        let isGone =
            !state.lines.all.isEmpty && state.lines.all.allSatisfy { $0.cancelled + $0.returned >= $0.quantity }
        let cancelled = isGone ? order.payable : state.lines.all.reduce(0) { $0 + $1.cancelledUnits }
        if !isOver, order.due != order.payable - cancelled {
            found.append("\(order.due) is due, of \(order.payable) of which \(cancelled) is cancelled")
        }
        let isLooked = state.openHolds.contains { $0.reason.isValidation }
        let excess = order.money.received - order.due
        let tolerance = isOver ? 0 : policy(of: order).paymentTolerance
        if excess > tolerance, isOver || !isLooked || order.status == .completed {
            found.append("\(excess) more is kept than is due")
        }
        return found
    }

    /// Money that a bank takes back of an order on its way is for people to see.
    func chargeBackLaws(_ entry: JournalEntry, _ added: Folded.Added, _ after: Folded) -> [String] {
        guard let order = after.order, let from = entry.from, !from.isBeforeRelease, order.money.chargedBack > 0 else {
            return []
        }
        let isSeen = after.holds.values.contains { $0.reason == .chargedBack }
        return added.facts.filter { $0.key.kind == .chargedBack && $0.currency == order.currency && !isSeen }.map {
            "\($0.amount) charged back, and nobody looks"
        }
    }

    /// What is asked of the payment side is never more than is there: to be sent back of a payment, to be captured of an
    /// authorisation.
    func requestLaws(_ added: Folded.Added, _ after: Folded) -> [String] {
        guard let order = after.order, !added.requests.isEmpty else { return [] }
        let excess = added.requests.reduce(0) { $1.kind == .refund && $1.reason == "excess" ? $0 + $1.amount : $0 }
        var faults: [String] = []
        if excess > 0, excess <= policy(of: order).paymentTolerance {
            faults.append("\(excess) sent back, which is within the tolerance")
        }
        if excess > 0, !order.status.isFinal,
            after.holds.values.contains(where: { $0.isOpen && $0.reason.isValidation })
        {
            faults.append("\(excess) sent back before anybody has looked")
        }
        return faults
            + added.requests.flatMap { request -> [String] in
                let facts = after.facts.values.filter {
                    $0.currency == order.currency && $0.key.gateway == request.gateway
                        && $0.key.transaction == request.transaction
                }
                let open = after.requests.values.filter {
                    $0.kind == request.kind && $0.state != .settled && $0.gateway == request.gateway
                        && $0.transaction == request.transaction
                }
                let sum = open.reduce(0) { $0 + $1.amount }
                var found: [String] = []
                if request.amount <= 0 { found.append("\(request.requestID) asks for \(request.amount)") }
                switch request.kind {
                case .refund:
                    if sum > facts.sum(.captured) - facts.refunded { found.append("more is asked back than is there") }
                case .capture:
                    if sum > facts.sum(.authorized) - facts.sum(.captured) {
                        found.append("more is to be captured than is authorised")
                    }
                    let all = after.requests.values.filter { $0.kind == .capture && $0.state != .settled }
                    if all.reduce(order.money.received, { $0 + $1.amount }) > order.due {
                        found.append("more is to be captured than is due")
                    }
                case .void: if open.count > 1 { found.append("it is to be voided twice") }
                }
                return found
            }
    }

    /// What is cancelled of a prepaid order is sent back through its gateway or reversed, never both: what a gateway had
    /// brought is not reversed, nor is more than is cancelled.
    func settlementLaws(_ state: OrderState) -> [String] {
        let order = state.order
        let told = books.told[order.number] ?? Told()
        let (reversed, late) = (told.reversed, told.broughtLate)
        guard order.paymentTerm == .prepaid, order.status != .rejected else {
            return reversed == 0 ? [] : ["\(reversed) reversed of a \(order.paymentTerm) order"]
        }
        var found: [String] = []
        if reversed != order.reversed { found.append("\(reversed) reversed, the order says \(order.reversed)") }
        if reversed > order.payable - order.due { found.append("\(reversed) reversed: more than is cancelled") }
        if reversed < order.payable - max(order.due, order.money.captured) {
            found.append("\(reversed) reversed: less than is cancelled and not sent back")
        }
        if reversed + order.money.captured > order.payable + late {
            found.append("\(reversed) reversed, of what a gateway brought")
        }
        return found
    }
}

extension OrderLine {
    /// What the cancelled units carry of the line's share.
    fileprivate var cancelledUnits: Int64 { share(ofFirst: cancelled) }

    /// What the units carry that are not to leave any more, or have left.
    fileprivate var goneUnits: Int64 { share(ofFirst: cancelled + shipped) }

    /// Unit by unit: the first carry what does not divide.
    private func share(ofFirst count: Int64) -> Int64 {
        guard quantity > 0 else { return 0 }
        return (0..<count).reduce(0) { $0 + share / quantity + ($1 < share % quantity ? 1 : 0) }
    }
}

extension Collection<PaymentFact> {
    func sum(_ kind: PaymentFactKind) -> Int64 { reduce(0) { $1.key.kind == kind ? $0 + $1.amount : $0 } }

    /// Of each transaction: what was told one by one, or the largest total, whichever is more.
    var refunded: Int64 {
        var single: [String: Int64] = [:]
        var total: [String: Int64] = [:]
        for fact in self where fact.key.kind == .refunded {
            let payment = "\(fact.key.gateway) \(fact.key.transaction)"
            if fact.isCumulative {
                total[payment] = Swift.max(total[payment, default: 0], fact.amount)
            } else {
                single[payment, default: 0] += fact.amount
            }
        }
        return single.merging(total) { Swift.max($0, $1) }.values.reduce(0, +)
    }
}
