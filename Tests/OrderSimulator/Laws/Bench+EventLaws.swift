import OrderCore

/// Events stem from a committed change, are numbered without a gap, and tell each thing once (`P4`).
extension Bench {
    mutating func eventLaws(_ changes: Changes) -> [String] {
        var found: [String] = []
        for event in changes.events {
            for delivery in event.deliveries {
                if event.subject == .alert {
                    if delivery.number != 0 { found.append("an alert has a number") }
                    continue
                }
                let stream = Books.Stream(receiver: delivery.receiver, subject: event.subject)
                books.numbers[stream] = EventNumber.next(after: books.numbers[stream] ?? 0, in: epoch)
                if delivery.number != books.numbers[stream] {
                    found.append("\(stream): number \(delivery.number) leaves a gap")
                }
            }
            if event.subject != .alert, let number = event.orderNumber,
                !changes.journal.contains(where: {
                    $0.orderNumber == number && $0.version == event.version && $0.cause == event.cause
                })
            {
                found.append("\(number): \(event.payload.name) stems from no entry of the journal")
            }
            if let number = event.orderNumber { books.told[number, default: Told()].hear(event) }
            if case .fulfilmentRequested(let request) = event.payload { found += boardingLaws(request) }
            if case .fulfilment = event.subject { found += receiverLaws(event) }
            found += partLaws(event)
            if case .orderPaid(let summary) = event.payload,
                summary.order.money.captured < summary.order.due - policy(of: summary.order).paymentTolerance
            {
                found.append("\(summary.order.number): told as paid, and is not")
            }
        }
        return found
    }

    /// Parts are worth what they hold; where they hold all that is wanted, they sum to what is due.
    private func partLaws(_ event: Event) -> [String] {
        let summary: EventPayload.OrderSummary
        switch event.payload {
        case .orderAccepted(let accepted, _): summary = accepted
        case .orderEdited(let edited): summary = edited
        default: return []
        }
        var found: [String] = []
        var wanted = summary.lines.reduce(into: [Int64: Int64]()) { $0[$1.number] = $1.quantity - $1.cancelled }
        for part in summary.parts {
            let worth = part.worth
            if worth.goods < 0 || worth.tax < 0 || worth.shipping < 0 { found.append("\(part.fulfilment): \(worth)") }
            if worth.goods + worth.tax + worth.shipping != worth.payable {
                found.append("\(part.fulfilment) does not sum up")
            }
            for units in part.lines { wanted[units.line, default: 0] -= units.quantity }
        }
        let sum = summary.parts.reduce(0) { $0 + $1.worth.payable }
        let isAll = !summary.parts.isEmpty && wanted.values.allSatisfy { $0 == 0 }
        if isAll ? sum != summary.order.due : sum > summary.order.due {
            found.append("the parts of \(summary.order.number) sum to \(sum), and \(summary.order.due) is due")
        }
        return found
    }

    /// Who was asked for a part is asked to stop or change it, and asked again; nobody else is.
    private mutating func receiverLaws(_ event: Event) -> [String] {
        let receivers = Set(event.deliveries.map(\.receiver).filter { EventPayload.isReceiver($0, of: "wms") })
        let first = books.askedFor[event.subject] ?? receivers
        books.askedFor[event.subject] = first
        guard receivers != first || first.isEmpty else { return [] }
        return ["\(event.payload.name) is told to \(receivers.sorted()), and the part is with \(first.sorted())"]
    }

    /// Where a part goes at its first hand-over, its warehouse ships, and its carrier has a route.
    func wayLaws(_ changes: Changes) -> [String] {
        changes.events.flatMap { event -> [String] in
            guard case .fulfilmentRequested(let request) = event.payload, request.fulfilment.unanswered == 1 else {
                return []
            }
            let (part, rules) = (request.fulfilment, set.reference.rules.set)
            var found: [String] = []
            if let carrier = part.carrier, rules.carriers[carrier]?.goes(to: request.receiver) == false {
                found.append("\(part.id) goes with \(carrier), which has no route")
            }
            if set.reference.warehouses[part.warehouse]?.parcelCost(to: request.receiver) == nil {
                found.append("\(part.id) goes where \(part.warehouse) does not ship")
            }
            return found
        }
    }

