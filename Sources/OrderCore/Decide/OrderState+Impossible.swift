extension OrderState {
    /// What no decision can have left in the rows of an order, for people; `nil`: nothing.
    ///
    /// What decides relies on it: sums of what is within the limits fit, and the next number of a row is free. An order
    /// that reads back otherwise is set aside, since a trap would take every replica down in turn.
    public var impossibility: String? {
        headImpossibility ?? lineImpossibility ?? fulfilmentImpossibility ?? numberImpossibility
    }

    private var headImpossibility: String? {
        let sums = order.amounts
        let amounts = [
            sums.goods, sums.discount, sums.deduction, sums.shipping, sums.tax, order.payable, order.due,
            order.reversed,
        ]
        if amounts.contains(where: { !Limits.amounts.contains($0) }) { return "an amount is beyond the limit" }
        let money = [
            order.money.authorized, order.money.captured, order.money.refunded, order.money.refundPending,
            order.money.chargedBack,
        ]
        if money.contains(where: { !Limits.paymentSums.contains($0) }) { return "a payment sum is beyond the limit" }
        if facts.all.contains(where: { !Limits.amounts.contains($0.amount) })
            || requests.all.contains(where: { !Limits.amounts.contains($0.amount) })
        {
            return "a payment is beyond the limit"
        }
        let counts = [order.version, order.attempt] + told(order.eventCounts) + requests.all.map(\.tries)
        return counts.contains { !Limits.counts.contains($0) } ? "a count is beyond the limit" : nil
    }

    /// How many events were told, by receiver, in the epoch of the last.
    private func told(_ counts: [String: Int64]) -> [Int64] {
        counts.values.map { stored in
            let number = EventNumber(stored: stored)
            return EventNumber.epochs.contains(number.epoch) ? number.sequence : stored
        }
    }

    private var lineImpossibility: String? {
        for line in lines.all {
            let units = [line.quantity, line.cancelled, line.shipped, line.returned, line.produced]
            guard units.allSatisfy({ Limits.quantities.contains($0) }), line.open >= 0, line.returned <= line.shipped,
                Limits.amounts.contains(line.unitPrice), Limits.amounts.contains(line.share)
            else { return "line \(line.number) does not add up" }
        }
        return nil
    }

    private var fulfilmentImpossibility: String? {
        for part in fulfilmentLines.all {
            let units = [part.quantity, part.reserved, part.shipped, part.cancelled, part.asked]
            guard units.allSatisfy({ Limits.quantities.contains($0) }), part.open >= 0 else {
                return "line \(part.key.line) of \(part.key.fulfilment) does not add up"
            }
            if fulfilments[part.key.fulfilment] == nil { return "there is no \(part.key.fulfilment)" }
        }
        for parcel in parcels.all {
            guard parcel.quantities.allSatisfy({ Limits.parcelQuantities.contains($0) }),
                parcel.stopped.count == parcel.quantities.count,
                zip(parcel.stopped, parcel.quantities).allSatisfy({ $0 >= 0 && $0 <= $1 })
            else {
                return "parcel \(parcel.key.shipment) does not add up"
            }
        }
        let counts = fulfilments.all.flatMap {
            [$0.requestNumber, $0.unanswered, $0.amend.request, $0.amend.tries] + told($0.eventCounts)
        }
        return counts.contains { !Limits.counts.contains($0) } ? "a fulfilment's count is beyond the limit" : nil
    }

    /// Rows that are numbered as they are added: with one missing, the next would take a number that is taken.
    private var numberImpossibility: String? {
        for number in holds.all.indices where holds[Int64(number) + 1] == nil { return "hold \(number + 1) is missing" }
        for kind in MoneyRequest.Kind.allCases {
            let count = requests.all.count { $0.kind == kind }
            for number in 0..<count where requests[MoneyRequest.id(kind, number + 1, of: order.number)] == nil {
                return "\(kind.rawValue) \(number + 1) is missing"
            }
        }
        for number in fulfilments.all.indices where fulfilments[Fulfilment.id(number + 1, of: order.number)] == nil {
            return "fulfilment \(number + 1) is missing"
        }
        return nil
    }
}

extension Limits {
    fileprivate static let amounts = 0...amountMinor
    fileprivate static let paymentSums = 0...amountMinor * Int64(paymentFacts)
    fileprivate static let quantities = 0...quantity
    /// A parcel may name a line as often as an order has lines.
    fileprivate static let parcelQuantities = 0...quantity * Int64(lines)
    /// Entries, tries, events: nothing is counted that far.
    fileprivate static let counts = 0...Int64(1) << 40
}
