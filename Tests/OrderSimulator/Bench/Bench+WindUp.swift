import OrderCore

/// What the outside still owes an answer to: the world goes on until nobody has anything to say.
extension Bench {
    /// Answers everything, lets timers fire and people work on holds, until no order moves any more.
    mutating func windUp() {
        messageCount = Self.saidAtTheEnd
        // Later than any clock that is ahead.
        now = now.adding(seconds: 100)
        for round in 0..<60 where broken.isEmpty {
            let said = said(in: round)
            if !said.isEmpty {
                tell(said)
            } else if !fireNext() {
                return
            }
        }
        if broken.isEmpty { broken.append("the business never comes to rest: \(unfinished)") }
    }

    /// The payment side answers what it was asked, as often as it is asked for more.
    mutating func answerRequests() {
        messageCount = Self.saidAtTheEnd
        for _ in 0..<20 where broken.isEmpty {
            let said = orderNumbers.flatMap { aboutRequests($0) }
            if said.isEmpty { return }
            tell(said)
        }
    }

    /// What is said at the end counts from here: no message before has such an id.
    private static let saidAtTheEnd = 1_000

    /// Orders that are not over, for people.
    var unfinished: String {
        self.set.orders.values.filter { !$0.order.status.isFinal }.map {
            "\($0.order.number) is \($0.order.status), \($0.openHolds.map(\.reason))"
        }.joined(separator: "; ")
    }

    private mutating func tell(_ messages: [Message]) {
        feed(messages)
        if let problem = broken.first {
            broken[0] = "\(problem), winding up with \(messages.map(\.payload.text).joined(separator: "; "))"
        }
    }

    private var orderNumbers: [String] { self.set.orders.keys.sorted() }

    private mutating func said(in round: Int) -> [Message] {
        var said: [Message] = []
        for key in takeAways.sorted() {
            guard let level = set.stock[key], level.missing > 0,
                let number = placed.last(where: { promises(key, of: $0) })
            else { continue }
            let timer = Timer(kind: .takeAway, orderNumber: number, reference: key.subject, dueAt: now)
            said.append(firing(timer))
        }
        takeAways = []
        if !said.isEmpty { return said }
        for number in orderNumbers {
            // What has taken effect is not said again: it would have none, however often.
            said += (aboutRequests(number) + aboutGoods(number)).filter { message in
                message.businessKey.map { set.businessKeys[$0] == nil } ?? true
            }
            if said.isEmpty || round > 30 { said += aboutHolds(number, round) }
            said += aboutMoney(number)
        }
        return said
    }

    /// The order has reserved some of it.
    private func promises(_ key: StockKey, of number: String) -> Bool {
        guard let state = set.orders[number] else { return false }
        return state.fulfilmentLines.all.contains {
            $0.reserved > 0 && $0.sku == key.sku
                && state.fulfilments[$0.key.fulfilment]?.warehouse == key.warehouse
        }
    }

    private mutating func aboutRequests(_ number: String) -> [Message] {
        guard let state = set.orders[number] else { return [] }
        return state.requests.all.filter(\.isOpen).map { request in
            let facts = state.facts.all.filter {
                $0.currency == state.order.currency && $0.key.gateway == request.gateway
                    && $0.key.transaction == request.transaction
            }
            let kind: PaymentFactKind =
                switch request.kind {
                // A gateway that has sent it back by itself has no more to send.
                case .refund: facts.sum(.captured) - facts.refunded < request.amount ? .refundFailed : .refunded
                case .capture: .captured
                case .void: .voided
                }
            return paying(
                kind, number, request.amount, request.transaction, reference: "end \(messageCount)",
                gateway: request.gateway, answering: request.requestID)
        }
    }

    private mutating func aboutGoods(_ number: String) -> [Message] {
        guard let state = set.orders[number] else { return [] }
        var said: [Message] = []
        for fulfilment in state.fulfilments.all where fulfilment.state.isWithWarehouse {
            let isOpen = state.lines(of: fulfilment.id).contains { $0.open > 0 }
            guard isOpen else { continue }
            if fulfilment.amend.isOpen {
                said.append(
                    reporting(
                        .amended, number, from: fulfilment.warehouse, fulfilment: fulfilment.id,
                        answering: fulfilment.amendID))
                continue
            }
            let kind: FulfilmentReport.Kind =
                fulfilment.cancel != .requested ? .shipped : fulfilment.leaveNumber > 0 ? .amended : .cancelled
            said.append(
                reporting(
                    kind, number, from: fulfilment.warehouse, parcel: kind == .shipped ? "end \(messageCount)" : nil,
                    fulfilment: fulfilment.id, document: "end \(messageCount)"))
        }
        for parcel in state.parcels.all where parcel.state == .shipped {
            said.append(
                reporting(.delivered, number, from: parcel.key.warehouse, parcel: parcel.key.shipment))
        }
        guard state.order.isProductionRequested, !state.order.status.isFinal else { return said }
        for line in state.lines.all where line.type == .madeToOrder {
            let wanted = line.quantity - line.cancelled - line.produced
            guard wanted > 0 else { continue }
            said.append(producing(wanted, of: line.number, number, in: "N", document: "end \(messageCount)"))
        }
        return said
    }

    /// Cash comes after the parcel; half of the buyers pay what they still owe, the others let the timer run.
    private mutating func aboutMoney(_ number: String) -> [Message] {
        guard let order = set.orders[number]?.order else { return [] }
        let owed = order.due - order.money.received
        guard owed > 0, !order.status.isFinal else { return [] }
        let isCash = order.paymentTerm == .cashOnDelivery && order.status.isAfterShipping
        let isBuyer = order.paymentTerm == .online && placed.firstIndex(of: number)?.isMultiple(of: 2) == true
        guard isCash || isBuyer, !set.orders[number, default: OrderState(stored: order)].hasOpenHold(.codUnsettled)
        else { return [] }
        return [paying(.captured, number, owed, "\(number) end", reference: "end \(messageCount)")]
    }

    /// Staff look at holds: go on in spite of it, else mend it, else end the order.
    private mutating func aboutHolds(_ number: String, _ round: Int) -> [Message] {
        guard let state = set.orders[number], !state.order.status.isFinal else { return [] }
        let holds = state.openHolds.filter { $0.reason != .cancelling }
        guard !holds.isEmpty else { return [] }
        let actions: [StaffCommand.Action] = [.retry, .release(nil), .override(nil), .cancel]
        return [commanding(actions[round % actions.count], number)]
    }

    /// The next timer, and all that are due with it.
    private mutating func fireNext() -> Bool {
        guard let due = timers.values.map(\.dueAt).min() else { return false }
        now = max(now, due)
        let fired = timers.values.filter { $0.dueAt <= now }.sorted { $0.place < $1.place }
        for timer in fired {
            timers[timer.key] = nil
        }
        tell(fired.map { firing($0) })
        return true
    }
}

extension Timer {
    /// Where it stands among others, whatever the order of a dictionary.
    var place: String { "\(orderNumber ?? "") \(kind.rawValue) \(reference)" }
}
