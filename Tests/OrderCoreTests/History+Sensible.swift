import OrderCore

/// What the world would plausibly say next about an order as it stands: this leads histories deep.
extension History {
    mutating func saySensibly(_ order: String, _ live: Bench) {
        guard let state = live.set.orders[order] else { return }
        if chance(10) { loseStock(of: state) }
        var choices: [Message] = []
        choices += aboutMoney(state)
        for fulfilment in state.fulfilments.all where fulfilment.state.isWithWarehouse {
            choices += aboutFulfilment(fulfilment, state)
        }
        for parcel in state.parcels.all where parcel.state != .delivered {
            for kind in [FulfilmentReport.Kind.delivered, .delivered, .delivered, .returnedToSender, .lost] {
                choices.append(
                    bench.reporting(kind, order, from: parcel.key.warehouse, parcel: parcel.key.shipment))
            }
        }
        for line in state.lines.all where line.type == .madeToOrder && state.order.isProductionRequested {
            let done = ProductionDone(
                orderNumber: order, line: line.number, quantity: max(1, line.quantity - line.produced),
                warehouse: "N", document: document, occurredAt: bench.now)
            choices.append(bench.message(.productionDone(done), key: "production \(document)", content: done.hashValue))
        }
        for hold in state.openHolds {
            choices.append(bench.commanding(pick([.retry, .release(hold.reason), .override(hold.reason)]), order))
        }
        for (key, timer) in live.timers.sorted(by: { "\($0.key)" < "\($1.key)" })
        where key.orderNumber == order && chance(25) {
            choices.append(bench.message(.timer(timer), content: 0, source: "timer", sender: .system))
        }
        if chance(15) { choices.append(bench.asking(.cancel, order, id: document)) }
        if chance(10) { choices.append(bench.commanding(.cancel, order)) }
        if state.order.status.isAfterShipping { choices.append(bench.asking(pick([.received, .reviewed]), order)) }
        if !choices.isEmpty { messages.append(pick(choices)) }
    }

    /// A document or reference that nobody has used.
    private var document: String { "X\(messages.count)" }

    private mutating func aboutMoney(_ state: OrderState) -> [Message] {
        let (order, money) = (state.order.number, state.order.money)
        var choices: [Message] = []
        let owed = state.order.due - money.received
        if owed > 0, state.order.paymentTerm == .online || state.order.paymentTerm == .cashOnDelivery {
            let kind: PaymentFactKind = chance(40) ? .authorized : .captured
            for amount in [owed, owed, owed, owed / 2] where amount > 0 {
                choices.append(bench.paying(kind, order, amount, "\(order) T\(number(1...2))", reference: document))
            }
        }
        for request in state.requests.all where request.isOpen || request.state == .failed {
            let answers: [PaymentFactKind] =
                switch request.kind {
                case .refund: [.refunded, .refunded, .refundFailed]
                case .capture: [.captured, .captured, .failed]
                case .void: [.voided]
                }
            choices.append(
                bench.paying(
                    pick(answers), order, request.amount, request.transaction, reference: document,
                    gateway: request.gateway, answering: request.requestID))
        }
        if money.captured > 0, chance(20) {
            let kind: PaymentFactKind = money.chargedBack > 0 ? .chargeBackWon : .chargedBack
            choices.append(bench.paying(kind, order, money.captured, "\(order) T1", reference: "case"))
        }
        return choices
    }

    private mutating func aboutFulfilment(_ fulfilment: Fulfilment, _ state: OrderState) -> [Message] {
        var part: [Int64: Int64] = [:]
        for line in state.lines(of: fulfilment.id) where line.open > 0 { part[line.key.line] = number(1...line.open) }
        var kinds: [FulfilmentReport.Kind] = [.accepted, .packed, .shipped, .shipped, .shipped, .short, .rejected]
        if fulfilment.cancel == .requested { kinds += [.cancelled, .cancelled, .cancelRefused, .cancelled] }
        var choices: [Message] = []
        for kind in kinds {
            choices.append(
                bench.reporting(
                    kind, fulfilment.orderNumber, from: fulfilment.warehouse, parcel: kind == .shipped ? document : nil,
                    kind == .shipped || kind == .short ? (chance(50) ? part : [:]) : [:], fulfilment: fulfilment.id,
                    document: document))
        }
        return choices
    }

    /// A count finds less than is promised to the order, the store takes it away, more comes in, and staff go on with it.
    private mutating func loseStock(of state: OrderState) {
        guard let part = state.fulfilmentLines.all.first(where: { $0.reserved > 0 }),
            let warehouse = state.fulfilments[part.key.fulfilment]?.warehouse
        else { return }
        let order = state.order.number
        let subject = StockKey(sku: part.sku, warehouse: warehouse).subject
        let timer = Timer(kind: .takeAway, orderNumber: order, reference: subject, dueAt: bench.now)
        let told = [
            bench.stocking(.counted, part.sku, warehouse, number(0...part.reserved), document: document),
            bench.message(.timer(timer), content: 0, source: "timer", sender: .system),
            bench.stocking(.received, part.sku, pick(["N", "S"]), part.reserved, document: document),
            bench.commanding(.release(.stockLost), order),
        ]
        messages += told
    }
}
