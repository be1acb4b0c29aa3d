/// Changes a parcel of several orders that its warehouse has: an order leaves it, or units of one do. What one order wishes is
/// asked under the lock of the one that leads, by a due row that names all of them.
extension Decider {
    /// Wishes that a part leaves the parcel it travels in; to go to another receiver where `isOfReceiver`.
    mutating func askToLeave(_ id: String, isOfReceiver: Bool = false, _ state: inout OrderState) {
        guard let parcel = state.fulfilments[id]?.travelsIn else { return }
        state.fulfilments.update(id) {
            $0.cancel = .requested
            $0.leaveNumber = 0
            $0.amend.isOfReceiver = isOfReceiver
        }
        setTimer(.cancelUnanswered, state, reference: id, after: wait(.noAnswerAfter, state))
        why.append("\(id) is to leave \(parcel)")
        askSoon(for: parcel)
    }

    /// Wishes that a part is changed in the parcel it travels in, for the first time or again.
    mutating func askToChange(_ id: String, _ state: inout OrderState) {
        guard let part = state.fulfilments[id], let parcel = part.travelsIn else { return }
        watchAmend(part, state)
        why.append("\(id) is to be changed in \(parcel)")
        askSoon(for: parcel)
    }

    private mutating func askSoon(for parcel: String) {
        guard let lead = Fulfilment.orderNumber(ofIdentifier: parcel) else { return }
        changes.set(Timer(kind: .amendParcel, orderNumber: lead, reference: parcel, dueAt: now))
    }

    /// Asks the warehouse for the parcel as its orders wish it; to stop it, where nothing stays.
    mutating func amendParcel(_ timer: Timer) -> Outcome {
        let parcel = timer.reference
        guard let lead = timer.orderNumber else { return .done(note: "names no order") }
        let numbers = ([lead] + timer.others).sorted()
        guard numbers.allSatisfy({ set.quarantined[$0] == nil }) else {
            var later = timer
            later.dueAt = now.adding(seconds: Self.restSeconds)
            changes.set(later)
            return .done(note: "one of its orders can't be read: it is asked later")
        }
        let shares = numbers.compactMap { number in
            set.orders[number].flatMap { order in
                order.fulfilments.all.first { $0.travelsIn == parcel }.map { share(of: $0, order) }
            }
        }
        guard let leading = shares.first(where: \.part.isLead)?.part else {
            return .done(note: "there is no such parcel")
        }
        guard shares.contains(where: \.isWish) else { return .done(note: "answered meanwhile") }
        let number = leading.requestNumber + 1
        _ = withOrder(lead) { decider, state in
            state.fulfilments.update(leading.id) { $0.requestNumber = number }
            if let asked = state.fulfilments[leading.id] { decider.ask(for: asked, shares, &state) }
            return .done
        }
        for share in shares where share.isNoted {
            _ = withOrder(share.order.order.number) { decider, state in
                decider.note(request: number, about: share, &state)
                return .done
            }
        }
        return .done
    }

    private func share(of part: Fulfilment, _ order: OrderState) -> ParcelShare {
        guard part.isOnBoard else {
            return ParcelShare(order: order, part: part, collect: cashOfShipped(part, order))
        }
        let asked = part.isAmendOpen && part.amend.request > 0 ? part.amend.collect : nil
        return ParcelShare(order: order, part: part, collect: asked ?? amendedCash(by: part.id, order))
    }

    private mutating func ask(for asked: Fulfilment, _ shares: [ParcelShare], _ state: inout OrderState) {
        let leaving = shares.filter(\.isLeaving).map(\.order.order.number)
        let names = leaving.isEmpty ? "changed" : "without \(leaving.joined(separator: ", "))"
        why.append("\(asked.subject) asked for \(names)")
        guard shares.contains(where: \.hasUnitsToLeave) else {
            return tell(
                .fulfilmentCancelRequested(
                    asked, requestID: asked.requestID, reason: "nobody_stays",
                    orders: shares.filter { $0.order.carries($0.part) }.map(\.order.order.number)),
                aboutFulfilment: asked.id, of: &state)
        }
        let isLess = shares.contains { $0.isToChange && $0.lines.contains { $0.asked > 0 } }
        let request = EventPayload.AmendRequest(
            fulfilment: asked, lines: shares.flatMap { $0.order.amended($0.part) }, receiver: nil,
            collect: shares.reduce(0) { $0 + $1.collect }, currency: state.order.currency,
            reason: leaving.isEmpty ? isLess ? "cancelled" : "cash_changed" : "order_leaves",
            requestID: asked.requestID)
        tell(.fulfilmentAmendRequested(request), aboutFulfilment: asked.id, of: &state)
    }

    /// Remembers by which request an order's share of a parcel was asked to be another.
    private mutating func note(request number: Int64, about share: ParcelShare, _ state: inout OrderState) {
        let (id, parcel) = (share.part.id, share.part.subject)
        if share.isLeaving {
            state.fulfilments.update(id) { $0.leaveNumber = number }
            why.append("\(id) asked to leave \(parcel) by request \(number)")
            return
        }
        if !share.part.isAmendOpen {
            // What was refused before is asked for no more.
            for line in state.lines(of: id) where line.asked > 0 {
                state.fulfilmentLines.update(line.key) { $0.asked = 0 }
            }
            guard share.isOfSum else { return why.append("\(id) is asked for as it was: it was refused otherwise") }
            state.fulfilments.update(id) {
                $0.amend = Amend()
                $0.amend.state = .requested
            }
        }
        state.fulfilments.update(id) {
            // An answer to what was asked first counts on.
            if $0.amend.request == 0 { $0.amend.request = number }
            $0.amend.tries += 1
            if state.order.paymentTerm == .cashOnDelivery { $0.amend.collect = share.collect }
        }
        if let part = state.fulfilments[id] { watchAmend(part, state) }
        why.append("\(id) asked to be changed in \(parcel) by request \(number)")
    }
}

/// What one order has in a parcel, and wishes of it.
private struct ParcelShare {
    let order: OrderState
    let part: Fulfilment
    /// What the carrier is to collect for it as it is wished, minor units.
    let collect: Int64

    var lines: [FulfilmentLine] { order.lines(of: part.id) }

    /// Its warehouse is to be asked to take it out.
    var isLeaving: Bool { part.wishesToLeave && part.leaveNumber == 0 && lines.contains { $0.open > 0 } }

    /// Its warehouse is to be asked to change it, or asked again.
    var isToChange: Bool {
        part.isOnBoard && part.isAmendOpen && (part.amend.request == 0 || part.amend.state == .unanswered)
    }

    /// Something is to be asked for it.
    var isWish: Bool { isLeaving || isToChange }

    /// What the others wish changes what is collected for it.
    var isOfSum: Bool { isQuiet && collect != order.cash(by: part.id) }

    /// Something is to be noted of it with the request.
    var isNoted: Bool { isWish || isOfSum || isQuiet && lines.contains { $0.asked > 0 } }

    /// It goes with the others, and wishes nothing.
    private var isQuiet: Bool { part.isOnBoard && !part.isAmendOpen }

    /// Some of it is still to leave with the others.
    var hasUnitsToLeave: Bool { part.isOnBoard && order.wishedLines(of: part).contains { $0.amended > $0.shipped } }
}
