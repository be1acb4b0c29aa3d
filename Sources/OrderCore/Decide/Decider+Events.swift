extension Decider {
    /// Tells the receivers of an order's event, each with its next number.
    mutating func tell(_ payload: EventPayload, about state: inout OrderState) {
        let receivers = receivers(of: payload, state)
        let deliveries = Decider.number(receivers, &state.order.eventCounts, epoch)
        append(payload, subject: .order(state.order.number), orderNumber: state.order.number, deliveries)
    }

    /// Tells what is said about one fulfilment; its numbers count on the fulfilment's own row.
    mutating func tell(_ payload: EventPayload, aboutFulfilment id: String, of state: inout OrderState) {
        var deliveries: [Event.Delivery] = []
        let (receivers, epoch) = (receivers(of: payload, state, fulfilment: id), epoch)
        state.fulfilments.update(id) { deliveries = Decider.number(receivers, &$0.eventCounts, epoch) }
        let subject = state.fulfilments[id]?.subject ?? id
        append(payload, subject: .fulfilment(subject), orderNumber: state.order.number, deliveries)
    }

    /// Tells operations; alerts have no number and stand outside the rule of order.
    mutating func alert(_ payload: EventPayload, orderNumber: String?) {
        let deliveries = payload.receivers(of: .internal).map { Event.Delivery(receiver: $0, number: 0) }
        append(payload, subject: .alert, orderNumber: orderNumber, deliveries)
    }

    /// At the end of a batch: what has changed of stock is to be told soon, by a due row of its own.
    ///
    /// Told by each batch, the streams of a SKU that sells well would have a row of every lane in turn, each waiting for
    /// the one before to be confirmed and deleted by another lane: the streams would fall behind without end.
    mutating func noteStock() {
        noteRoom()
        for change in set.stock.changed {
            let (before, after) = (change.before, change.after)
            if after.missing > before.missing { changes.takeAways.append(after.key) }
            // Of stock that is split by channel, what one has may change while the whole does not.
            let isOther =
                set.reference.rules.share(of: after.key) == nil
                ? before.available != after.available
                : (before.onHand, before.reserved, before.safety) != (after.onHand, after.reserved, after.safety)
            guard isOther || change.isNew else { continue }
            changes.stockToTell.append(after.key)
            if before.available >= after.lowThreshold, after.available < after.lowThreshold {
                alert(
                    .stockLow(after.key, available: after.available, threshold: after.lowThreshold), orderNumber: nil)
            }
        }
    }

    /// Tells what is available now, however often it has changed since it was told last.
    mutating func tellStock(_ subject: String) -> Outcome {
        guard let key = StockKey(subject: subject), set.stock[key] != nil else {
            return .done(note: "there is no such stock")
        }
        let payload = EventPayload.stockChanged(key, available: promisable(key), parts: parts(of: key))
        var deliveries: [Event.Delivery] = []
        let epoch = epoch
        set.stock.update(key) { deliveries = Decider.number(payload.receivers(of: .external), &$0.eventCounts, epoch) }
        append(payload, subject: .stock(key), orderNumber: nil, deliveries)
        return .done
    }

    private static func number(
        _ receivers: [String], _ counts: inout [String: Int64], _ epoch: Int64
    ) -> [Event.Delivery] {
        receivers.map { receiver in
            let number = EventNumber.next(after: counts[receiver] ?? 0, in: epoch)
            counts[receiver] = number
            return Event.Delivery(receiver: receiver, number: number)
        }
    }

    private mutating func append(
        _ payload: EventPayload, subject: Event.Subject, orderNumber: String?, _ deliveries: [Event.Delivery]
    ) {
        guard !deliveries.isEmpty else { return }
        changes.events.append(
            Event(
                subject: subject, payload: payload, orderNumber: orderNumber, version: 0, cause: cause,
                deliveries: deliveries))
    }
}

extension OrderState {
    /// What stands in this order's events.
    var summary: EventPayload.OrderSummary {
        EventPayload.OrderSummary(order: order, lines: lines.all)
    }
}
