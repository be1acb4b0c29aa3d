/// Orders that wait for stock: each has its place, and what is kept for those before it nobody takes.
extension Decider {
    /// Gives an order that waits for stock its place, and takes it from one that waits no more.
    mutating func keepPlace(_ state: inout OrderState) {
        let before = state.placeBefore
        if state.isInLine {
            var place = state.order.backorder ?? newPlace(state)
            place.since = place.since ?? paidAt(state)
            if let lack = state.lack {
                (place.units, place.takesParts) = (lack.units, lack.takesParts)
                place.parts = parts(of: lack.units, for: state.order.seller)
            } else {
                place.units = state.stillWanted(of: place)
                place.parts = place.parts.filter { place.units[$0.key] != nil }
            }
            state.order.backorder = place
            if let lack = state.lack { noteLook(lack, at: before, state) }
        } else if before != nil || state.order.backorder != nil {
            state.order.backorder = nil
            changes.looks[state.order.number] = .ended
        }
        let after = state.order.backorder
        guard before != after else { return }
        if why.isEmpty { why.append(after == nil ? "waits for stock no more" : "waits for other stock than before") }
        if let before { keep(before, -1, for: state.order) }
        if let after { keep(after, 1, for: state.order) }
        if let before, after == nil { set.queue.leave(BackorderTurn(before, of: state.order), before) }
        for (key, units) in before?.kept ?? [:] where units > after?.kept[key] ?? 0 { changes.givenUp.insert(key.sku) }
    }

    /// - Parameter place: the place that it had when it was looked at; a newcomer has had none.
    private mutating func noteLook(_ lack: Backorder.Lack, at place: Backorder?, _ state: OrderState) {
        guard lack.isInVain else {
            changes.looks[state.order.number] = .ended
            return
        }
        let offered = offered(to: state, at: place)
        changes.looks[state.order.number] = .inVain(offered)
        // What was kept for it since it was called goes to those behind it. This ends: it is not called for that again.
        if let place, !place.keepsTurn { changes.givenUp.formUnion(offered.keys.map(\.sku)) }
    }

    private mutating func keep(_ place: Backorder, _ sign: Int64, for order: Order) {
        let turn = BackorderTurn(place, of: order)
        for (key, units) in place.kept {
            set.queue.keep(sign * units, of: key, for: turn)
            if set.stock[key] != nil { changes.stockToTell.append(key) }
        }
    }

    /// The first rule that matches says when its turn is.
    private mutating func newPlace(_ state: OrderState) -> Backorder {
        var place = Backorder()
        guard let rule = rules(.backorder, state).first, case .backorder(let action) = rule.actions.first else {
            return place
        }
        place.rank = action.rank
        place.keepsTurn = !action.smallerFirst
        note(
            rule, "waits for stock with rank \(action.rank)" + (place.keepsTurn ? "" : ", smaller ones first"),
            subject(state))
        return place
    }

    /// When an order came to be paid; when it was placed, where it needs no payment first.
    private func paidAt(_ state: OrderState) -> Timestamp? {
        guard state.order.paymentTerm == .online else { return state.order.placedAt }
        guard isPaymentSatisfied(state) else { return nil }
        let paid = state.facts.all.filter { $0.key.kind == .captured || $0.key.kind == .authorized }
        return paid.map(\.occurredAt).max() ?? state.order.placedAt
    }

    /// Units of a stock that an order may be promised: neither what is kept for those before it, nor more than its channel's
    /// share.
    func promisable(_ key: StockKey, to state: OrderState) -> Int64 {
        guard let level = set.stock[key] else { return 0 }
        if let share = set.reference.rules.share(of: key) { return promisable(level, to: state, share) }
        return level.available - set.queue.kept(key, from: state.order)
    }

    /// Units that there were for an order that was looked at, of all that it lacks, and that it could not use. Of stock that
    /// is split they need not be its channel's.
    private func offered(to state: OrderState, at place: Backorder?) -> [StockKey: Int64] {
        var order = state.order
        order.backorder = place
        let keys = Set(unsourced(state).map(\.sku)).flatMap { sku in
            set.stock.warehouses(of: sku).map { StockKey(sku: sku, warehouse: $0) }
        }
        return keys.reduce(into: [:]) { offered, key in
            guard let level = set.stock[key] else { return }
            let share = set.reference.rules.share(of: key)
            // Of what it may not have at all it does not matter how much is kept for others.
            let isWanted = state.lack?.units[key] != nil
            let units = level.available - (isWanted ? set.queue.kept(key, from: order, in: share) : 0)
            if units > 0 { offered[key] = units }
        }
    }

