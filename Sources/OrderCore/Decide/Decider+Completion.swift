extension Decider {
    /// Delivered, lost or sent back: a parcel's journey.
    mutating func journey(_ report: FulfilmentReport, _ message: Message, _ state: inout OrderState) -> Outcome {
        guard let parcel = state.parcel(for: report) else {
            if state.order.status == .rejected { return .done(note: "the order was rejected") }
            return .parked(waitsFor: "parcel \(report.warehouse ?? "") \(report.shipment ?? "")")
        }
        guard parcel.state != .delivered else { return .done(note: "the parcel was delivered already") }
        guard parcel.state != .returnedToSender || report.kind == .delivered else {
            return .done(note: "the parcel came back already")
        }
        guard !state.isRestocked(parcel) else {
            return conflict(
                .quantity, key: "\(parcel.key.warehouse)/\(parcel.key.shipment)", message,
                "delivered after all, but it had come back and what it holds is stock again: count it")
        }
        why.append("parcel \(parcel.key.shipment): \(report.kind.rawValue)")
        switch report.kind {
        case .delivered:
            state.parcels.update(parcel.key) {
                $0.state = .delivered
                $0.deliveredAt = report.occurredAt
            }
            closeHolds(&state, .fixed, "delivered after all") {
                $0.path == parcel.key.shipment && ($0.reason == .lost || $0.reason == .returnedToSender)
            }
            if let delivered = state.parcels[parcel.key] {
                tell(.orderDelivered(state.summary, delivered), about: &state)
            }
            finishDelivered(parcel.fulfilment, &state)
        case .lost:
            state.parcels.update(parcel.key) { $0.state = .lost }
            stray(parcel, .lost, &state)
            hold(&state, .lost, path: parcel.key.shipment, "parcel \(parcel.key.shipment) is lost")
        case .returnedToSender:
            state.parcels.update(parcel.key) { $0.state = .returnedToSender }
            stray(parcel, .returnedToSender, &state)
            restockStopped(parcel, at: report.occurredAt, &state)
            // Of goods that nobody waits for there is nothing to decide.
            guard !parcel.isStopped else { break }
            hold(
                &state, .returnedToSender, path: parcel.key.shipment,
                "parcel \(parcel.key.shipment) comes back: ship again or refund")
        default: break
        }
        settle(&state)
        return .done
    }

    /// A parcel does not arrive, nor does its part; of what nobody waits for that says nothing.
    private func stray(_ parcel: Parcel, _ end: FulfilmentState, _ state: inout OrderState) {
        guard !parcel.isStopped else { return }
        state.fulfilments.update(parcel.fulfilment) { if $0.state == .shipped { $0.state = end } }
    }

    private func finishDelivered(_ id: String, _ state: inout OrderState) {
        let parcels = state.wantedParcels.filter { $0.fulfilment == id }
        let lines = state.lines(of: id)
        guard parcels.allSatisfy({ $0.state == .delivered }), lines.allSatisfy({ $0.open == 0 }),
            lines.contains(where: { $0.shipped > 0 })
        else { return }
        state.fulfilments.update(id) { $0.state = .delivered }
    }

    /// What follows from the last parcel's leaving.
    mutating func afterShipped(_ state: inout OrderState) {
        if policy(state).capture == .onShip { capture(&state, upTo: state.order.due, reason: "shipped") }
        if state.order.paymentTerm == .cashOnDelivery, !isCaptured(state) {
            // Until a delivery is told: then it runs from there.
            let latest = max(waiting(.autoReceiveAfterShipping, state), policy(state).cashWithin)
            setTimer(.cashUnsettled, state, after: latest)
        }
        guard state.order.kind == .internal else { return }
        setTimer(.autoReceive, state, after: wait(.autoReceiveAfterShipping, state))
    }

    /// From shipped to completed: received, reviewed, paid, and nothing in the way.
    mutating func advanceCompletion(_ state: inout OrderState) {
        noteDelivered(&state)
        if state.order.kind == .internal, state.order.status == .shipped {
            guard state.order.receivedAt != nil || isReceived(state) else { return }
            if state.order.receivedAt == nil { receive(&state) }
            if !state.order.isReviewDone, waiting(.reviewWindow, state) > 0 {
                let window = wait(.reviewWindow, state)
                transition(&state, to: .awaitingReview, "received; reviews are open")
                setTimer(.reviewWindow, state, after: window)
                return
            }
        }
        if state.order.status == .awaitingReview, !state.order.isReviewDone { return }
        guard state.openHolds.isEmpty, isSettled(state) else { return }
        transition(&state, to: .completed, "nothing stands in the way")
        for kind in [Timer.Kind.paymentTimeout, .autoReceive, .reviewWindow, .cashUnsettled] { dropTimer(kind, state) }
        tell(.orderCompleted(state.summary), about: &state)
    }

    /// All the money that has to come through us has come; what was sent back since by people's will is no obstacle.
    private func isSettled(_ state: OrderState) -> Bool {
        switch state.order.paymentTerm {
        case .prepaid, .onAccount: true
        case .online, .cashOnDelivery:
            state.order.money.captured >= state.order.due - tolerance(state) || state.isWrittenOff
        }
    }

    private mutating func noteDelivered(_ state: inout OrderState) {
        guard state.order.deliveredAt == nil, state.isAllDelivered else { return }
        state.order.deliveredAt = state.wantedParcels.compactMap(\.deliveredAt).max() ?? now
        if state.order.kind == .internal, policy(state).receipt == .confirmed {
            setTimer(.autoReceive, state, after: wait(.autoReceiveAfterDelivery, state))
        }
        if state.order.paymentTerm == .cashOnDelivery, !isCaptured(state) {
            setTimer(.cashUnsettled, state, after: policy(state).cashWithin)
        }
    }

    private func isReceived(_ state: OrderState) -> Bool {
        if state.order.isReceiptAnnounced { return true }
        return policy(state).receipt == .delivered && state.order.deliveredAt != nil
    }

    private mutating func receive(_ state: inout OrderState) {
        state.order.receivedAt = now
        dropTimer(.autoReceive, state)
        why.append("received")
        tell(.orderReceived(state.summary), about: &state)
    }

    /// `order.cancel`, `order.received`, `order.reviewed`.
    mutating func apply(_ request: OrderRequest, _ state: inout OrderState) -> Outcome {
        switch request.kind {
        case .cancel: return cancel(&state, reason: "buyer_request")
        case .received:
            guard !state.order.status.isFinal else { return .done(note: "the order is \(state.order.status.rawValue)") }
            guard !state.order.isReceiptAnnounced else { return .done(note: "told before") }
            guard state.fulfilmentsShipped || state.order.status.isAfterShipping else {
                return .parked(waitsFor: "shipped")
            }
            state.order.isReceiptAnnounced = true
            why.append("the buyer has it")
        case .reviewed:
            guard !state.order.status.isFinal else { return .done(note: "the order is \(state.order.status.rawValue)") }
            guard state.order.receivedAt != nil else { return .parked(waitsFor: "received") }
            state.order.isReviewDone = true
            why.append("the buyer has reviewed it")
            dropTimer(.reviewWindow, state)
        }
        settle(&state)
        return .done
    }

    /// `tracking.checkpoint`: appended, in event-time order when read.
    mutating func apply(_ checkpoint: TrackingCheckpoint, _ state: inout OrderState) -> Outcome {
        let isKnown = state.parcels.all.contains {
            $0.key.shipment == checkpoint.shipment && (checkpoint.warehouse ?? $0.key.warehouse) == $0.key.warehouse
        }
        if state.order.status == .rejected { return .done(note: "the order was rejected") }
        guard isKnown else { return .parked(waitsFor: "parcel \(checkpoint.shipment)") }
        changes.checkpoints.append((state.order.number, checkpoint))
        why.append("parcel \(checkpoint.shipment): \(checkpoint.code)")
        tell(.trackingUpdated(state.summary, checkpoint), about: &state)
        return .done
    }
}

