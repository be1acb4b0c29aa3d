import OrderCore

/// An order's status says what its rows say, and somebody or something moves every order that is not over (`P8`).
extension Bench {
    func lineLaws(_ state: OrderState) -> [String] {
        var found: [String] = []
        for line in state.lines.all {
            let parts = state.fulfilmentLines.all.filter { $0.key.line == line.number }
            if line.shipped < 0 || line.cancelled < 0 || line.open < 0 { found.append("line \(line.number) is off") }
            if line.returned > line.shipped { found.append("line \(line.number): more came back than left") }
            let left = parts.reduce(0) { $0 + $1.shipped }
            if line.type != .virtual, left != line.shipped {
                found.append("line \(line.number): parts shipped \(left)")
            }
            let open = parts.reduce(0) { $0 + $1.open }
            if open > line.open { found.append("line \(line.number): parts carry \(open) of \(line.open)") }
            if line.type == .madeToOrder, parts.reduce(0, { $0 + $1.shipped }) > line.produced {
                found.append("line \(line.number): more left than was produced")
            }
        }
        for part in state.fulfilmentLines.all {
            if part.reserved < 0 || part.shipped < 0 || part.cancelled < 0 || part.open < 0 {
                found.append("part \(part.key) is off")
            }
            var (ordered, all) = (Int64(0), Int64(0))
            for parcel in state.parcels.all where parcel.fulfilment == part.key.fulfilment {
                for (index, line) in parcel.lines.enumerated() where line == part.key.line {
                    all += parcel.quantities[index]
                    ordered += parcel.quantities[index] - parcel.stopped[index]
                }
            }
            if ordered != part.shipped { found.append("part \(part.key): parcels hold \(ordered) that was ordered") }
            if all > part.quantity { found.append("part \(part.key): \(all) left of \(part.quantity)") }
            if part.reserved > part.open { found.append("part \(part.key) reserves more than is open") }
        }
        for parcel in state.parcels.all {
            func isSeen(_ reason: HoldReason) -> Bool {
                state.holds.all.contains { $0.reason == reason && $0.path == parcel.key.shipment }
            }
            let isStopped = !parcel.lines.isEmpty && parcel.stopped == parcel.quantities
            let isStray =
                switch parcel.state {
                case .shipped, .delivered: false
                case .lost: !isSeen(.lost)
                case .returnedToSender: !isStopped && !isSeen(.returnedToSender)
                }
            if isStray { found.append("parcel \(parcel.key.shipment) is \(parcel.state), and nobody looks") }
            if parcel.stopped.contains(where: { $0 > 0 }), !isSeen(.shippedAfterCancel) {
                found.append("parcel \(parcel.key.shipment) should not have left, and nobody looks")
            }
        }
        return found
    }

    func statusLaws(_ state: OrderState) -> [String] {
        let order = state.order
        let lines = state.lines.all
        let isOpen = lines.contains { $0.open > 0 }
        let hasShipped = lines.contains { $0.shipped > 0 }
        var found: [String] = []
        switch order.status {
        case .awaitingPayment, .awaitingRelease:
            if hasShipped { found.append("something has shipped") }
            if order.status == .awaitingPayment, !isSet(.paymentTimeout, order) { found.append("nothing ends it") }
        case .released: if hasShipped || !isOpen { found.append("it is not just released") }
        case .partiallyShipped: if !hasShipped || !isOpen { found.append("it is not just partially shipped") }
        case .shipped, .awaitingReview, .completed: if isOpen || !hasShipped { found.append("it has not shipped") }
        case .cancelled, .rejected:
            if isOpen || state.fulfilmentLines.all.contains(where: { $0.reserved > 0 }) { found.append("it goes on") }
        }
        found += liveness(state) + timerLaws(state)
        if order.isCancelling != state.hasOpenHold(.cancelling) { found.append("cancelling, and its hold, differ") }
        if order.isCancelling, order.status.isFinal { found.append("cancelling goes on behind the end") }
        if state.holds.all.contains(where: { $0.reason == .impossibleTransition }) {
            found.append("it was to go where it can't")
        }
        return found
    }

    private func isSet(_ kind: Timer.Kind, _ order: Order, _ reference: String = "") -> Bool {
        timers[TimerKey(kind: kind, orderNumber: order.number, reference: reference)] != nil
    }

    /// What we asked of another system and got no answer to is asked again; no timer waits for what has come.
    private func timerLaws(_ state: OrderState) -> [String] {
        let order = state.order
        var found: [String] = []
        for request in state.requests.all where request.isOpen != isSet(.inDoubt, order, request.requestID) {
            found.append("\(request.requestID) is \(request.state), its timer is not")
        }
        for fulfilment in state.fulfilments.all {
            let isUnanswered = fulfilment.state == .released && fulfilment.unanswered > 0
            if isUnanswered, fulfilment.cancel == .none || hasCompany(fulfilment),
                !isSet(.handOverInDoubt, order, fulfilment.subject)
            {
                found.append("nobody asks for \(fulfilment.id) again")
            }
            let isToStop = fulfilment.cancel == .requested && state.lines(of: fulfilment.id).contains { $0.open > 0 }
            if isToStop, !isSet(.cancelUnanswered, order, fulfilment.id) {
                found.append("nobody asks whether \(fulfilment.id) stops")
            }
            let isToChange = fulfilment.amend.isOpen && fulfilment.state.isWithWarehouse
            if isToChange != isSet(.amendUnanswered, order, fulfilment.id) {
                found.append("\(fulfilment.amendID) is \(fulfilment.amend.state), its timer is not")
            }
        }
        if order.status.isFinal {
            for kind in [Timer.Kind.paymentTimeout, .autoReceive, .reviewWindow, .cashUnsettled]
            where isSet(kind, order) {
                found.append("\(kind) waits behind the end")
            }
        }
        return found
    }

    /// Parts of other orders that nobody wants out travel in the parcel that this one leads.
    private func hasCompany(_ lead: Fulfilment) -> Bool {
        guard let parcel = lead.travelsIn, parcel == lead.id.replacing("-F", with: "-M") else { return false }
        return set.orders.values.contains { order in
            order.fulfilments.all.contains { $0.travelsIn == parcel && $0.id != lead.id && $0.cancel == .none }
        }
    }

    /// An order that is not over waits for somebody: a person by a hold, a timer, a warehouse, the payment side, ERP.
    private func liveness(_ state: OrderState) -> [String] {
        let order = state.order
        guard state.openHolds.isEmpty, !order.status.isFinal else { return [] }
        let isWaiting =
            switch order.status {
            case .awaitingPayment: isSet(.paymentTimeout, order)
            case .awaitingRelease:
                isSet(.releaseDelay, order) || isSet(.releaseDelay, order, "presale") || order.isProductionRequested
                    || waitsForOthers(order)
            case .released, .partiallyShipped:
                state.fulfilments.all.contains { fulfilment in
                    fulfilment.state.isWithWarehouse && state.lines(of: fulfilment.id).contains { $0.open > 0 }
                }
            case .shipped, .awaitingReview:
                isSet(.autoReceive, order) || isSet(.reviewWindow, order) || isSet(.cashUnsettled, order)
                    || state.requests.all.contains { $0.kind == .capture && $0.isOpen }
            case .completed, .cancelled, .rejected: true
            }
        return isWaiting ? [] : ["nothing moves it"]
    }
}
