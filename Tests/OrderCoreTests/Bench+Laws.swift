import OrderCore

/// The promises that hold after every batch, whatever was in it (`P4`, `P5`, `P6`, `P8`).
extension Bench {
    mutating func check(_ changes: Changes, _ touched: Set<String>) {
        broken += handOverLaws(changes) + journalLaws(changes) + eventLaws(changes)
        for number in touched.sorted() {
            guard let state = set.orders[number] else { continue }
            let problems =
                (folded[number]?.differences(from: state) ?? ["no journal"]) + lineLaws(state) + moneyLaws(state)
                + settlementLaws(state) + statusLaws(state) + phantoms(state)
            broken += problems.map { "\(number) (\(state.order.status)): \($0)" }
        }
        broken += stockLaws(changes)
    }

    private mutating func journalLaws(_ changes: Changes) -> [String] {
        var found: [String] = []
        for entry in changes.journal {
            let last = folded[entry.orderNumber]?.entries.last
            if entry.version != (last?.version ?? 0) + 1 { found.append("\(entry.orderNumber): a version is missing") }
            if entry.from != last?.to { found.append("\(entry.orderNumber): the journal's statuses do not join") }
            if let from = entry.from, from != entry.to, !OrderStatus.allowed(from: from, to: entry.to) {
                found.append("\(entry.orderNumber): \(from) to \(entry.to) is not allowed")
            }
            if entry.why.isEmpty { found.append("\(entry.orderNumber): version \(entry.version) does not say why") }
            folded[entry.orderNumber, default: Folded()].add(entry)
        }
        return found
    }

    private mutating func eventLaws(_ changes: Changes) -> [String] {
        var found: [String] = []
        for event in changes.events {
            for delivery in event.deliveries {
                if event.subject == .alert {
                    if delivery.number != 0 { found.append("an alert has a number") }
                    continue
                }
                let key = "\(delivery.receiver) \(event.subject)"
                numbers[key] = EventNumber.next(after: numbers[key] ?? 0, in: epoch)
                if delivery.number != numbers[key] { found.append("\(key): number \(delivery.number) leaves a gap") }
            }
            if case .order(let number) = event.subject, event.version < 1 {
                found.append("\(number): \(event.payload.name) names no version")
            }
        }
        return found
    }

    private func lineLaws(_ state: OrderState) -> [String] {
        var found: [String] = []
        for line in state.lines.all {
            let parts = state.fulfilmentLines.all.filter { $0.key.line == line.number }
            if line.shipped < 0 || line.cancelled < 0 || line.open < 0 { found.append("line \(line.number) is off") }
            if line.returned > line.shipped { found.append("line \(line.number): more came back than left") }
            let left = parts.reduce(0) { $0 + $1.shipped }
            if line.type != .virtual, left != line.shipped {
                found.append("line \(line.number): parts shipped \(left)")
            }
            let open = parts.reduce(0) { $0 + $1.open }
            if open > line.open { found.append("line \(line.number): parts carry \(open) of \(line.open)") }
        }
        for part in state.fulfilmentLines.all {
            if part.reserved < 0 || part.shipped < 0 || part.cancelled < 0 || part.open < 0 {
                found.append("part \(part.key) is off")
            }
            let left = state.parcels.all.filter { $0.fulfilment == part.key.fulfilment }.reduce(0) { sum, parcel in
                zip(parcel.lines, zip(parcel.quantities, parcel.stopped)).reduce(sum) {
                    $1.0 == part.key.line ? $0 + $1.1.0 - $1.1.1 : $0
                }
            }
            if left != part.shipped { found.append("part \(part.key): parcels hold \(left) that was ordered") }
            if part.reserved > part.open { found.append("part \(part.key) reserves more than is open") }
        }
        return found
    }

