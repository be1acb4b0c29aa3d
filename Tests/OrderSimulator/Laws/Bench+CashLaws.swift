import OrderCore

/// What carriers are told to collect of cash orders is what is owed (`P6`).
extension Bench {
    /// The carriers of what is handed over as a cash order is released collect together what is owed.
    func collectLaws(_ changes: Changes) -> [String] {
        changes.events.compactMap { event in
            guard case .orderReleased(let summary) = event.payload, summary.order.paymentTerm == .cashOnDelivery else {
                return nil
            }
            let requests = changes.events.compactMap { told -> EventPayload.FulfilmentRequest? in
                guard case .fulfilmentRequested(let request) = told.payload, told.cause == event.cause,
                    request.fulfilment.orderNumber == summary.order.number
                else { return nil }
                return request
            }
            let others = set.orders[summary.order.number]?.fulfilments.all.count ?? 0
            guard !requests.isEmpty, others == requests.count else { return nil }
            let owed = max(0, summary.order.due - summary.order.money.received)
            let collected = requests.reduce(0) { $0 + $1.collect }
            return collected == owed ? nil : "\(summary.order.number): \(collected) is collected, \(owed) is owed"
        }
    }

    /// What is collected by a parcel is what its orders owe, as far as each has all of its goods in it or none. What comes
    /// once a carrier was told is his cash, and asked again it is what was asked before.
    func sharedCashLaws(_ changes: Changes) -> [String] {
        // Decided with others, an order may be another at the end of the batch.
        guard Set(changes.events.map(\.cause)).count == 1 else { return [] }
        return changes.events.compactMap { event in
            let (fulfilment, told, units): (Fulfilment, Int64, [String: Int64])
            switch event.payload {
            case .fulfilmentRequested(let request) where request.fulfilment.unanswered == 1:
                let own = [request.fulfilment.orderNumber: request.lines]
                let lines = request.others.reduce(into: own) { $0[$1.orderNumber] = $1.lines }
                (fulfilment, units) = (request.fulfilment, lines.mapValues { $0.reduce(0) { $0 + $1.quantity } })
                told = request.others.reduce(request.collect) { $0 + $1.collect }
            case .fulfilmentAmendRequested(let request):
                (fulfilment, told) = (request.fulfilment, request.collect)
                units = request.lines.reduce(into: [:]) { $0[$1.orderNumber, default: 0] += $1.quantity }
            default: return nil
            }
            guard fulfilment.travelsIn != nil else { return nil }
            var owed: Int64 = 0
            for (number, units) in units {
                guard let state = set.orders[number], state.order.paymentTerm == .cashOnDelivery else { return nil }
                let goods = state.lines.all.filter { $0.type != .virtual }.reduce(0) { $0 + $1.quantity - $1.cancelled }
                guard units == goods else { return nil }
                owed += max(0, state.order.due - state.order.paidBefore)
            }
            return told == owed ? nil : "\(fulfilment.subject): \(told) is collected, \(owed) is owed"
        }
    }

    /// What carriers were told to collect of a cash order sums to what is owed, once each has been told and as long as
    /// another sum could be told: nothing has left, no part is asked back, none is asked for another sum or has refused one. What came before any of them was told is not collected.
    func cashLaws(_ state: OrderState) -> [String] {
        let order = state.order
        guard order.paymentTerm == .cashOnDelivery, !order.isCancelling, !order.status.isFinal else { return [] }
        let parts = state.fulfilments.all.filter { part in
            state.lines(of: part.id).contains { $0.open > 0 || $0.shipped > 0 }
        }
        let carried = state.fulfilmentLines.all.reduce(into: [Int64: Int64]()) {
            $0[$1.key.line, default: 0] += $1.open
        }
        guard !parts.isEmpty, !state.fulfilmentLines.all.contains(where: { $0.shipped > 0 }),
            state.lines.all.allSatisfy({ $0.type == .virtual || carried[$0.number, default: 0] == $0.open }),
            parts.allSatisfy({ $0.state.isWithWarehouse && $0.cancel == .none }),
            parts.allSatisfy({ $0.amend.state == .none || $0.amend.state == .agreed })
        else { return [] }
        let told = parts.reduce(0) { $0 + ($1.collect ?? 0) }
        let owed = max(0, order.due - order.paidBefore)
        return told == owed ? [] : ["\(told) is to be collected, \(owed) is owed"]
    }

    /// What is asked again under its id is to collect what it was to collect before, of each order.
    mutating func sameCashLaws(_ changes: Changes) -> [String] {
        var sums: [(request: String, collect: Int64)] = []
        for event in changes.events {
            switch event.payload {
            case .fulfilmentRequested(let request):
                sums.append((request.requestID, request.collect))
                sums += request.others.map { ("\(request.requestID) \($0.orderNumber)", $0.collect) }
            case .fulfilmentAmendRequested(let request): sums.append((request.requestID, request.collect))
            default: break
            }
        }
        return sums.compactMap { request, collect in
            let before = books.collected.updateValue(collect, forKey: request) ?? collect
            return before == collect ? nil : "\(request): \(before) was to be collected, now \(collect)"
        }
    }
}