    /// Of a warehouse only what is open is asked: what was given up before the hand-over is another's to ship.
    func handOverLaws(_ changes: Changes) -> [String] {
        changes.events.flatMap { event -> [String] in
            guard case .fulfilmentRequested(let request) = event.payload else { return [] }
            let (id, order) = (request.fulfilment.id, request.fulfilment.orderNumber)
            guard !request.lines.isEmpty else { return ["\(id) is asked for nothing"] }
            return request.lines.compactMap { line in
                let carried = set.orders[order]?.fulfilmentLines[line.key]?.quantity ?? 0
                let givenUp = books.folded[order]?.fulfilmentLines[line.key]?.cancelled ?? 0
                guard line.quantity <= 0 || line.quantity > carried - givenUp else { return nil }
                return "\(id) is asked for \(line.quantity) of line \(line.key.line)"
            }
        }
    }

    /// A warehouse that is asked to change its part is asked for less of what it was handed, never for more.
    func amendLaws(_ changes: Changes) -> [String] {
        changes.events.flatMap { event -> [String] in
            guard case .fulfilmentAmendRequested(let request) = event.payload else { return [] }
            var found = request.lines.compactMap { line -> String? in
                let order = set.orders[line.orderNumber]
                let part = order?.fulfilments.all.first { $0.subject == request.fulfilment.subject }
                let key = FulfilmentLine.Key(part?.id ?? "", line.line)
                let carried = order?.fulfilmentLines[key]?.quantity ?? 0
                return line.quantity > 0 && line.quantity <= carried ? nil : "\(request.requestID) asks for \(line)"
            }
            if (request.reason == "receiver_changed") != (request.receiver != nil) {
                found.append("\(request.requestID) has the wrong personal data")
            }
            return found
        }
    }

    /// What stands in an order's rows was told, once.
    func toldLaws(_ state: OrderState) -> [String] {
        let number = state.order.number
        guard let folded = books.folded[number] else { return [] }
        let told = books.told[number] ?? Told()
        var found: [String] = []
        func expect(_ event: String, _ count: Int64) {
            let times = told.counts[event] ?? 0
            if times != count { found.append("\(event) was told \(times) times, not \(count)") }
        }
        expect("order.accepted", folded.accepted)
        expect("order.rejected", folded.rejected)
        expect("order.released", folded.arrivals[.released, default: 0])
        expect("order.completed", folded.arrivals[.completed, default: 0])
        expect("order.cancelled", folded.arrivals[.cancelled, default: 0])
        expect("order.received", state.order.receivedAt == nil ? 0 : 1)
        expect("hold.opened", Int64(state.holds.all.count))
        expect("hold.closed", Int64(state.holds.all.count { !$0.isOpen }))
        expect("payment.recorded", Int64(state.facts.all.count))
        expect("payment.failed", Int64(state.facts.all.count { [.failed, .voided].contains($0.key.kind) }))
        for kind in MoneyRequest.Kind.allCases {
            expect(kind.rawValue + ".requested", state.requests.all.reduce(0) { $1.kind == kind ? $0 + $1.tries : $0 })
        }
        expect(
            "refund.settled", Int64(state.requests.all.count { $0.kind == .refund && $0.state == .settled }))
        let wanted = state.parcels.all.filter {
            !$0.fulfilment.isEmpty && ($0.lines.isEmpty || $0.stopped != $0.quantities)
        }
        expect("order.shipped", Int64(wanted.count))
        expect("order.delivered", Int64(state.parcels.all.count { $0.state == .delivered }))
        let virtual = state.lines.all.reduce(0) { $1.type == .virtual ? $0 + $1.shipped : $0 }
        if told.delivered != virtual { found.append("\(told.delivered) units were delivered by event, not \(virtual)") }
        for fulfilment in state.fulfilments.all {
            let (asked, stopped) = (told.handedOver[fulfilment.id] ?? 0, told.stopped[fulfilment.id] ?? 0)
            if fulfilment.travelsIn != nil, !books.boarded.contains(fulfilment.id) {
                found.append("\(fulfilment.id) travels in \(fulfilment.subject), and no warehouse was told")
            }
            if (fulfilment.requestNumber > 0) != (asked > 0) {
                found.append("\(fulfilment.id) was asked for \(asked) times")
            }
            let amends = told.amended[fulfilment.id] ?? [:]
            if stopped + Int64(amends.count) != max(0, fulfilment.requestNumber - 1) {
                found.append("\(fulfilment.id) was asked to stop \(stopped) times, to change \(amends.count) times")
            }
            // A parcel of several orders is asked for as a whole, each time under another id.
            if fulfilment.travelsIn == nil, fulfilment.amend.tries != amends[fulfilment.amendID] ?? 0 {
                found.append("\(fulfilment.amendID) was not told \(fulfilment.amend.tries) times")
            }
        }
        return found
    }
}
