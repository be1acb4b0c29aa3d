extension Decider {
    /// Moves an order to another status; each move is a journal entry of its own.
    ///
    /// - Returns: whether it is there now. A move that the state machine does not know follows from rows that no decision
    ///   can have left: the order stays where it is, held for people to look.
    @discardableResult
    mutating func transition(_ state: inout OrderState, to status: OrderStatus, _ sentence: String) -> Bool {
        let from = state.order.status
        guard from != status else { return true }
        guard OrderStatus.allowed(from: from, to: status) else {
            hold(&state, .impossibleTransition, "\(from.rawValue) → \(status.rawValue): \(sentence)")
            return false
        }
        if from != state.orderBefore?.status { journal(&state) }
        state.order.status = status
        why.append(sentence)
        return true
    }

    /// Writes what has changed since the order's last entry as its next one.
    mutating func journal(_ state: inout OrderState) {
        var rows: [ChangedRow] = state.contact.takeTouched().map { .contact($0) }
        let lines = state.lines.takeTouched()
        keepGifts(lines, state)
        rows += lines.map { .line($0) }
        rows += state.facts.takeTouched().map { .fact($0) }
        rows += state.requests.takeTouched().map { .request($0) }
        rows += state.holds.takeTouched().map { .hold($0) }
        rows += state.fulfilments.takeTouched().map { .fulfilment($0) }
        rows += state.fulfilmentLines.takeTouched().map { .fulfilmentLine($0) }
        rows += state.parcels.takeTouched().map { .parcel($0) }
        guard state.order != state.orderBefore || !rows.isEmpty || !why.isEmpty else { return }
        state.order.version += 1
        changes.journal.append(
            JournalEntry(
                orderNumber: state.order.number, version: state.order.version, at: now, by: by, cause: cause,
                from: state.orderBefore?.status, to: state.order.status, why: why.joined(separator: "; "),
                rows: [.order(state.order)] + rows))
        for index in changes.events.indices[firstUnjournalledEvent...] {
            changes.events[index].version = state.order.version
        }
        for decision in ruled { changes.decisions.append(decision.at(state.order.version)) }
        ruled = []
        firstUnjournalledEvent = changes.events.count
        why = []
        state.orderBefore = state.order
        if state.mark == .stored { state.mark = .updated }
    }
}

extension OrderStatus {
    /// The transitions of the state machine; what is not here is impossible.
    public static func allowed(from: OrderStatus, to: OrderStatus) -> Bool {
        switch (from, to) {
        case (.rejected, .awaitingPayment), (.rejected, .awaitingRelease),
            (.awaitingPayment, .awaitingRelease), (.awaitingPayment, .cancelled),
            (.awaitingRelease, .released), (.awaitingRelease, .partiallyShipped), (.awaitingRelease, .shipped),
            (.awaitingRelease, .cancelled),
            (.released, .awaitingRelease), (.released, .partiallyShipped), (.released, .shipped),
            (.released, .cancelled),
            (.partiallyShipped, .shipped), (.partiallyShipped, .cancelled),
            (.shipped, .awaitingReview), (.shipped, .completed), (.shipped, .cancelled),
            (.awaitingReview, .completed):
            true
        default: false
        }
    }
}
