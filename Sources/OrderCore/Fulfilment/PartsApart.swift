// What of an order travels apart, for the shop to show: what each part holds, and what it is worth.
extension OrderState {
    /// What travels apart from each other and what each holds; nothing where all of it goes together.
    var partsApart: [EventPayload.OrderSummary.Part] {
        guard fulfilments.all.count > 1 else { return [] }
        let parts = fulfilments.all.compactMap { part -> EventPayload.OrderSummary.Part? in
            guard part.state != .rejected, carries(part) else { return nil }
            let units = lines(of: part.id).filter { $0.quantity > $0.cancelled }.map {
                LineQuantity(line: $0.key.line, quantity: $0.quantity - $0.cancelled)
            }
            return EventPayload.OrderSummary.Part(fulfilment: part.id, warehouse: part.warehouse, lines: units)
        }
        return parts.count > 1 ? parts : []
    }

    /// A part has something of the order in it that is not given up.
    func carries(_ part: Fulfilment) -> Bool { lines(of: part.id).contains { $0.quantity > $0.cancelled } }

    /// The summary with what travels apart, each part with its worth.
    var summaryWithParts: EventPayload.OrderSummary {
        var summary = summary
        summary.parts = partsApart
        for (place, worth) in worths(of: summary.parts.map(\.lines)).enumerated() {
            summary.parts[place].worth = worth
            guard order.paymentTerm == .cashOnDelivery else { continue }
            summary.parts[place].collect = cash(by: summary.parts[place].fulfilment)
        }
        return summary
    }

    /// What parts are worth. With what has no part yet and what is delivered by an event they sum to what is due: units are
    /// counted on from those that are cancelled, and shipping goes by the value of what ships.
    private func worths(of parts: [[LineQuantity]]) -> [EventPayload.OrderSummary.Worth] {
        let all = lines.all
        let taxes = Allocation.split(
            min(order.amounts.tax, all.reduce(0) { $0 + $1.share }), by: all.map(\.share), fallback: all.map(\.quantity)
        )
        let taxOfLine = Dictionary(zip(all.map(\.number), taxes)) { first, _ in first }
        var first = all.reduce(into: [Int64: Int64]()) { $0[$1.number] = $1.cancelled }
        /// Value and tax of the next units of their lines.
        func take(_ units: [LineQuantity]) -> (value: Int64, tax: Int64) {
            units.reduce(into: (0, 0)) { sums, part in
                guard let line = lines[part.line], let tax = taxOfLine[part.line] else { return }
                let before = first[part.line, default: 0]
                let after = before + part.quantity
                first[part.line] = after
                sums.value += line.units(before, upTo: after, of: line.share)
                sums.tax += line.units(before, upTo: after, of: tax)
            }
        }
        let taken = parts.map { take($0) }
        let rest = all.map { LineQuantity(line: $0.number, quantity: $0.quantity - first[$0.number, default: 0]) }
            .filter { $0.quantity > 0 }
        let isVirtual = Set(all.filter { $0.type == .virtual }.map(\.number))
        let delivered = take(rest.filter { isVirtual.contains($0.line) }).value
        let homeless = rest.filter { !isVirtual.contains($0.line) }
        let loads = taken.map(\.value) + [take(homeless).value]
        let units = (parts + [homeless]).map { $0.reduce(0) { $0 + $1.quantity } }
        let payable = Allocation.split(max(0, order.due - delivered), by: loads, fallback: units)
        return zip(taken, payable).map { sums, payable in
            EventPayload.OrderSummary.Worth(
                goods: sums.value - sums.tax, shipping: payable - sums.value, tax: sums.tax, payable: payable)
        }
    }
}

extension Decider {
    /// Tells what travels apart, where a message has changed that: before the hand-over whatever it is, later a part more.
    ///
    /// - Parameter first: the first event of the message; where it has told of an edit, that is told already.
    mutating func tellParts(
        ifOtherThan before: [EventPayload.OrderSummary.Part], since first: Int, about state: inout OrderState
    ) {
        guard !state.order.status.isFinal else { return }
        let parts = state.partsApart
        guard parts != before else { return }
        let known = Set(before.map(\.fulfilment))
        guard state.order.status.isBeforeRelease || !known.isSuperset(of: parts.map(\.fulfilment)) else { return }
        let number = state.order.number
        let isTold = changes.events[first...].contains { event in
            if case .orderEdited = event.payload { event.orderNumber == number } else { false }
        }
        if !isTold { tell(.orderEdited(state.summaryWithParts), about: &state) }
    }
}

extension OrderLine {
    /// What the units behind the first so many carry of an amount.
    fileprivate func units(_ first: Int64, upTo last: Int64, of amount: Int64) -> Int64 {
        Allocation.firstUnits(last, of: quantity, amount: amount)
            - Allocation.firstUnits(first, of: quantity, amount: amount)
    }
}
