internal import OrderCore

// How stock is split by channel.
extension RuleSchema {
    static var stockShare: JSONTree {
        let sku = either(reference("name"), object([(RuleOperator.inList.rawValue, text("The name of a list."))]))
        let part = either(
            .object([("type", .text("string")), ("pattern", .text("^(100|[0-9]{1,2})%$"))]),
            .object([("type", .text("integer")), ("minimum", .number(0))]))
        return object(
            ShareKey.allCases.map { key in
                switch key {
                case .skus: (key.rawValue, either(sku, list(of: sku)))
                case .warehouses: (key.rawValue, reference("names", "Each for itself; left out: every one."))
                case .channels: (key.rawValue, map(of: part, "A share of what can be sold, or units: {shop: 60%, app: 20}"))
                }
            }, required: [ShareKey.channels.rawValue])
    }
}