    /// Units of a stock that anybody may be promised.
    func promisable(_ key: StockKey) -> Int64 {
        guard let level = set.stock[key] else { return 0 }
        if let share = set.reference.rules.share(of: key) { return promisable(level, share) }
        return level.available - set.queue.kept(key)
    }

    /// More wait for a SKU than were called: the store calls the next. What newcomers may be promised is another number then.
    mutating func giveOn(_ sku: String) -> Outcome {
        changes.givesOn.insert(sku)
        for warehouse in set.stock.warehouses(of: sku) {
            changes.stockToTell.append(StockKey(sku: sku, warehouse: warehouse))
        }
        return .done
    }

    /// What has waited for stock for as long as its rule lets it: people look. It waits on meanwhile, and keeps nothing.
    mutating func giveUpWaiting(_ state: inout OrderState) -> Outcome {
        guard state.isWaitingForStock else { return .done(note: "served meanwhile") }
        why.append("it has waited for stock for as long as its rule lets it")
        state.order.backorder?.keepsTurn = false
        hold(&state, .manual, path: "backorder", "it still waits for stock")
        return .done
    }

    /// Others were served of a stock that this order waits for, and it was not: its journal says so once.
    mutating func passOver(_ sku: String, _ state: inout OrderState) -> Outcome {
        guard let place = state.order.backorder else { return .done(note: "served meanwhile") }
        guard !place.passedOver.contains(sku) else { return .done(note: "passed over before") }
        state.order.backorder?.passedOver.insert(sku)
        why.append("passed over: what there is of \(sku) is not enough for it, and went to an order of a later turn")
        return .done
    }
}

// What is sold before it is there (预售).
extension Decider {
    /// What a release timer refers to that fires on the day of presale goods.
    static let presale = "presale"

    func isPresale(_ sku: String) -> Bool {
        set.reference.products[sku]?.presaleUntil.map { $0 > now } ?? false
    }

    /// The lines of presale goods that are not there yet: they wait, and keep no other line from being reserved.
    func presaleToCome(
        _ demands: [Sourcing.Demand], from warehouses: [String], _ state: OrderState
    ) -> [Sourcing.Demand] {
        var taken: [StockKey: Int64] = [:]
        return demands.filter { demand in
            guard isPresale(demand.sku) else { return false }
            let keys = warehouses.map { StockKey(sku: demand.sku, warehouse: $0) }
            let found = keys.first { promisable($0, to: state) - taken[$0, default: 0] >= demand.quantity }
            if let found { taken[found, default: 0] += demand.quantity }
            return found == nil
        }
    }

    /// An order with presale goods is handed over from their day on.
    mutating func waitForPresale(_ state: inout OrderState) {
        guard state.order.shipsFrom == nil, let last = lastPresale(state) else { return }
        why.append("goes out when the presale is over")
        shipFrom(last, &state)
    }

    /// What was cancelled is waited for no more. A day that was moved later moves no order.
    mutating func shortenPresale(_ state: inout OrderState) {
        guard let before = state.order.shipsFrom, before > now else { return }
        let last = lastPresale(state).map { min($0, before) }
        guard last != before else { return }
        why.append("waits no more for the presale of what is cancelled")
        shipFrom(last, &state)
    }

    /// The last day on which something that is open of an order comes.
    private func lastPresale(_ state: OrderState) -> Timestamp? {
        let days = state.lines.all.filter { $0.open > 0 }.compactMap { set.reference.products[$0.sku]?.presaleUntil }
        return days.max().flatMap { $0 > now ? $0 : nil }
    }

    /// Lets an order go out from a day on; nil: at once.
    mutating func shipFrom(_ day: Timestamp?, _ state: inout OrderState) {
        state.order.shipsFrom = day
        dropTimer(.releaseDelay, state, reference: Self.presale)
        guard let day else { return }
        changes.set(Timer(kind: .releaseDelay, orderNumber: state.order.number, reference: Self.presale, dueAt: day))
    }
}

extension OrderState {
    /// Some of it has no place yet, for want of stock.
    var isWaitingForStock: Bool { hasOpenHold(.outOfStock) || hasOpenHold(.noWarehouse) }

    /// It waits for stock, and is served when some comes.
    fileprivate var isInLine: Bool {
        !order.isValidated && order.status.isBeforeRelease && isWaitingForStock
    }

    /// What it waits for, less what was cancelled meanwhile.
    fileprivate func stillWanted(of place: Backorder) -> [StockKey: Int64] {
        let planned = planned
        var open: [String: Int64] = [:]
        for line in lines.all where line.type == .physical {
            open[line.sku, default: 0] += max(0, line.open - planned[line.number, default: 0])
        }
        return place.units.reduce(into: [:]) { wanted, part in
            guard let open = open[part.key.sku], open > 0 else { return }
            wanted[part.key] = min(part.value, open)
        }
    }
}