extension OrderState {
    /// People have closed the hold on money that does not come: they let the order go without it.
    fileprivate var isWrittenOff: Bool {
        holds.all.contains {
            ($0.reason == .captureFailed || $0.reason == .codUnsettled)
                && ($0.closing == .released || $0.closing == .overridden)
        }
    }

    /// The parcel a report speaks of.
    func parcel(for report: FulfilmentReport) -> Parcel? {
        if let shipment = report.shipment {
            return parcels.all.first {
                $0.key.shipment == shipment && (report.warehouse ?? $0.key.warehouse) == $0.key.warehouse
            }
        }
        guard let fulfilment = fulfilment(for: report) else { return nil }
        let there = parcels.all.filter { $0.fulfilment == fulfilment.id }
        return there.count == 1 ? there.first : nil
    }

    /// Every parcel that somebody waits for has arrived, and nothing is to come.
    var isAllDelivered: Bool {
        lines.all.allSatisfy { $0.open == 0 } && wantedParcels.allSatisfy { $0.state == .delivered }
    }

    /// The parcels that hold something which was to leave.
    fileprivate var wantedParcels: [Parcel] { parcels.all.filter { !$0.isStopped } }

    /// It came back, and went back to stock: as stopped goods at once, or with the end of its order.
    fileprivate func isRestocked(_ parcel: Parcel) -> Bool {
        parcel.state == .returnedToSender
            && (order.status == .cancelled || parcel.stopped.contains { $0 > 0 })
    }
}
