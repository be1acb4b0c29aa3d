internal import OrderCore

// What follows where rules match.
extension RuleSchema {
    static var actionDefinitions: [(String, JSONTree)] {
        [
            (
                "actions",
                object(
                    RuleActionKind.allCases.map { kind in
                        let phases = kind.phases.map(\.rawValue).joined(separator: ", ")
                        return (kind.rawValue, reference(kind.rawValue, "In phases: \(phases)."))
                    })
            )
        ] + RuleActionKind.allCases.map { ($0.rawValue, action($0)) }
            + [
                ("holdReason", words(HoldReason.reasons(of: nil).map(\.rawValue))),
                ("receiver", .object([("type", .text("string")), ("pattern", .text("^[A-Za-z0-9_-]+$"))])),
                ("receivers", either(reference("receiver"), list(of: reference("receiver")))),
            ]
    }

    private static func action(_ kind: RuleActionKind) -> JSONTree {
        switch kind {
        case .reject: either(text("Why, for the sender."), object([("detail", text())]))
        case .hold:
            either(
                reference("holdReason"),
                object([("reason", reference("holdReason")), ("detail", text("What a person needs to know."))]))
        case .approve: .object([("const", .flag(true)), ("description", .text("Nobody has to look at it."))])
        case .gift: either(text("The SKU, one unit of it."), gift)
        case .source: source
        case .backorder: either(integer("The smaller, the earlier it is served; 100 without one."), backorder)
        case .split: split
        case .merge: reference("duration", "How long parts wait for each other.")
        case .carrier: reference("name", "The carrier's code.")
        case .tell, .leaveOut: reference("receivers")
        case .redirect: map(of: reference("receiver"), "Who hears of it in whose place: {wms: wms-north}")
        case .wait: object(RuleTiming.allCases.map { ($0.rawValue, reference("duration")) })
        }
    }

    private static var gift: JSONTree {
        object(
            GiftKey.allCases.map { key in
                switch key {
                case .sku: (key.rawValue, reference("name", "What is given."))
                case .quantity: (key.rawValue, reference("count", "Units at a time."))
                case .each: (key.rawValue, step)
                case .most: (key.rawValue, reference("count", "Units of an order at most."))
                case .oncePerBuyer: (key.rawValue, flag("A buyer gets it once."))
                }
            }, required: [GiftKey.sku.rawValue])
    }

    private static var step: JSONTree {
        object(
            StepKey.allCases.map { key in
                switch key {
                case .amount: (key.rawValue, reference("amount", "Once for each so many minor units of goods."))
                case .quantity: (key.rawValue, reference("count", "Once for each so many units."))
                case .where: (key.rawValue, reference("lineCondition", "Of these lines."))
                }
            })
    }

    private static var source: JSONTree {
        object(
            SourceKey.allCases.map { key in
                switch key {
                case .steps: (key.rawValue, list(of: sourceStep, "Tried in order."))
                case .forbid: (key.rawValue, reference("names", "Warehouses that are never asked."))
                case .wait:
                    (
                        key.rawValue,
                        reference("duration", "What no step can give waits so long for stock, then it is held.")
                    )
                case .costs: (key.rawValue, text("The table of what parcels cost."))
                case .distances: (key.rawValue, text("The table of how far it is: the nearest is taken."))
                case .again: (key.rawValue, again)
                }
            })
    }

    private static var again: JSONTree {
        object(
            AgainKey.allCases.map { key in
                switch key {
                case .most: (key.rawValue, integer("So often another warehouse is asked; then people are."))
                case .unanswered:
                    (
                        key.rawValue,
                        reference("count", "After so many requests without an answer it is asked back.")
                    )
                }
            })
    }

    private static var sourceStep: JSONTree {
        object(
            SourceStepKey.allCases.map { key in
                switch key {
                case .warehouses: (key.rawValue, reference("names", "Best first; left out: every active one."))
                case .partial: (key.rawValue, flag("What it can give is taken; the next step is for the rest."))
                case .today: (key.rawValue, flag("Asks only warehouses whose cut-off of today is not over."))
                case .minimumValue:
                    (
                        key.rawValue,
                        reference("amount", "Of a partial step: what is taken is worth so much, and what is left.")
                    )
                }
            })
    }

    private static var backorder: JSONTree {
        object(
            BackorderKey.allCases.map { key in
                switch key {
                case .rank: (key.rawValue, integer("The smaller, the earlier it is served; 100 without one."))
                case .smallerFirst:
                    (key.rawValue, flag("It keeps nothing: who needs less, or comes later, may be served first."))
                }
            })
    }

    private static var split: JSONTree {
        let criteria = words(SplitAction.Criterion.keys)
        return object(
            SplitKey.allCases.map { key in
                switch key {
                case .by: (key.rawValue, either(criteria, list(of: criteria)))
                case .maximumWeight: (key.rawValue, reference("count", "Grams of a parcel at most."))
                case .maximumVolume: (key.rawValue, reference("count", "Cubic centimetres of a parcel at most."))
                case .maximumValue: (key.rawValue, reference("count", "Minor units of a parcel at most."))
                }
            })
    }
}
