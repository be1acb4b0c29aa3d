extension EventPayload {
    /// Every type without its version: what rules may name.
    public static let names: [String] =
        [
            "order.accepted", "order.rejected", "order.edited", "order.cancelled", "order.completed", "order.released",
            "order.received",
            "order.cancel_refused", "order.paid", "order.shipped", "order.delivered",
            "payment.recorded", "payment.failed", "payment.insufficient", "refund.settled", "refund.failed",
            "settlement.line", "fulfilment.requested", "fulfilment.cancel_requested",
            "fulfilment.amend_requested", "production.requested", "tracking.updated", "virtual.delivered",
            "stock.changed", "stock.short", "stock.low", "hold.opened",
            "hold.closed", "conflict.found", "message.dead", "delivery.unroutable",
        ] + MoneyRequest.Kind.allCases.map { $0.rawValue + ".requested" }

    /// Those that output rules are asked about: alerts and `stock.changed` go their own way.
    public static let ruledNames = names.filter { !unruled.contains($0) }

    private static let unruled: Set<String> = [
        "stock.changed", "stock.short", "stock.low", "hold.opened", "hold.closed", "conflict.found", "message.dead",
        "delivery.unroutable",
    ]

    /// The kinds of receivers that no rule may leave out of an event: warehouses and production of what they are to do, the
    /// storefront of goods that it delivers itself, finance of money, gateways of what is asked of them.
    public static func neededReceivers(of name: String) -> [String] {
        switch name {
        case "fulfilment.requested", "fulfilment.cancel_requested", "fulfilment.amend_requested": ["wms"]
        case "production.requested": ["erp"]
        case "virtual.delivered": ["storefront"]
        case "payment.recorded", "order.paid", "refund.settled", "refund.failed", "settlement.line": ["finance"]
        case _ where MoneyRequest.Kind.allCases.contains { name == $0.rawValue + ".requested" }: ["payments"]
        default: []
        }
    }
}
