extension EventPayload {
    /// Every type without its version: what rules may name.
    public static let names: [String] =
        [
            "order.accepted", "order.rejected", "order.cancelled", "order.completed", "order.released",
            "order.received",
            "order.cancel_refused", "order.paid", "order.shipped", "order.delivered",
            "payment.recorded", "payment.failed", "payment.insufficient", "refund.settled", "refund.failed",
            "settlement.line", "fulfilment.requested", "fulfilment.cancel_requested", "fulfilment.amend_requested",
            "production.requested",
            "tracking.updated", "virtual.delivered", "stock.changed", "stock.short", "stock.low", "hold.opened",
            "hold.closed", "conflict.found", "message.dead", "delivery.unroutable",
        ] + MoneyRequest.Kind.allCases.map { $0.rawValue + ".requested" }
}
