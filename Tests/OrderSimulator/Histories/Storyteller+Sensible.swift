import OrderCore

/// What the world would plausibly say next about an order as it stands: this leads histories deep.
extension Storyteller {
    /// Something that could be said, made only when it is.
    private typealias Line = (inout Bench) -> Message

    mutating func saySensibly(_ order: String) {
        guard let state = live.set.orders[order] else { return }
        if live.merges, sayTogether(state) { return }
        if chance(8), loseStock(of: state) { return }
        if chance(12), sendBack(state) { return }
        let document = document
        var choices = aboutMoney(state, document) + aboutParcels(state)
        for fulfilment in state.fulfilments.all where fulfilment.state.isWithWarehouse {
            choices += aboutFulfilment(fulfilment, state, document)
        }
        // What it has rejected it ships after all, or part of it.
        for fulfilment in state.fulfilments.all where fulfilment.state == .rejected {
            guard let part = state.lines(of: fulfilment.id).first(where: { $0.open > 0 }) else { continue }
            let shipped = [part.key.line: number(1...part.open)]
            choices.append {
                $0.reporting(
                    .shipped, order, from: fulfilment.warehouse, parcel: document, shipped, fulfilment: fulfilment.id)
            }
        }
        for line in state.lines.all where line.type == .madeToOrder && state.order.isProductionRequested {
            let units = max(1, line.quantity - line.produced)
            choices.append { $0.producing(units, of: line.number, order, in: "N", document: document) }
        }
        for hold in state.openHolds {
            let action: StaffCommand.Action = pick([.retry, .release(hold.reason), .override(hold.reason)])
            choices.append { $0.commanding(action, order) }
        }
        choices += changesBeforeHandOver(of: state)
        if chance(15) { choices.append { $0.asking(.cancel, order, id: document) } }
        if chance(10) { choices.append { $0.commanding(.cancel, order) } }
        if state.order.status.isAfterShipping {
            let kind: OrderRequest.Kind = pick([.received, .reviewed])
            choices.append { $0.asking(kind, order) }
        }
        guard !choices.isEmpty else { return }
        say(pick(choices)(&live))
    }

    private mutating func aboutMoney(_ state: OrderState, _ document: String) -> [Line] {
        let (order, money) = (state.order.number, state.order.money)
        var choices: [Line] = []
        let owed = state.order.due - money.received
        if owed > 0, state.order.paymentTerm == .online || state.order.paymentTerm == .cashOnDelivery {
            let kind: PaymentFactKind = chance(40) ? .authorized : .captured
            let transaction = "\(order) T\(number(1...2))"
            for amount in [owed, owed, owed, owed / 2] where amount > 0 {
                choices.append { $0.paying(kind, order, amount, transaction, reference: document) }
            }
        }
        for request in state.requests.all where request.isOpen || request.state == .failed {
            let answers: [PaymentFactKind] =
                switch request.kind {
                case .refund: [.refunded, .refunded, .refundFailed]
                case .capture: [.captured, .captured, .failed]
                case .void: [.voided]
                }
            let answer = pick(answers)
            choices.append {
                $0.paying(
                    answer, order, request.amount, request.transaction, reference: document, gateway: request.gateway,
                    answering: request.requestID)
            }
        }
        if money.captured > 0, chance(20) {
            let kind: PaymentFactKind = money.chargedBack > 0 ? .chargeBackWon : .chargedBack
            choices.append { $0.paying(kind, order, money.captured, "\(order) T1", reference: "case") }
        }
        return choices
    }

    private mutating func aboutParcels(_ state: OrderState) -> [Line] {
        let order = state.order.number
        var choices: [Line] = []
        for parcel in state.parcels.all where parcel.state != .delivered {
            let (warehouse, shipment) = (parcel.key.warehouse, parcel.key.shipment)
            for kind in [FulfilmentReport.Kind.delivered, .delivered, .delivered, .returnedToSender, .lost] {
                choices.append { $0.reporting(kind, order, from: warehouse, parcel: shipment) }
            }
            choices.append { $0.tracking(shipment, "on the way", order, from: warehouse) }
        }
        return choices
    }

