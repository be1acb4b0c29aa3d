/// When rules look at products, for what they may be asked then. Most messages bring no products: they are read where a rule
/// of the set looks at them, and only then.
public enum RuleProductNeed: Hashable, Sendable, CaseIterable {
    /// Until the order is released.
    case beforeRelease
    /// While a part of it is planned, and not yet handed over.
    case whilePlanned
    /// When people, timers or facts that waited may have it stopped or handed over again.
    case onDemand
    /// While a gift of it may be taken back.
    case whileGiven
    /// With each message about it.
    case always
}

extension RuleSet {
    /// When its rules look at products.
    var productNeeds: Set<RuleProductNeed> {
        Set(rules.filter { $0.isEnabled && $0.conditions.contains(where: \.looksAtProducts) }.flatMap(\.productNeeds))
    }
}

extension Rule {
    /// When it may be asked of an order whose products nobody else has read.
    fileprivate var productNeeds: [RuleProductNeed] {
        switch phase {
        case .validate, .source, .split, .review, .merge: [.beforeRelease]
        case .gift: [.beforeRelease, .whileGiven]
        case .backorder: [.beforeRelease, .onDemand]
        case .carrier: [.beforeRelease, .whilePlanned]
        case .output: condition.eventNames.map { $0.flatMap(Self.needs(ofEvent:)) } ?? RuleProductNeed.allCases
        case .timing: actions.flatMap(\.productNeeds)
        }
    }

    private static func needs(ofEvent name: String) -> [RuleProductNeed] {
        switch name {
        case "order.accepted", "order.rejected": []
        case "order.paid", "order.released", "production.requested", "virtual.delivered": [.beforeRelease]
        case "fulfilment.requested": [.beforeRelease, .whilePlanned, .onDemand]
        case "fulfilment.cancel_requested": [.onDemand]
        default: RuleProductNeed.allCases
        }
    }
}

extension RuleAction {
    /// Of a timing rule: when the time begins.
    fileprivate var productNeeds: [RuleProductNeed] {
        guard case .wait(let timing, _) = self else { return [] }
        switch timing {
        case .paymentTimeout, .releaseDelay: return [.beforeRelease]
        case .handOverInDoubtAfter: return [.beforeRelease, .whilePlanned, .onDemand]
        case .noAnswerAfter: return [.onDemand]
        default: return RuleProductNeed.allCases
        }
    }
}

extension RuleCondition {
    /// The events of which alone it may hold; nil: of any.
    fileprivate var eventNames: Set<String>? {
        switch self {
        case .order(.event, .isIn(let names)): names
        case .all(let parts):
            parts.compactMap(\.eventNames).min { $0.count < $1.count }
        default: nil
        }
    }

    /// It asks what only the products of the lines tell.
    fileprivate var looksAtProducts: Bool {
        switch self {
        case .all(let parts), .any(let parts): parts.contains(where: \.looksAtProducts)
        case .not(let part), .lines(_, let part): part.looksAtProducts
        case .order(let field, _): field.isOfProducts
        case .line(let field, _): field.isOfProducts
        case .sum(let field, let part, _): field.isOfProducts || part.looksAtProducts
        case .history: false
        }
    }
}

extension OrderField {
    fileprivate var isOfProducts: Bool {
        switch self {
        case .weight, .volume, .partWeight, .partVolume: true
        default: false
        }
    }
}

extension LineField {
    fileprivate var isOfProducts: Bool {
        switch self {
        case .title, .supplier, .temperature, .weight, .volume, .floorPrice, .isBelowFloor: true
        case .sku, .type, .quantity, .count, .unitPrice, .amount, .available: false
        }
    }
}