    private func moneyLaws(_ state: OrderState) -> [String] {
        let order = state.order
        var found: [String] = []
        let sums = order.amounts
        if sums.goods - sums.discount - sums.deduction + sums.shipping + sums.tax != order.payable {
            found.append("the sums do not make what is payable")
        }
        if order.status != .rejected, !state.lines.all.isEmpty {
            let shares = state.lines.all.reduce(0) { $0 + $1.share }
            if shares != max(0, order.payable - sums.shipping) { found.append("the shares do not sum up") }
        }
        func sum(_ kind: PaymentFactKind) -> Int64 {
            state.facts.all.filter { $0.key.kind == kind && $0.currency == order.currency }.reduce(0) { $0 + $1.amount }
        }
        if order.money.captured != sum(.captured) { found.append("captured is not what gateways said") }
        for payment in state.payments where payment.refunded + payment.refundPending > payment.captured {
            found.append("more is sent back than was captured by \(payment.transaction)")
        }
        if order.due < 0 || order.due > order.payable { found.append("due is \(order.due)") }
        if order.status.isFinal, !state.hasOpenHold(.lost) {
            let excess = order.money.received - order.due
            if order.status != .completed, excess > 0 { found.append("\(excess) kept of an order that ended") }
        }
        return found
    }

    /// What is cancelled of a prepaid order is sent back through its gateway or reversed, never both: what a gateway had
    /// brought is not reversed, nor is more than is cancelled.
    private func settlementLaws(_ state: OrderState) -> [String] {
        let order = state.order
        var (reversed, late) = (Int64(0), Int64(0))
        for event in events where event.orderNumber == order.number {
            switch event.payload {
            case .settlementLine(_, let line): reversed += line.amount
            case .paymentRecorded(let summary, let fact) where fact.key.kind == .captured:
                // Brought after the reversal, or above what is payable: that goes back beside it.
                late = max(late, summary.order.money.captured + reversed - order.payable)
            default: break
            }
        }
        guard order.paymentTerm == .prepaid, order.status != .rejected else {
            return reversed == 0 ? [] : ["\(reversed) reversed of a \(order.paymentTerm) order"]
        }
        var found: [String] = []
        if reversed > order.payable - order.due { found.append("\(reversed) reversed: more than is cancelled") }
        if reversed < order.payable - max(order.due, order.money.captured) {
            found.append("\(reversed) reversed: less than is cancelled and not sent back")
        }
        if reversed + order.money.captured > order.payable + late {
            found.append("\(reversed) reversed, of what a gateway brought")
        }
        return found
    }

    /// Of a warehouse only what is open is asked: what was given up before the hand-over is another's to ship.
    private func handOverLaws(_ changes: Changes) -> [String] {
        changes.events.flatMap { event -> [String] in
            guard case .fulfilmentRequested(let request) = event.payload else { return [] }
            let (id, order) = (request.fulfilment.id, request.fulfilment.orderNumber)
            guard !request.lines.isEmpty else { return ["\(id) is asked for nothing"] }
            return request.lines.compactMap { line in
                let carried = set.orders[order]?.fulfilmentLines[line.key]?.quantity ?? 0
                let givenUp = folded[order]?.fulfilmentLines[line.key]?.cancelled ?? 0
                guard line.quantity <= 0 || line.quantity > carried - givenUp else { return nil }
                return "\(id) is asked for \(line.quantity) of line \(line.key.line)"
            }
        }
    }

    private func statusLaws(_ state: OrderState) -> [String] {
        let order = state.order
        let lines = state.lines.all
        let isOpen = lines.contains { $0.open > 0 }
        let hasShipped = lines.contains { $0.shipped > 0 }
        var found: [String] = []
        switch order.status {
        case .awaitingPayment, .awaitingRelease:
            if hasShipped { found.append("something has shipped") }
            if order.status == .awaitingPayment,
                timers[TimerKey(kind: .paymentTimeout, orderNumber: order.number)] == nil
            {
                found.append("nothing ends it")
            }
        case .released: if hasShipped || !isOpen { found.append("it is not just released") }
        case .partiallyShipped: if !hasShipped || !isOpen { found.append("it is not just partially shipped") }
        case .shipped, .awaitingReview, .completed: if isOpen || !hasShipped { found.append("it has not shipped") }
        case .cancelled, .rejected:
            if isOpen || state.fulfilmentLines.all.contains(where: { $0.reserved > 0 }) { found.append("it goes on") }
        }
        found += liveness(state) + inDoubtLaws(state)
        if order.isCancelling != state.hasOpenHold(.cancelling) { found.append("cancelling, and its hold, differ") }
        if order.isCancelling, order.status.isFinal { found.append("cancelling goes on behind the end") }
        if order.status == .completed, order.version == state.order.version,
            folded[order.number]?.entries.last?.from != .completed, !state.openHolds.isEmpty
        {
            found.append("completed with an open hold")
        }
        return found
    }

