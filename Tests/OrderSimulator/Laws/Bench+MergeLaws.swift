import OrderCore

/// What travels together belongs together, and each order keeps what is its own (`P8`).
extension Bench {
    /// A warehouse is told of each order what that order has in the parcel; all go to one receiver.
    mutating func boardingLaws(_ request: EventPayload.FulfilmentRequest) -> [String] {
        let lead = request.fulfilment
        guard !request.others.isEmpty || lead.travelsIn != nil else { return [] }
        var found: [String] = []
        books.boarded.insert(lead.id)
        if lead.travelsIn == nil { found.append("\(lead.id) takes others along, and is no parcel of several") }
        for other in request.others {
            guard let state = set.orders[other.orderNumber] else {
                found.append("\(other.orderNumber) travels in \(lead.subject), and is no order")
                continue
            }
            if other.lines.isEmpty, lead.unanswered == 1 {
                found.append("\(other.orderNumber) has nothing in \(lead.subject)")
            }
            for line in other.lines {
                books.boarded.insert(line.key.fulfilment)
                let part = state.fulfilments[line.key.fulfilment]
                if part?.travelsIn != lead.travelsIn || part?.warehouse != lead.warehouse {
                    found.append("\(line.key.fulfilment) is told to travel in \(lead.subject)")
                }
                if line.quantity > state.fulfilmentLines[line.key]?.quantity ?? 0 {
                    found.append("\(line.quantity) of \(line.key) are to travel in \(lead.subject)")
                }
            }
            if let owner = set.orders[lead.orderNumber],
                owner.order.currency != state.order.currency
                    || owner.order.paymentTerm != state.order.paymentTerm || owner.order.seller != state.order.seller
            {
                found.append("\(other.orderNumber) does not belong into \(lead.subject)")
            }
        }
        return found + sharedLoadLaws(request)
    }

    /// Several orders together are no more than split rules let one parcel hold.
    private func sharedLoadLaws(_ request: EventPayload.FulfilmentRequest) -> [String] {
        guard let split, !request.others.isEmpty else { return [] }
        let own = [(order: request.fulfilment.orderNumber, lines: request.lines)]
        let lines = (own + request.others.map { ($0.orderNumber, $0.lines) }).flatMap { order, lines in
            lines.compactMap { part in set.orders[order]?.lines[part.key.line].map { (line: $0, units: part.quantity) }
            }
        }
        var found: [String] = []
        func check(_ what: String, _ maximum: Int64?, _ measure: (OrderLine) -> Int64) {
            let load = lines.reduce(0) { $0 + measure($1.line) * $1.units }
            guard let maximum, load > maximum else { return }
            found.append("\(request.fulfilment.subject) is \(load) in \(what), \(maximum) is the most")
        }
        let products = set.reference.products
        check("weight", split.maximumWeight) { products[$0.sku]?.weight ?? 0 }
        check("volume", split.maximumVolume) { products[$0.sku]?.volume ?? 0 }
        check("value", split.maximumValue) { $0.share / max(1, $0.quantity) }
        if split.criteria.contains(.temperature), Set(lines.map { products[$0.line.sku]?.temperature }).count > 1 {
            found.append("\(request.fulfilment.subject) holds more than one temperature")
        }
        return found
    }

    /// What it waits for: its window, or the others that it was put together with.
    func waitsForOthers(_ order: Order) -> Bool {
        guard let key = order.merging.key else { return false }
        if timers[TimerKey(kind: .merge, orderNumber: order.number, reference: key)] != nil { return true }
        return order.merging.isTied
            && set.orders.values.contains { $0.order.merging.key == key && $0.order.number != order.number }
    }
}
