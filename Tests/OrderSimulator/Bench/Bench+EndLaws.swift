import OrderCore

/// What has to be so once nobody has anything more to say.
extension Bench {
    /// The outcomes that the domain allows: every order over, no stock promised, no money kept that is not owed.
    mutating func checkEnd() {
        guard broken.isEmpty else { return }
        for number in set.orders.keys.sorted() {
            guard let state = set.orders[number] else { continue }
            broken += endLaws(state).map { "\(number) (\(state.order.status)), at the end: \($0)" }
        }
        for key in set.stock.keys.sorted() {
            guard let level = set.stock[key] else { continue }
            if level.reserved != 0 || level.missing != 0 {
                broken.append("\(key.subject), at the end: \(level.reserved) promised, \(level.missing) missing")
            }
        }
        checkWaiting()
        checkRepeats()
    }

    private func endLaws(_ state: OrderState) -> [String] {
        let (order, money) = (state.order, state.order.money)
        var found: [String] = []
        if !order.status.isFinal { found.append("it is not over, with \(state.openHolds.map(\.reason))") }
        if state.requests.all.contains(where: \.isOpen) { found.append("a request has no answer") }
        // Of what failed people have to see to it.
        let isSeenTo = state.holds.all.contains { $0.reason == .refundFailed }
        if order.status == .cancelled || order.status == .rejected {
            if money.received > 0 { found.append("\(money.received) is kept") }
            if money.captured - money.refunded - money.chargedBack > 0, !isSeenTo {
                found.append("money did not go back")
            }
            let kept = state.payments.filter { payment in
                payment.authorizedOpen > 0
                    && !state.requests.all.contains { $0.kind == .void && $0.transaction == payment.transaction }
            }
            if !kept.isEmpty { found.append("\(kept.map(\.transaction)) are still authorised") }
        }
        if state.fulfilments.all.contains(where: { $0.state.isWithWarehouse }) {
            found.append("a warehouse works on it")
        }
        return found
    }

    /// Nothing waits that could be applied.
    private mutating func checkWaiting() {
        var decider = Decider(set, now: now)
        for number in set.orders.keys.sorted() { decider.unpark(of: number) }
        for (identity, outcome) in decider.changes.outcomes {
            broken.append("\(identity.text) waited, and could have been applied: \(outcome)")
        }
    }

    /// What has taken effect has none when it is said again, however late and under whatever identity.
    private mutating func checkRepeats() {
        let again = books.said.values.filter(isForgettable).sorted { $0.identity < $1.identity }
        var decider = Decider(set, now: now)
        for message in again { decider.decide(message.copied(id: "again \(message.identity.id)")) }
        decider.finish()
        let changes = decider.changes
        for entry in changes.journal {
            broken.append("\(entry.orderNumber): said again it had an effect: \(entry.why)")
        }
        for movement in changes.movements { broken.append("\(movement.key.subject): said again it moved stock") }
        for event in changes.events { broken.append("\(event.payload.name) was told of what was said again") }
        if !changes.timersSet.isEmpty || !changes.timersDropped.isEmpty { broken.append("said again it set a timer") }
        if !changes.parked.isEmpty { broken.append("said again it waits") }
    }
}
