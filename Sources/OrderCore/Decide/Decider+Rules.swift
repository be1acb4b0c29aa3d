/// What rules of phases `validate` and `review` have to say about an order.
struct RuledReasons {
    /// Why it is not taken.
    var rejections: [Reason] = []
    /// Why people look at it first.
    var holds: [Reason] = []

    var isEmpty: Bool { rejections.isEmpty && holds.isEmpty }
}

extension Decider {
    /// What rules are asked about: the order as it stands now, until its release without what is cancelled.
    func subject(_ state: OrderState) -> RuleSubject {
        var subject = RuleSubject(
            state.order, lines: state.lines.all, contact: state.contact.all.first, products: set.reference.products,
            now: now)
        if state.order.status.isBeforeRelease { subject.leaveOutCancelled() }
        let asked = set.reference.rules.histories
        if !asked.isEmpty { subject.history = history(of: state, asked) }
        if set.reference.rules.looksAtStock {
            for line in state.lines.all where subject.available[line.sku] == nil {
                subject.available[line.sku] = available(line.sku)
            }
        }
        return subject
    }

    /// What can be promised of a SKU, of all warehouses; nil where the stock of all was not read.
    private func available(_ sku: String) -> Int64? {
        guard set.stock.complete?.contains(sku) ?? true else { return nil }
        return set.stock.warehouses(of: sku).reduce(0) { sum, warehouse in
            sum + max(0, promisable(StockKey(sku: sku, warehouse: warehouse)))
        }
    }

    /// The rules of a phase that match an order, in their order.
    func rules(_ phase: RulePhase, _ state: OrderState) -> [Rule] {
        guard set.reference.rules.has(phase) else { return [] }
        return set.reference.rules.matches(phase, subject(state))
    }

    /// Writes down what a rule has decided, in the journal and beside it.
    ///
    /// - Parameter others: what the decision looked at beside the rule's condition.
    mutating func note(_ rule: Rule, _ effect: String, _ subject: RuleSubject, _ others: [String: String] = [:]) {
        let rules = set.reference.rules
        why.append("\(effect) (rule \(rule.name), \(rules.set.label))")
        let inputs = rules.inputs(of: rule.wholeCondition, subject).merging(others) { $1 }
        ruled.append(
            RuleDecision(subject.order.number, rule, rules: rules.set.label, inputs: inputs, effect: effect))
    }

    /// Asks the rules whether it is an order that we take.
    mutating func askValidation(_ state: OrderState) -> RuledReasons {
        guard set.reference.rules.has(.validate) else { return RuledReasons() }
        let subject = subject(state)
        var reasons = RuledReasons()
        for rule in set.reference.rules.matches(.validate, subject) {
            for action in rule.actions {
                let effect: String
                switch action {
                case .reject(let detail):
                    reasons.rejections.append(Reason(.ruleViolated, path: rule.path, detail))
                    effect = "not taken"
                case .hold(let reason, let detail):
                    reasons.holds.append(Reason(reason, path: rule.path, detail))
                    effect = "held"
                default: continue
                }
                // Looked at again, it says nothing new.
                let isKnown = state.holds.all.contains {
                    $0.path == rule.path && ($0.isOpen || $0.closing?.isByPerson == true)
                }
                if !isKnown { note(rule, effect, subject) }
            }
        }
        return reasons
    }

    /// Asks the rules, once an order is to be handed over, whether a person must look at it first (审单); once more where its
    /// lines were edited since, whatever was let go before.
    mutating func screen(_ state: inout OrderState) {
        guard !state.order.isScreened, set.reference.rules.has(.review) else { return }
        state.order.isScreened = true
        let subject = subject(state)
        for rule in set.reference.rules.matches(.review, subject) {
            for action in rule.actions {
                switch action {
                case .approve: note(rule, "approved", subject)
                case .hold(let reason, let detail):
                    guard !state.openHolds.contains(where: { $0.reason == reason && $0.path == rule.path }) else {
                        continue
                    }
                    note(rule, "held for review", subject)
                    hold(&state, reason, path: rule.path, detail)
                default: break
                }
            }
        }
    }

    /// Chooses the carrier of each part that is to be handed over; where no rule has one, people choose.
    ///
    /// - Returns: whether each has one, or carriers are not a matter of rules.
    mutating func chooseCarriers(_ state: inout OrderState) -> Bool {
        guard set.reference.rules.has(.carrier) else {
            fix(&state, .noCarrier, "the warehouse chooses")
            return state.openHolds.isEmpty
        }
        for fulfilment in state.fulfilments.all where fulfilment.state == .planned && fulfilment.carrier == nil {
            guard !state.mayGoWithAnyCarrier(fulfilment.id) else { continue }
            var subject = subject(state)
            subject.part = state.part(fulfilment.id)
            guard let rule = set.reference.rules.matches(.carrier, subject).first,
                case .carrier(let code) = rule.actions.first
            else {
                hold(&state, .noCarrier, path: fulfilment.id, "no rule has a carrier for \(fulfilment.warehouse)")
                continue
            }
            guard goes(code, to: state) else {
                hold(
                    &state, .noCarrier, path: fulfilment.id,
                    "\(code) has no route to the receiver from \(fulfilment.warehouse) (rule \(rule.name))")
                continue
            }
            state.fulfilments.update(fulfilment.id) { $0.carrier = code }
            note(rule, "\(fulfilment.id) goes with \(code)", subject)
            fix(&state, .noCarrier, path: fulfilment.id, "a rule has a carrier")
        }
        return state.openHolds.isEmpty
    }

    /// Whether a carrier has a route to the receiver, for all that rules say.
    func goes(_ carrier: String, to state: OrderState) -> Bool {
        set.reference.rules.set.carriers[carrier]?.goes(to: state.contact.all.first?.receiver) ?? true
    }

    /// Hands over what was planned after the release of the order, as soon as it has a carrier.
    mutating func requestPlanned(_ state: inout OrderState) {
        _ = chooseCarriers(&state)
        for fulfilment in state.fulfilments.all where fulfilment.state == .planned {
            let isHeld = state.openHolds.contains { $0.reason == .noCarrier && $0.path == fulfilment.id }
            if !isHeld { request(fulfilment.id, &state) }
        }
    }
}

extension Rule {
    /// Where its holds and reasons point to: not into the message.
    var path: String { "rules.\(name)" }
}

extension Hold {
    /// A rule has opened it.
    var isOfRule: Bool { path?.hasPrefix("rules.") == true }
}

extension OrderState {
    /// A person has let it go without a choice: the warehouse chooses.
    fileprivate func mayGoWithAnyCarrier(_ fulfilment: String) -> Bool {
        holds.all.contains { $0.reason == .noCarrier && $0.path == fulfilment && $0.closing?.isByPerson == true }
    }

    /// One warehouse's part, for the rules.
    func part(_ id: String) -> RuleSubject.Part? {
        fulfilments[id].map { fulfilment in
            let quantities = lines(of: id).map { ($0.key.line, $0.quantity - $0.cancelled) }
            return RuleSubject.Part(
                warehouse: fulfilment.warehouse, quantities: Dictionary(quantities, uniquingKeysWith: +))
        }
    }
}
