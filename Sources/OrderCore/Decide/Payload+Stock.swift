extension Payload {
    /// Whether it may change what its order has reserved: then the stock of the order's fulfilments has to be locked with
    /// it. What does not must not wait for the locks of a SKU that sells well.
    ///
    /// Of the message alone: a parked fact that it lets through may do more. A new order has nothing reserved yet, and
    /// reserves only what its lines name.
    public var touchesStock: Bool {
        switch self {
        case .payment, .tracking, .productionDone, .orderPlaced: false
        case .request(let request): request.kind == .cancel
        case .fulfilment(let report):
            switch report.kind {
            case .accepted, .picking, .packed, .delivered, .lost: false
            case .rejected, .short, .cancelled, .cancelRefused, .amended, .amendRefused, .shipped, .returnedToSender:
                true
            }
        case .command, .timer, .stock, .deadLetters, .resend, .reference: true
        }
    }
}
