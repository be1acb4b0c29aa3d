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
                work.tell("delivered", after: 60, parcel: work.parcel(1)), work.ship(1, work.lines, after: 120),
                work.tell("packed", after: 180), work.tell("accepted", after: 240),
            ]
        case _ where order.story.isChangedAtWarehouse:
            return ordinary(work) + (isFirst || work.isShared ? change(at: work) : [])
        case .short where isFirst: return short(work)
        case .twoParcels where work.units > 1, .twoParcelsAsTotals where work.units > 1: return twoParcels(work)
        default: return ordinary(work)
        }
    }

    private func ordinary(_ work: Work) -> [Answer] {
        var answers = [
            work.tell("accepted", after: 40), work.tell("picking", after: 180),
            work.tell("packed", after: work.packedAfter),
        ]
        answers += leave(work, after: work.packedAfter + 130)
        if work.order.story == .everythingTwice { answers += answers.map { work.again($0) } }
        answers += after(shipping: work)
        return answers
    }

    /// A parcel leaves with all that is to be shipped, and has its journey.
    func leave(_ work: Work, after pause: Int64) -> [Answer] {
        let parcel = work.parcel(1)
        var answers = [work.ship(1, work.lines, after: pause)]
        if work.order.luck < 20 { answers.append(work.checkpoint("in_transit", parcel, after: pause + 250)) }
        let end = pause + 450
        switch work.order.story {
        case .backToSender:
            answers.append(work.tell("returned_to_sender", after: end, parcel: parcel, reason: "refused"))
        case .lost: answers.append(work.tell("lost", after: end, parcel: parcel))
        default: answers.append(work.tell("delivered", after: end, parcel: parcel))
        }
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
        let first = work.lines[0].units(1)
        let rest = work.lines(without: first)
        let isTotal = work.order.story == .twoParcelsAsTotals
        return [
            work.tell("accepted", after: 40), work.ship(1, [first], after: 300, isTotal: isTotal),
            work.ship(2, isTotal ? work.lines : rest, after: 600, isTotal: isTotal),
            work.tell("delivered", after: 800, parcel: work.parcel(1)),
            work.tell("delivered", after: 950, parcel: work.parcel(2)),
        ]
    }

    private func short(_ work: Work) -> [Answer] {
        let missing = work.lines[0].units(1)
        let rest = work.lines(without: missing)
        let told = work.tell("short", after: 200, lines: [missing], requestID: "\(work.fulfilment)-short")
        guard !rest.isEmpty else { return [work.tell("accepted", after: 40), told] }
        return [
            work.tell("accepted", after: 40), told, work.ship(1, rest, after: 400),
            work.tell("delivered", after: 800, parcel: work.parcel(1)),
        ]
    }
}
