internal import OrderCore

// Examples beside the rules.
extension RuleSchema {
    static var exampleDefinitions: [(String, JSONTree)] {
        let phases = RulePhase.allCases.map { ($0.rawValue, reference("expectation")) }
        let expected = either(reference("expectation"), object(phases))
        return [
            (
                "example",
                object(
                    ExampleKey.allCases.map { key in
                        switch key {
                        case .name: (key.rawValue, text("What it shows."))
                        case .phase: (key.rawValue, words(RulePhase.keys, "Left out: all."))
                        case .given: (key.rawValue, reference("given"))
                        case .expect: (key.rawValue, expected)
                        }
                    }, required: [ExampleKey.name, .given, .expect].map(\.rawValue))
            ),
            (
                "expectation",
                either(
                    reference("names"),
                    object([
                        (ExpectKey.rules.rawValue, reference("names", "The rules that match, in their order.")),
                        (ExpectKey.then.rawValue, reference("actions", "What follows from all of them.")),
                    ]))
            ),
            ("given", object(GivenKey.allCases.map { ($0.rawValue, given($0)) })),
        ]
    }

    private static func given(_ key: GivenKey) -> JSONTree {
        switch key {
        case .orderNumber, .channel, .partner, .currency, .remark: reference("name")
        case .kind: words(OrderKind.keys)
        case .at: reference("moment", "When the rules are asked.")
        case .paymentTerm: words(PaymentTerm.keys)
        case .paymentState: words(PaymentState.keys)
        case .amounts: object(GivenAmountKey.keys.map { ($0, reference("amount")) })
        case .lines: list(of: line)
        case .receiver: object(GivenReceiverKey.keys.map { ($0, reference("name")) })
        case .buyer: object([("id", reference("name"))])
        case .history: list(of: earlier, "The buyer's orders before this one.")
        case .products: map(of: product, "By SKU.")
        case .stock: map(of: integer(), "Units that can be promised, by SKU.")
        case .event: words(EventPayload.names)
        case .part: part
        }
    }

    private static var line: JSONTree {
        object(
            GivenLineKey.allCases.map { key in
                switch key {
                case .line, .quantity: (key.rawValue, reference("count"))
                case .sku: (key.rawValue, reference("name"))
                case .type: (key.rawValue, words(LineType.keys))
                case .unitPriceMinor: (key.rawValue, reference("amount"))
                }
            }, required: [GivenLineKey.sku.rawValue])
    }

    private static var product: JSONTree {
        object(
            GivenProductKey.allCases.map { key in
                switch key {
                case .title, .supplier, .temperature: (key.rawValue, reference("name"))
                case .type: (key.rawValue, words(LineType.keys))
                case .weight: (key.rawValue, integer("Grams of a unit."))
                case .volume: (key.rawValue, integer("Cubic centimetres of a unit."))
                case .floorPriceMinor: (key.rawValue, reference("amount"))
                }
            })
    }

    private static var earlier: JSONTree {
        object(
            [
                (GivenHistoryKey.ago.rawValue, reference("duration")),
                (GivenHistoryKey.sameGoods.rawValue, flag("Of the same SKUs and quantities.")),
            ], required: [GivenHistoryKey.ago.rawValue])
    }

    private static var part: JSONTree {
        object(
            [
                (GivenPartKey.warehouse.rawValue, reference("name")),
                (GivenPartKey.quantities.rawValue, map(of: integer(), "Units by line; left out: all.")),
            ], required: [GivenPartKey.warehouse.rawValue])
    }
}
