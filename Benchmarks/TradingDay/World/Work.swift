/// A fulfilment as the warehouse has it on its table.
struct Work {
    let order: PlannedOrder
    let fulfilment: String
    let warehouse: String
    let lines: [HeardEvent.Line]
    let now: Moment

    /// Lines with their quantities.
    var all: [(line: Int64, quantity: Int64)] { lines.map { ($0.line, $0.quantity) } }
    /// Units of all lines.
    var units: Int64 { lines.reduce(0) { $0 + $1.quantity } }

    /// The warehouse's number for a parcel.
    func parcel(_ number: Int) -> String { "\(fulfilment)-P\(number)" }

    func tell(
        _ kind: String, after: Int64, parcel: String? = nil, lines: [(line: Int64, quantity: Int64)] = [],
        requestID: String? = nil, reason: String? = nil
    ) -> OutsideWorld.Answer {
        // What happens to a parcel happens only where it has left.
        return OutsideWorld.Answer(
            after: after,
            message: order.report(
                kind, of: fulfilment, warehouse: warehouse, at: now, parcel: parcel, lines: lines,
                requestID: requestID, reason: reason),
            ships: parcel == nil ? nil : fulfilment)
    }

    func ship(
        _ number: Int, _ lines: [(line: Int64, quantity: Int64)], after: Int64, isTotal: Bool = false
    ) -> OutsideWorld.Answer {
        OutsideWorld.Answer(
            after: after,
            message: order.report(
                "shipped", of: fulfilment, warehouse: warehouse, at: now, parcel: parcel(number), lines: lines,
                isTotal: isTotal),
            ships: fulfilment)
    }

    func checkpoint(_ code: String, _ parcel: String, after: Int64) -> OutsideWorld.Answer {
        OutsideWorld.Answer(
            after: after,
            message: Sender("carrier-sf-express", .structured).message(
                "tracking.checkpoint", id: "\(parcel)-\(code)", to: "warehouse.callback", at: now,
                [
                    "orderNumber": .text(order.number), "warehouse": .text(warehouse), "shipment": .text(parcel),
                    "code": .text(code), "text": "in transit", "place": .text(order.home.city),
                    "occurredAt": .text(now.text),
                ]),
            ships: fulfilment)
    }

    /// The same message once more, a little later.
    func again(_ answer: OutsideWorld.Answer) -> OutsideWorld.Answer {
        var answer = answer
        answer.after += 25
        return answer
    }
}
