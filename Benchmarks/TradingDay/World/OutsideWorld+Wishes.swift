/// What warehouses say to wishes about what they have already.
extension OutsideWorld {
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

    /// A part of an order, or a parcel of several, is to be shipped otherwise (改单). Who agrees ships what the wish says
    /// from then on; who refuses ships what was asked for before.
    mutating func amend(_ data: HeardEvent.Payload, _ order: PlannedOrder, _ now: Moment) -> [Answer] {
        guard let fulfilment = data.fulfilmentId, let warehouse = data.warehouse, let request = data.requestId else {
            return []
        }
        var work = Work(order: order, fulfilment: fulfilment, warehouse: warehouse, lines: data.lines ?? [], now: now)
        let agreement = work.tell("amended", after: 120, requestID: request)
        // Asked again: it acts once a request, and answers each time.
        guard !agreed.contains(request) else { return [agreement] }
        guard !left.contains(fulfilment), !stopped.contains(fulfilment) else {
            return [work.tell("amend_refused", after: 120, requestID: request, reason: "on the truck already")]
        }
        guard order.luck % 6 != 0 else {
            return [work.tell("amend_refused", after: 120, requestID: request, reason: "packed already")]
        }
        agreed.insert(request)
        editions[fulfilment, default: 0] += 1
        work.edition = editions[fulfilment, default: 0]
        return [agreement] + (work.lines.isEmpty ? [] : leave(work, after: 450))
    }
}