    /// What we asked of another system and got no answer to is asked again.
    private func inDoubtLaws(_ state: OrderState) -> [String] {
        func isSet(_ kind: Timer.Kind, _ reference: String) -> Bool {
            timers[TimerKey(kind: kind, orderNumber: state.order.number, reference: reference)] != nil
        }
        let requests = state.requests.all.filter { $0.isOpen && !isSet(.inDoubt, $0.requestID) }.map(\.requestID)
        let handOvers = state.fulfilments.all.filter {
            $0.state == .released && $0.cancel == .none && $0.unanswered > 0 && !isSet(.handOverInDoubt, $0.id)
        }
        return (requests + handOvers.map(\.id)).map { "nobody asks for \($0) again" }
    }

    /// An order that is not over waits for somebody: a person by a hold, a timer, a warehouse, the payment side, ERP.
    private func liveness(_ state: OrderState) -> [String] {
        let order = state.order
        guard state.openHolds.isEmpty, !order.status.isFinal else { return [] }
        func isSet(_ kind: Timer.Kind) -> Bool { timers[TimerKey(kind: kind, orderNumber: order.number)] != nil }
        let isWaiting =
            switch order.status {
            case .awaitingPayment: isSet(.paymentTimeout)
            case .awaitingRelease: isSet(.releaseDelay) || order.isProductionRequested
            case .released, .partiallyShipped:
                state.fulfilments.all.contains { fulfilment in
                    fulfilment.state.isWithWarehouse && state.lines(of: fulfilment.id).contains { $0.open > 0 }
                }
            case .shipped, .awaitingReview:
                isSet(.autoReceive) || isSet(.reviewWindow) || isSet(.cashUnsettled)
                    || state.requests.all.contains { $0.kind == .capture && $0.isOpen }
            case .completed, .cancelled, .rejected: true
            }
        return isWaiting ? [] : ["nothing moves it"]
    }

    /// What is said not to touch stock does not; placing reserves for what it names, and nothing else.
    func stockLaws(_ message: Message, _ movements: some Collection<StockMovement>) -> [String] {
        guard !message.payload.touchesStock else { return [] }
        var allowed: Set<String> = []
        if case .orderPlaced(let placed) = message.payload { allowed = Set(placed.lines.map(\.sku)) }
        return movements.filter { $0.kind != .reserve || !allowed.contains($0.key.sku) }.map {
            "\(message.payload) touches stock: \($0.kind) of \($0.key.subject)"
        }
    }

    /// What the buyer has is not stock again.
    private func phantoms(_ state: OrderState) -> [String] {
        let restocked = movements.filter { $0.kind == .restock && $0.orderNumber == state.order.number }
        return state.parcels.all.filter { parcel in
            parcel.state == .delivered
                && restocked.contains {
                    $0.reference == parcel.key.shipment && $0.key.warehouse == parcel.key.warehouse
                }
        }.map { "parcel \($0.key.shipment) is delivered, and stock again" }
    }

    private mutating func stockLaws(_ changes: Changes) -> [String] {
        for movement in changes.movements {
            stockSums[movement.key, default: StockSum()].onHand += movement.onHand
            stockSums[movement.key, default: StockSum()].reserved += movement.reserved
            stockSums[movement.key, default: StockSum()].missing += movement.missing
        }
        var promised: [StockKey: Int64] = [:]
        for state in set.orders.values {
            for part in state.fulfilmentLines.all where part.reserved > 0 {
                let warehouse = state.fulfilments[part.key.fulfilment]?.warehouse ?? ""
                promised[StockKey(sku: part.sku, warehouse: warehouse), default: 0] += part.reserved
            }
        }
        var found: [String] = []
        for (key, sum) in stockSums {
            guard let level = set.stock[key] else { continue }
            let stands = StockSum(onHand: level.onHand, reserved: level.reserved, missing: level.missing)
            if stands != sum { found.append("\(key.subject): the journal sums to another level") }
            if level.onHand < 0 || level.reserved < 0 || level.missing < 0 {
                found.append("\(key.subject) is negative")
            }
            if level.reserved > level.onHand + level.missing { found.append("\(key.subject) is oversold") }
            if level.missing > 0, level.reserved < level.onHand + level.missing {
                found.append("\(key.subject): more is missing than is promised")
            }
            if level.reserved != promised[key, default: 0] {
                found.append("\(key.subject): \(level.reserved) reserved, orders have \(promised[key, default: 0])")
            }
        }
        return found
    }
}
