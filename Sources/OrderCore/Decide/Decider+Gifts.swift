/// What gift rules add (赠品): lines at price 0, which change nothing of what is payable.
extension Decider {
    /// Adds what the rules give to an order that is about to be reserved; once a rule.
    mutating func addGifts(_ state: inout OrderState) {
        guard set.reference.rules.has(.gift) else { return }
        let subject = subject(state)
        for rule in set.reference.rules.matches(.gift, subject) {
            guard !state.lines.all.contains(where: { $0.gift == rule.name }) else { continue }
            for case .gift(let gift) in rule.actions { give(gift, rule, subject, &state) }
        }
    }

    private mutating func give(
        _ gift: GiftAction, _ rule: Rule, _ subject: RuleSubject, _ state: inout OrderState
    ) {
        let units = gift.units(subject, set.reference.rules)
        guard units > 0 else { return }
        guard let product = set.reference.products[gift.sku] else {
            why.append("no gift of rule \(rule.name): no product has the SKU \(gift.sku)")
            return
        }
        guard product.type != .physical || isThere(units, of: gift.sku) else {
            why.append("no gift of rule \(rule.name): \(gift.sku) is out of stock")
            return
        }
        if gift.isOncePerBuyer {
            // Whom nobody knows can't be known to have it already.
            guard let key = GiftAction.key(rule.name, state.order.seller, state.contact.all.first?.buyer),
                set.businessKeys[key] == nil
            else { return }
        }
        let number = (state.lines.all.map(\.number).max() ?? 0) + 1
        var line = OrderLine(number: number, sku: gift.sku, type: product.type, quantity: units, unitPrice: 0)
        line.gift = rule.name
        state.lines.insert(line)
        note(rule, "\(units) of \(gift.sku) given as line \(number)", subject)
    }

    private func isThere(_ units: Int64, of sku: String) -> Bool {
        set.stock.warehouses(of: sku).contains { warehouse in
            let isOpen = set.reference.warehouses[warehouse]?.isActive == true
            return isOpen && promisable(StockKey(sku: sku, warehouse: warehouse)) >= units
        }
    }

    /// Reserves; where gifts are all that keeps an order from it, it goes without them.
    mutating func sourceWithGifts(_ state: inout OrderState) -> Sourced {
        guard state.lines.all.contains(where: { $0.gift != nil && $0.open > 0 }) else { return source(&state) }
        var (trial, copy) = (self, state)
        let sourced = trial.source(&copy)
        if !sourced.reasons.isEmpty {
            var (without, bare) = (self, state)
            without.giveUpGifts(&bare)
            if without.source(&bare).reasons.isEmpty {
                (self, state) = (without, bare)
                return Sourced()
            }
        }
        (self, state) = (trial, copy)
        return sourced
    }

    private mutating func giveUpGifts(_ state: inout OrderState) {
        for line in state.lines.all where line.gift != nil && line.open > 0 {
            state.lines.update(line.number) { $0.cancelled = $0.quantity - $0.shipped }
            why.append("gift of line \(line.number) given up: no warehouse can ship it with the order")
        }
    }
}

extension GiftAction {
    /// How many units an order is given.
    func units(_ subject: RuleSubject, _ book: RuleBook) -> Int64 {
        let times: Int64 =
            switch each {
            case nil: 1
            case .amount(let step): step > 0 ? subject.order.amounts.goods / step : 0
            case .quantity(let step, of: let condition):
                step > 0 ? book.lines(of: condition, subject).reduce(0) { $0.addingHeld($1.quantity) } / step : 0
            }
        let (units, overflow) = times.multipliedReportingOverflow(by: quantity)
        let held = overflow ? Limits.quantity : min(units, Limits.quantity)
        return max(0, min(held, most ?? held))
    }
}
