extension Decider {
    /// Opens a hold, unless one with the same reason and path is open.
    mutating func hold(_ state: inout OrderState, _ reason: HoldReason, path: String? = nil, _ detail: String) {
        guard !state.openHolds.contains(where: { $0.reason == reason && $0.path == path }) else { return }
        let hold = Hold(
            number: Int64(state.holds.all.count) + 1, reason: reason, path: path, detail: detail, openedAt: now,
            openedBy: by)
        state.holds.insert(hold)
        why.append("held: \(reason.rawValue)")
        alert(.holdOpened(orderNumber: state.order.number, hold), orderNumber: state.order.number)
    }

    /// Closes the open holds that match.
    mutating func closeHolds(
        _ state: inout OrderState, _ closing: HoldClosing, _ reason: String,
        where matches: (Hold) -> Bool
    ) {
        for hold in state.openHolds where matches(hold) {
            state.holds.update(hold.number) { open in
                open.closedAt = now
                open.closedBy = by
                open.closing = closing
                open.closingReason = reason
            }
            why.append("hold \(hold.reason.rawValue) closed: \(closing.rawValue)")
            if let closed = state.holds[hold.number] {
                alert(.holdClosed(orderNumber: state.order.number, closed), orderNumber: state.order.number)
            }
        }
    }

    /// Closes the open holds with this reason as mended.
    mutating func fix(_ state: inout OrderState, _ reason: HoldReason, _ how: String) {
        closeHolds(&state, .fixed, how) { $0.reason == reason }
    }

    /// Closes the open hold with this reason on one part of the order as mended.
    mutating func fix(_ state: inout OrderState, _ reason: HoldReason, path: String, _ how: String) {
        closeHolds(&state, .fixed, how) { $0.reason == reason && $0.path == path }
    }
}

extension OrderState {
    /// A validation hold is open: nothing is reserved, and no excess is sent back.
    var hasOpenValidationHold: Bool { openHolds.contains { $0.reason.isValidation } }

    /// Staff have said to go on in spite of this reason, and it was not raised again since; of what a rule has held, a
    /// release says so too.
    func isOverridden(_ reason: Reason) -> Bool {
        guard let last = holds.all.last(where: { $0.reason == reason.code && $0.path == reason.path }) else {
            return false
        }
        return last.closing == .overridden || last.closing == .released && last.isOfRule
    }
}
