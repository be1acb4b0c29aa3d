/// Warehouses and their carriers.
extension OutsideWorld {
    /// A part of an order is to be shipped.
    func fulfil(_ data: HeardEvent.Payload, _ order: PlannedOrder, _ now: Moment) -> [Answer] {
        guard let fulfilment = data.fulfilmentId, let warehouse = data.warehouse else { return [] }
        let work = Work(order: order, fulfilment: fulfilment, warehouse: warehouse, lines: data.lines ?? [], now: now)
        let isFirst = fulfilment == order.firstFulfilment
        switch order.story {
        case .refusedByWarehouse where isFirst: return [work.tell("rejected", after: 150, reason: "damaged in store")]
        case .cancelAgreed, .cancelRefused:
            let wish = Answer(after: 150, message: order.wish("cancel", at: now), ships: nil)
            return [work.tell("accepted", after: 40)] + (isFirst ? [wish] : [])
        case .callbacksBeforeRelease where isFirst:
            return [work.tell("delivered", after: 500, parcel: work.parcel(1))]
        case .callbacksOutOfOrder:
            return [
                work.tell("delivered", after: 60, parcel: work.parcel(1)), work.ship(1, work.all, after: 120),
                work.tell("packed", after: 180), work.tell("accepted", after: 240),
            ]
        case .short where isFirst: return short(work)
        case .twoParcels where work.units > 1, .twoParcelsAsTotals where work.units > 1: return twoParcels(work)
        default: return ordinary(work)
        }
    }

    private func ordinary(_ work: Work) -> [Answer] {
        var answers = [
            work.tell("accepted", after: 40), work.tell("picking", after: 180), work.tell("packed", after: 320),
            work.ship(1, work.all, after: 450),
        ]
        let parcel = work.parcel(1)
        if work.order.luck < 20 { answers.append(work.checkpoint("in_transit", parcel, after: 700)) }
        switch work.order.story {
        case .backToSender:
            answers.append(work.tell("returned_to_sender", after: 900, parcel: parcel, reason: "refused"))
        case .lost: answers.append(work.tell("lost", after: 900, parcel: parcel))
        default: answers.append(work.tell("delivered", after: 900, parcel: parcel))
        }
        if work.order.story == .everythingTwice { answers += answers.map { work.again($0) } }
        answers += after(shipping: work)
        return answers
    }

    /// What others do once goods have left.
    private func after(shipping work: Work) -> [Answer] {
        let order = work.order
        guard work.fulfilment == order.firstFulfilment else { return [] }
        switch order.story {
        case .cashOnDelivery:
            let cash = order.payment("captured", order.payable, at: work.now, gateway: "sf-express")
            return [Answer(after: 1_200, message: cash, ships: nil)]
        case .chargedBack:
            return [Answer(after: 1_100, message: chargeBack(order, work.now), ships: nil)]
        case .cancelledAfterShipping:
            return [Answer(after: 1_000, message: order.wish("cancel", at: work.now), ships: nil)]
        default: return []
        }
    }

    private func twoParcels(_ work: Work) -> [Answer] {
        let first = [work.all[0]].map { (line: $0.line, quantity: Int64(1)) }
        let rest = work.all.map { (line: $0.line, quantity: $0.line == first[0].line ? $0.quantity - 1 : $0.quantity) }
            .filter { $0.quantity > 0 }
        let isTotal = work.order.story == .twoParcelsAsTotals
        return [
            work.tell("accepted", after: 40), work.ship(1, first, after: 300, isTotal: isTotal),
            work.ship(2, isTotal ? work.all : rest, after: 600, isTotal: isTotal),
            work.tell("delivered", after: 800, parcel: work.parcel(1)),
            work.tell("delivered", after: 950, parcel: work.parcel(2)),
        ]
    }

    private func short(_ work: Work) -> [Answer] {
        let missing = (line: work.all[0].line, quantity: Int64(1))
        let rest = work.all.map { (line: $0.line, quantity: $0.line == missing.line ? $0.quantity - 1 : $0.quantity) }
            .filter { $0.quantity > 0 }
        let told = work.tell("short", after: 200, lines: [missing], requestID: "\(work.fulfilment)-short")
        guard !rest.isEmpty else { return [work.tell("accepted", after: 40), told] }
        return [
            work.tell("accepted", after: 40), told, work.ship(1, rest, after: 400),
            work.tell("delivered", after: 800, parcel: work.parcel(1)),
        ]
    }

    /// A part of an order is to be stopped (拦截).
    mutating func stop(_ data: HeardEvent.Payload, _ order: PlannedOrder, _ now: Moment) -> [Answer] {
        guard let fulfilment = data.fulfilmentId, let warehouse = data.warehouse, let request = data.requestId else {
            return []
        }
        let work = Work(order: order, fulfilment: fulfilment, warehouse: warehouse, lines: [], now: now)
        guard order.story != .cancelRefused, !left.contains(fulfilment) else {
            let refusal = work.tell("cancel_refused", after: 120, requestID: request, reason: "on the truck already")
            guard !left.contains(fulfilment) else { return [refusal] }
            return [
                refusal, work.ship(1, [], after: 300), work.tell("delivered", after: 700, parcel: work.parcel(1)),
            ]
        }
        stopped.insert(fulfilment)
        return [work.tell("cancelled", after: 120, requestID: request)]
    }
}
