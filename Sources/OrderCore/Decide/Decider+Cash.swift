/// Keeps what the carriers of a cash order were told to collect in line with what is owed.
extension Decider {
    /// What a carrier is to collect once its warehouse has changed its part: what is owed then, less what the others were
    /// told. While others are still to be told, or are asked to change theirs: less by what is then due less.
    func amendedCash(by id: String, _ state: OrderState) -> Int64 {
        let parts = state.fulfilments[id].map { state.wishedLines(of: $0) } ?? []
        guard state.order.paymentTerm == .cashOnDelivery, parts.contains(where: { $0.amended > 0 }) else { return 0 }
        let after = without(leftOut(of: parts), state)
        let isAlone = !state.isCashUntold && !state.fulfilments.all.contains { $0.id != id && $0.isAmendOpen }
        guard isAlone else { return max(0, state.cash(by: id) - (state.order.due - after.order.due)) }
        return max(0, after.cashOwed - state.cashTold.reduce(0) { $1.key == id ? $0 : $0 + $1.value })
    }

    /// What the carrier of a part has collected, or will, for what has left of it, if the rest does not leave with it.
    func cashOfShipped(_ part: Fulfilment, _ state: OrderState) -> Int64 {
        let lines = state.lines(of: part.id)
        guard lines.contains(where: { $0.shipped > 0 }) else { return 0 }
        // What was refused is off its sum already.
        let units = part.state == .rejected ? [] : lines.map { LineQuantity(line: $0.key.line, quantity: $0.open) }
        return max(0, state.cash(by: part.id) - worth(of: units, state))
    }

    /// Some of a part does not leave with the rest, some of which has left: its carrier collects less by what that is worth.
    /// Of what has not left at all, the carrier may still be told another sum.
    mutating func collectLess(_ id: String, without units: [LineQuantity], _ state: inout OrderState) {
        guard let collect = state.fulfilments[id]?.collect, state.lines(of: id).contains(where: { $0.shipped > 0 })
        else { return }
        let less = worth(of: units, state)
        if less > 0 { state.fulfilments.update(id) { $0.collect = max(0, collect - less) } }
    }

    /// A warehouse has changed its part, and has its carrier collect what was asked for; less by what it has left out, where
    /// some of what it was to leave out has left.
    mutating func collectAmended(_ part: Fulfilment, _ state: inout OrderState) {
        guard let sum = part.amend.collect else { return }
        let parts = state.lines(of: part.id)
        let isShipped = parts.contains { $0.asked > $0.open }
        let collect = isShipped ? max(0, (part.collect ?? sum) - worth(of: leftOut(of: parts), state)) : sum
        state.fulfilments.update(part.id) { $0.collect = collect }
    }

    /// What a warehouse is asked to leave out, as far as it has not left.
    private func leftOut(of parts: [FulfilmentLine]) -> [LineQuantity] {
        parts.map { LineQuantity(line: $0.key.line, quantity: min($0.asked, $0.open)) }
    }

    /// By how much less is due without some units.
    private func worth(of units: [LineQuantity], _ state: OrderState) -> Int64 {
        state.order.due - without(units, state).order.due
    }

    private func without(_ units: [LineQuantity], _ state: OrderState) -> OrderState {
        var after = state
        for unit in units where unit.quantity > 0 {
            after.lines.update(unit.line) { $0.cancelled += min(unit.quantity, $0.open) }
        }
        recount(&after)
        return after
    }

    /// Asks a warehouse to have another sum collected, its lines as they are, where what the carriers were told is not what
    /// is owed any more and nobody is still to be told. One warehouse at a time; who has refused a sum is not asked for it
    /// again.
    mutating func tellCashAgain(_ state: inout OrderState) {
        guard state.order.paymentTerm == .cashOnDelivery, !state.order.isCancelling, !state.order.status.isFinal,
            !state.isCashUntold, !state.fulfilments.all.contains(where: \.isAmendOpen)
        else { return }
        let told = state.cashTold
        let lack = state.cashOwed - told.values.reduce(0, +)
        guard lack != 0 else { return }
        let changes = state.fulfilments.all.compactMap { part -> (part: String, told: Int64, sum: Int64)? in
            guard let own = told[part.id], state.mayCollectAnew(part) else { return nil }
            let sum = max(0, own + lack)
            let isRefused = part.amend.state == .refused && part.amend.collect == sum
            return sum == own || isRefused ? nil : (part.id, own, sum)
        }
        // Who collects most can be told much less.
        guard let change = changes.max(by: { $0.told < $1.told }) else { return }
        why.append("\(change.part) is to collect \(change.sum)")
        askToAmend(change.part, &state)
    }
}

extension OrderState {
    /// Its carrier has not collected anything, and its warehouse is not asked to stop it.
    fileprivate func mayCollectAnew(_ part: Fulfilment) -> Bool {
        part.state.isWithWarehouse && (part.cancel == .none || part.cancel == .refused)
            && lines(of: part.id).allSatisfy { $0.shipped == 0 }
    }
}
