extension RuleCondition {
    /// What of it the goods of the order decide. All else was so when it held, and no cancel changes it: the time, the buyer,
    /// what there is in stock.
    ///
    /// - Parameter holds: what the rest is taken for; the opposite within what must not be so.
    func ofGoods(_ holds: Bool = true) -> RuleCondition {
        let taken: RuleCondition = holds ? .all([]) : .any([])
        switch self {
        case .all(let parts): return .all(parts.map { $0.ofGoods(holds) })
        case .any(let parts): return .any(parts.map { $0.ofGoods(holds) })
        case .not(let part): return .not(part.ofGoods(!holds))
        case .order(let field, _): return field.isOfGoods ? self : taken
        case .history: return taken
        case .lines(.no, let part): return .lines(.no, part.ofGoods(!holds))
        case .lines(let quantifier, let part): return .lines(quantifier, part.ofGoods(holds))
        case .line(let field, _): return field == .available ? taken : self
        case .sum(let field, let part, let test):
            return field == .available ? taken : .sum(field, of: part.ofGoods(holds), test)
        }
    }
}

extension GiftAction {
    /// The same, given for what the goods alone decide.
    var ofGoods: GiftAction {
        guard case .quantity(let units, of: let condition) = each else { return self }
        var gift = self
        gift.each = .quantity(units, of: condition.ofGoods())
        return gift
    }
}

extension OrderField {
    /// A cancel of units changes it.
    fileprivate var isOfGoods: Bool {
        switch self {
        case .goods, .payable, .lineCount, .quantity, .weight, .volume: true
        default: false
        }
    }
}