    private mutating func aboutFulfilment(
        _ fulfilment: Fulfilment, _ state: OrderState, _ document: String
    ) -> [Line] {
        var part: [Int64: Int64] = [:]
        for line in state.lines(of: fulfilment.id) where line.open > 0 { part[line.key.line] = number(1...line.open) }
        if chance(50) { part = [:] }
        var kinds: [FulfilmentReport.Kind] = [.accepted, .packed, .shipped, .shipped, .shipped, .short, .rejected]
        if fulfilment.travelsIn != nil, fulfilment.leaveNumber > 0 {
            kinds += [.amended, .amended, .amendRefused, .amended]
        } else if fulfilment.cancel == .requested {
            kinds += [.cancelled, .cancelled, .cancelRefused, .cancelled]
        }
        let amends = fulfilment.amend.isOpen || fulfilment.amend.state == .refused && chance(20)
        let totals = chance(20) ? totals(of: fulfilment, with: part, state) : nil
        let answers: [FulfilmentReport.Kind] = amends ? [.amended, .amended, .amendRefused] : []
        return changes(of: fulfilment, state)
            + answers.map { kind in
                {
                    $0.reporting(
                        kind, fulfilment.orderNumber, from: fulfilment.warehouse, fulfilment: fulfilment.id,
                        answering: fulfilment.amendID)
                }
            }
            + kinds.map { kind in
                let lines = kind == .shipped ? totals ?? part : kind == .short ? part : [:]
                return {
                    $0.reporting(
                        kind, fulfilment.orderNumber, from: fulfilment.warehouse,
                        parcel: kind == .shipped ? document : nil,
                        lines, fulfilment: fulfilment.id, isCumulative: kind == .shipped && totals != nil,
                        document: document)
                }
            }
    }

    /// Staff want other lines as long as nothing is handed over, and parcels of their own.
    private mutating func changesBeforeHandOver(of state: OrderState) -> [Line] {
        guard state.order.status.isBeforeRelease, chance(20), let line = state.lines.all.first else { return [] }
        let order = state.order.number
        let edits: [LineEdit] = [
            LineEdit(line: line.number, quantity: number(0...3)),
            LineEdit(line: 5, quantity: 1, sku: "B", unitPrice: 50),
        ]
        let edit = StaffCommand.Action.editLines(chance(50) ? edits : [pick(edits)])
        let split = StaffCommand.Action.split([LineQuantity(line: line.number, quantity: 1)], fulfilment: nil)
        return [{ $0.commanding(edit, order) }, { $0.commanding(split, order) }]
    }

    /// Staff want less of it, or another receiver.
    private mutating func changes(of fulfilment: Fulfilment, _ state: OrderState) -> [Line] {
        let order = state.order.number
        guard chance(25), let part = state.lines(of: fulfilment.id).first(where: { $0.open > 0 }) else { return [] }
        let units = [LineQuantity(line: part.key.line, quantity: number(1...part.open))]
        let actions: [StaffCommand.Action] = [.cancelLines(units), .cancelLines(units), .editReceiver(.someoneElse)]
        let action = pick(actions)
        return [{ $0.commanding(action, order) }]
    }

    /// What has left so far, with what leaves now.
    private func totals(of fulfilment: Fulfilment, with part: [Int64: Int64], _ state: OrderState) -> [Int64: Int64] {
        part.reduce(into: [:]) { totals, leaving in
            let key = FulfilmentLine.Key(fulfilment.id, leaving.key)
            totals[leaving.key] = (state.fulfilmentLines[key]?.shipped ?? 0) + leaving.value
        }
    }

    /// A count finds less than is promised to the order, the store takes it away, more comes in, and staff go on with it.
    private mutating func loseStock(of state: OrderState) -> Bool {
        guard let part = state.fulfilmentLines.all.first(where: { $0.reserved > 0 }),
            let warehouse = state.fulfilments[part.key.fulfilment]?.warehouse
        else { return false }
        let order = state.order.number
        let subject = StockKey(sku: part.sku, warehouse: warehouse).subject
        say(live.stocking(.counted, part.sku, warehouse, number(0...part.reserved), document: document))
        say(live.firing(Timer(kind: .takeAway, orderNumber: order, reference: subject, dueAt: live.now)))
        say(live.stocking(.received, part.sku, pick(["N", "S"]), part.reserved, document: document))
        say(live.commanding(.release(.stockLost), order))
        return true
    }

    /// Everything that has left comes back, and the buyer does not want it any more.
    private mutating func sendBack(_ state: OrderState) -> Bool {
        let parcels = state.parcels.all.map(\.key)
        guard !parcels.isEmpty, !state.order.status.isFinal else { return false }
        let order = state.order.number
        for parcel in parcels {
            say(live.reporting(.returnedToSender, order, from: parcel.warehouse, parcel: parcel.shipment))
        }
        say(live.asking(.cancel, order, id: document))
        return true
    }
}
