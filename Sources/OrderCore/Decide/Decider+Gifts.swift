/// What gift rules add (赠品): lines at price 0, which change nothing of what is payable.
extension Decider {
    /// Adds what the rules give to an order that is about to be reserved; once a rule.
    ///
    /// - Returns: what says that a buyer has been given something that is given once, to be kept if the order is accepted.
    mutating func addGifts(_ state: inout OrderState) -> [BusinessKey] {
        guard set.reference.rules.has(.gift) else { return [] }
        let subject = subject(state)
        var keys: [BusinessKey] = []
        for rule in set.reference.rules.matches(.gift, subject) {
            guard !state.lines.all.contains(where: { $0.gift == rule.name }) else { continue }
            for case .gift(let gift) in rule.actions {
                if let key = give(gift, rule, subject, &state) { keys.append(key) }
            }
        }
        return keys
    }

    /// What was given once is known for ever.
    mutating func keep(_ keys: [BusinessKey]) {
        for key in keys {
            set.businessKeys[key.key] = key.contentHash
            changes.businessKeys.append(key)
        }
    }

    private mutating func give(
        _ gift: GiftAction, _ rule: Rule, _ subject: RuleSubject, _ state: inout OrderState
    ) -> BusinessKey? {
        let units = gift.units(subject, set.reference.rules)
        guard units > 0 else { return nil }
        guard let product = set.reference.products[gift.sku] else {
            why.append("no gift of rule \(rule.name): no product has the SKU \(gift.sku)")
            return nil
        }
        guard product.type != .physical || isThere(units, of: gift.sku) else {
            why.append("no gift of rule \(rule.name): \(gift.sku) is out of stock")
            return nil
        }
        var key: BusinessKey?
        if gift.isOncePerBuyer {
            // Whom nobody knows can't be known to have it already.
            guard let name = GiftAction.key(rule.name, state.order.seller, state.contact.all.first?.buyer),
                set.businessKeys[name] == nil
            else { return nil }
            key = BusinessKey(key: name, contentHash: state.order.contentHash, message: cause)
        }
        let number = (state.lines.all.map(\.number).max() ?? 0) + 1
        var line = OrderLine(number: number, sku: gift.sku, type: product.type, quantity: units, unitPrice: 0)
        line.gift = rule.name
        state.lines.insert(line)
        note(rule, "\(units) of \(gift.sku) given as line \(number)", subject)
        return key
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

    /// What was given for goods that are cancelled now, or left out if a warehouse agrees, is taken back as they are. A rule
    /// that is no more takes nothing back.
    mutating func takeBackGifts(_ state: inout OrderState, _ leftOut: inout LeftOut) {
        let given = state.lines.all.filter { $0.gift != nil && $0.open > 0 }
        guard !given.isEmpty, set.reference.rules.has(.gift) else { return }
        let subject = subjectOfRest(state, leftOut)
        let matched = Set(set.reference.rules.matches(.gift, subject).map(\.name))
        for line in given {
            guard
                let (rule, gift) = set.reference.rules.gifts.first(where: {
                    $0.rule == line.gift && $0.gift.sku == line.sku
                })
            else { continue }
            let deserved = matched.contains(rule) ? gift.units(subject, set.reference.rules) : 0
            guard deserved < line.open else { continue }
            takeOff(line.number, line.open - deserved, &state, &leftOut)
            why.append("\(line.open - deserved) of gift line \(line.number) taken back: its cause is cancelled")
        }
    }

    /// The order as if only what is left of it had been placed.
    private func subjectOfRest(_ state: OrderState, _ leftOut: LeftOut) -> RuleSubject {
        var after = state
        for (part, units) in leftOut { after.lines.update(part.line) { $0.cancelled += units } }
        recount(&after)
        var subject = subject(after)
        subject.lines = after.lines.all.filter { $0.gift == nil }.map { line in
            var rest = line
            rest.quantity -= line.cancelled
            rest.cancelled = 0
            return rest
        }.filter { $0.quantity > 0 }
        subject.order.amounts.goods = subject.lines.reduce(0) { $0 + $1.quantity * $1.unitPrice }
        subject.order.payable = after.order.due
        return subject
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
    fileprivate func units(_ subject: RuleSubject, _ book: RuleBook) -> Int64 {
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

    /// The key under which it is known that a buyer has been given this; nil for one whom nobody knows. It does not tell who
    /// it is: FNV-1a of 64 bits, twice, over the buyer's id.
    public static func key(_ rule: String, _ seller: String, _ buyer: String?) -> String? {
        guard let buyer else { return nil }
        let bytes = Array(buyer.utf8)
        let halves = [0xCBF2_9CE4_8422_2325, 0x8422_2325_CBF2_9CE4].map { (start: UInt64) in
            bytes.reduce(start) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        }
        return "gift \(rule) \(seller) " + halves.map { String($0, radix: 16) }.joined()
    }
}
