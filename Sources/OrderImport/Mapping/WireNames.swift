/// The message types that an import may send, and the routing keys that they go by.
enum WireNames {
    private static let orders = ["order.placed"]
    private static let payments = [
        "authorized", "captured", "failed", "voided", "refunded", "refund_failed", "charged_back", "charge_back_won",
    ].map { "payment." + $0 }
    private static let warehouses =
        [
            "accepted", "rejected", "picking", "packed", "short", "cancelled", "cancel_refused", "amended", "amend_refused",
            "shipped", "delivered", "lost", "returned_to_sender",
        ].map { "fulfilment." + $0 } + [
            "tracking.checkpoint", "stock.received", "stock.adjusted", "stock.counted", "production.done",
        ]
    private static let commands = ["order.cancel", "order.received", "order.reviewed"]
    private static let reference = ["product", "warehouse", "channel", "partner"].map { $0 + ".updated" }

    private static let typesByKey = [
        "order.internal": orders, "order.external": orders, "payment.callback": payments,
        "warehouse.callback": warehouses, "order.command": commands, "reference.update": reference,
    ]

    /// Checks that there is such a type and that it may go by such a routing key: what can't would only be a dead message.
    static func check(_ type: MappingNode, _ routingKey: MappingNode) throws(ImportError) {
        let types = Set(typesByKey.values.joined()).map { $0 + ".v1" }
        let name = try type.text()
        guard types.contains(name) else {
            throw type.error("\"\(name)\" is no type that can be sent: \(Suggestion.text(for: name, among: types))")
        }
        let keys = typesByKey.filter { $0.value.contains { $0 + ".v1" == name } }.keys.sorted()
        let key = try routingKey.text()
        guard keys.contains(key) else {
            throw routingKey.error("\(name) goes to \(keys.joined(separator: " or ")), not to \"\(key)\"")
        }
    }
}
