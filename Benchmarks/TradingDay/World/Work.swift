/// A fulfilment as the warehouse has it on its table.
struct Work {
    let order: PlannedOrder
    let fulfilment: String
    let warehouse: String
    let lines: [HeardEvent.Line]
    let now: Moment
    /// How often it was changed before.
    var edition = 0

    /// Several orders travel in it (合单).
    var isShared: Bool { PlannedOrder.isShared(fulfilment) }
    /// The orders that travel in it, as the warehouse was told them.
    var orders: [String] {
        lines.reduce(into: []) { orders, line in
            if let order = line.orderNumber, !orders.contains(order) { orders.append(order) }
        }
    }
    /// Units of all lines.
    var units: Int64 { lines.reduce(0) { $0 + $1.quantity } }

    /// All but some units of a line.
    func lines(without left: HeardEvent.Line) -> [HeardEvent.Line] {
        lines.map { $0.line == left.line ? $0.units($0.quantity - left.quantity) : $0 }.filter { $0.quantity > 0 }
    }

    /// What somebody is about to change lies on the table for longer, mostly: so long it may take until he is heard.
    var packedAfter: Int64 { order.story.isChangedAtWarehouse && order.luck < 85 ? 5_000 : 320 }

    /// The warehouse's number for a parcel.
    func parcel(_ number: Int) -> String { "\(fulfilment)-P\(number)" }

    func tell(
        _ kind: String, after: Int64, parcel: String? = nil, lines: [HeardEvent.Line] = [], requestID: String? = nil,
        reason: String? = nil
    ) -> OutsideWorld.Answer {
        // What happens to a parcel happens only where it has left.
        return OutsideWorld.Answer(
            after: after,
            message: order.report(
                kind, of: fulfilment, warehouse: warehouse, at: now, parcel: parcel, lines: lines,
                requestID: requestID, reason: reason),
            ships: parcel == nil ? nil : fulfilment, edition: edition)
    }

    func ship(
        _ number: Int, _ lines: [HeardEvent.Line], after: Int64, isTotal: Bool = false
    ) -> OutsideWorld.Answer {
        OutsideWorld.Answer(
            after: after,
            message: order.report(
                "shipped", of: fulfilment, warehouse: warehouse, at: now, parcel: parcel(number), lines: lines,
                isTotal: isTotal),
            ships: fulfilment, edition: edition)
    }

    func checkpoint(_ code: String, _ parcel: String, after: Int64) -> OutsideWorld.Answer {
        OutsideWorld.Answer(
            after: after,
            message: Sender("carrier-sf-express", .structured).message(
                "tracking.checkpoint", id: "\(parcel)-\(code)", to: "warehouse.callback", at: now,
                [
                    "orderNumber": isShared ? .absent : .text(order.number), "warehouse": .text(warehouse),
                    "shipment": .text(parcel),
                    "code": .text(code), "text": "in transit", "place": .text(order.home.city),
                    "occurredAt": .text(now.text),
                ]),
            ships: fulfilment, edition: edition)
    }

    /// The same message once more, a little later.
    func again(_ answer: OutsideWorld.Answer) -> OutsideWorld.Answer {
        var answer = answer
        answer.after += 25
        return answer
    }
}
