import OrderCore

/// The state machine as the domain's page draws it, beside the one that is tested: which moves there are, and on what.
enum Machine {
    /// What may move an order.
    enum Trigger {
        case placed
        case payment
        case warehouse
        case fact
        case wish
        case cancel
        case staff
        /// Staff end units: less is due, or nothing is left.
        case units
        case timer
        case paymentTimer
        case nothing
    }

    /// Whether an order may come from one status to the other when this was said.
    static func allows(_ from: OrderStatus?, _ to: OrderStatus, on trigger: Trigger) -> Bool {
        if trigger == .nothing { return false }
        if from == to { return true }
        switch (from, to) {
        case (nil, .awaitingPayment), (nil, .awaitingRelease), (nil, .rejected),
            (.rejected, .awaitingPayment), (.rejected, .awaitingRelease):
            return trigger == .placed
        case (.awaitingPayment, .awaitingRelease): return trigger == .payment || trigger == .units
        case (.awaitingPayment, .cancelled): return [.cancel, .units, .paymentTimer].contains(trigger)
        case (.awaitingRelease, .cancelled):
            return [.cancel, .units, .paymentTimer, .warehouse, .staff].contains(trigger)
        case (.awaitingRelease, .released): return trigger != .cancel && trigger != .wish
        case (.awaitingRelease, .partiallyShipped), (.awaitingRelease, .shipped): return trigger != .placed
        case (.released, .awaitingRelease): return trigger == .warehouse
        case (.released, .cancelled), (.partiallyShipped, .cancelled):
            return [.warehouse, .cancel, .units].contains(trigger)
        case (.released, .partiallyShipped): return trigger != .wish && trigger != .cancel
        case (.released, .shipped), (.partiallyShipped, .shipped): return trigger != .wish
        case (.shipped, .awaitingReview): return true
        case (.shipped, .completed), (.awaitingReview, .completed): return true
        case (.shipped, .cancelled): return trigger == .cancel
        default: return false
        }
    }

    /// What a message is to the state machine.
    static func trigger(_ payload: Payload) -> Trigger {
        switch payload {
        case .orderPlaced: .placed
        case .payment: .payment
        case .fulfilment: .warehouse
        case .productionDone, .tracking: .fact
        case .request(let request): request.kind == .cancel ? .cancel : .wish
        case .command(let command):
            switch command.action {
            case .cancel: .cancel
            case .cancelLines: .units
            default: .staff
            }
        case .timer(let timer): timer.kind == .paymentTimeout ? .paymentTimer : .timer
        case .stock, .deadLetters, .resend, .reference: .nothing
        }
    }
}
