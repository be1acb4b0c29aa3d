extension Decider {
    /// `fulfilment.shipped`: a parcel left. It says what is in it, or the totals so far.
    mutating func ship(_ report: FulfilmentReport, _ message: Message, _ state: inout OrderState) -> Outcome {
        guard let fulfilment = state.fulfilment(for: report), fulfilment.state != .planned else {
            return shipUnplanned(report, message, &state)
        }
        let key = Parcel.Key(
            warehouse: fulfilment.warehouse, shipment: report.shipment ?? report.trackingNumber ?? message.identity.id)
        if state.parcels[key] != nil { return .done(note: "the parcel is known") }
        if report.isOfOthers || state.hasNothing(in: fulfilment, report) {
            answerByOthers(fulfilment, &state)
            return .done(note: "nothing of the order is in the parcel")
        }
        let contents = contents(of: report, fulfilment, state)
        if let problem = excess(contents, fulfilment, state) {
            return conflict(.quantity, key: "\(key.warehouse)/\(key.shipment)", message, problem)
        }
        // A total that a larger one has overtaken: what is in the parcel was told with that, but it has a journey too.
        guard !contents.isEmpty || report.isCumulative else { return .done(note: "no more than was told before") }
        answerHandOver(fulfilment.id, &state)
        add(parcel(key, report, fulfilment.id, contents), to: &state, message)
        settle(&state)
        return .done
    }

    /// What is in this parcel: told by the parcel, or the totals less what was told before. Said nothing: all that is
    /// open, else all that was to be stopped.
    private func contents(
        of report: FulfilmentReport, _ fulfilment: Fulfilment, _ state: OrderState
    ) -> [LineQuantity] {
        let carried = state.lines(of: fulfilment.id)
        if report.lines.isEmpty {
            let open = carried.map { LineQuantity(line: $0.key.line, quantity: $0.open) }.filter { $0.quantity > 0 }
            guard open.isEmpty else { return open }
            return carried.map { LineQuantity(line: $0.key.line, quantity: $0.quantity - state.left(of: $0.key)) }
                .filter { $0.quantity > 0 }
        }
        guard report.isCumulative else { return report.lines.filter { $0.quantity > 0 } }
        return report.lines.compactMap { total in
            let told = state.left(of: FulfilmentLine.Key(fulfilment.id, total.line))
            return total.quantity > told ? LineQuantity(line: total.line, quantity: total.quantity - told) : nil
        }
    }

    private func excess(_ contents: [LineQuantity], _ fulfilment: Fulfilment, _ state: OrderState) -> String? {
        for (line, quantity) in contents.sums.sorted(by: { $0.key < $1.key }) {
            let key = FulfilmentLine.Key(fulfilment.id, line)
            let there = (state.fulfilmentLines[key]?.quantity ?? 0) - state.left(of: key)
            if quantity > there { return "\(quantity) of line \(line) shipped, but only \(there) were to be" }
        }
        return nil
    }

    private func parcel(
        _ key: Parcel.Key, _ report: FulfilmentReport, _ fulfilment: String, _ contents: [LineQuantity]
    ) -> Parcel {
        var parcel = Parcel(
            key: key, fulfilment: fulfilment, carrier: report.carrier, trackingNumber: report.trackingNumber,
            shippedAt: report.occurredAt, lines: contents.map(\.line), quantities: contents.map(\.quantity))
        (parcel.weight, parcel.freight) = (report.weight, report.freight)
        return parcel
    }

    /// Takes a parcel off what is open; what is in it beyond that had been stopped, and left all the same.
    private mutating func add(_ parcel: Parcel, to state: inout OrderState, _ message: Message) {
        var parcel = parcel
        var wanted: [LineQuantity] = []
        parcel.stopped = []
        for (line, quantity) in zip(parcel.lines, parcel.quantities) {
            let key = FulfilmentLine.Key(parcel.fulfilment, line)
            let open = min(state.fulfilmentLines[key]?.open ?? 0, quantity)
            parcel.stopped.append(quantity - open)
            guard let carried = state.fulfilmentLines[key] else { continue }
            let reserved = min(carried.reserved, open)
            // What was made to order never was stock of ours.
            if state.lines[line]?.type == .physical {
                deduct(carried.sku, parcel, line, quantity, reserved: reserved, for: state.order.number)
            }
            guard open > 0 else { continue }
            wanted.append(LineQuantity(line: line, quantity: open))
            state.fulfilmentLines.update(key) {
                $0.shipped += open
                $0.reserved -= reserved
            }
            state.lines.update(line) { $0.shipped += open }
        }
        state.parcels.insert(parcel)
        if parcel.stopped.contains(where: { $0 > 0 }) { shippedAfterCancel(parcel, message, &state) }
        guard !wanted.isEmpty || parcel.lines.isEmpty else { return }
        why.append("\(parcel.key.warehouse) shipped \(parcel.key.shipment)")
        tell(.orderShipped(state.summary, parcel), about: &state)
        guard !wanted.isEmpty else { return }
        afterLeaving(parcel.fulfilment, &state)
        captureShipped(contents: wanted, &state)
    }

    private mutating func afterLeaving(_ id: String, _ state: inout OrderState) {
        let isOpen = state.lines(of: id).contains { $0.open > 0 }
        state.fulfilments.update(id) { $0.state = isOpen ? .partiallyShipped : .shipped }
        guard !isOpen else {
            if !state.isAskedBackUnanswered(id) { fix(&state, .warehouseRejected, path: id, "shipped after all") }
            return
        }
        if state.isAskedBackUnanswered(id) {
            cancelRefused(&state, id, .refused, "shipped")
            fix(&state, .noAnswer, path: id, "shipped after all")
        }
        if let fulfilment = state.fulfilments[id] { amendRefused(&state, fulfilment, "shipped") }
        // Whether it was asked back for us, its hold says.
        if state.fulfilments[id]?.cancel == .requested { cancelRefused(&state, id, .refused, "shipped") }
        fix(&state, .warehouseRejected, path: id, "shipped after all")
        fix(&state, .stockLost, path: id, "shipped after all")
    }

    private mutating func cancelRefused(
        _ state: inout OrderState, _ id: String, _ answer: CancelState, _ reason: String
    ) {
        guard let fulfilment = state.fulfilments[id] else { return }
        cancelRefused(&state, fulfilment, answer, reason)
    }

    /// Takes shipped units off the stock; older than the last count they were not in it any more.
    private mutating func deduct(
        _ sku: String, _ parcel: Parcel, _ line: Int64, _ quantity: Int64, reserved: Int64, for order: String
    ) {
        let key = StockKey(sku: sku, warehouse: parcel.key.warehouse)
        let level = set.stock[key]
        let isCounted = level?.countedAt.map { parcel.shippedAt < $0 } ?? false
        let onHand = isCounted ? 0 : quantity
        if let lacking = level.map({ onHand - $0.onHand }) ?? onHand as Int64?, lacking > 0 {
            move(key, .adjust, onHand: lacking, for: order, line, reference: parcel.key.shipment)
        }
        move(key, .deduct, onHand: -onHand, reserved: -reserved, for: order, line, reference: parcel.key.shipment)
    }

    /// Captures the share of what has just left, where the channel captures on shipping. The rest of what is due,
    /// shipping included, is captured when nothing more will leave.
    mutating func captureShipped(contents: [LineQuantity], _ state: inout OrderState) {
        guard policy(state).capture == .onShip, state.lines.all.contains(where: { $0.open > 0 }) else { return }
        var sum: Int64 = 0
        for part in contents {
            guard let line = state.lines[part.line] else { continue }
            let after = Allocation.firstUnits(line.cancelled + line.shipped, of: line.quantity, amount: line.share)
            let before = Allocation.firstUnits(
                line.cancelled + line.shipped - part.quantity, of: line.quantity, amount: line.share)
            sum += after - before
        }
        capture(&state, upTo: sum, reason: "shipped")
    }

    /// Goods left although the order, or this part of it, had been stopped: people have to get them back or be paid.
    private mutating func shippedAfterCancel(_ parcel: Parcel, _ message: Message, _ state: inout OrderState) {
        let (warehouse, shipment) = (parcel.key.warehouse, parcel.key.shipment)
        why.append("\(warehouse) shipped \(shipment), which had been stopped")
        hold(&state, .shippedAfterCancel, path: shipment, "\(warehouse) shipped \(shipment) after the cancel")
        _ = conflict(
            .quantity, key: "\(warehouse)/\(shipment)", message,
            "shipped although it was stopped, without a reservation")
    }

    /// A parcel of what was not handed over: it may be yet, or never will.
    private mutating func shipUnplanned(
        _ report: FulfilmentReport, _ message: Message, _ state: inout OrderState
    ) -> Outcome {
        let warehouse = report.warehouse ?? ""
        let shipment = report.shipment ?? report.trackingNumber ?? message.identity.id
        switch state.order.status {
        case .rejected, .completed:
            return conflict(
                .quantity, key: "\(warehouse)/\(shipment)", message,
                "shipped for an order that is \(state.order.status.rawValue)")
        case .cancelled: break
        default: return .parked(waitsFor: "released")
        }
        let key = Parcel.Key(warehouse: warehouse, shipment: shipment)
        if state.parcels[key] != nil { return .done(note: "the parcel is known") }
        var parcel = parcel(key, report, "", report.lines.filter { $0.quantity > 0 })
        parcel.stopped = parcel.quantities
        state.parcels.insert(parcel)
        for (number, quantity) in zip(parcel.lines, parcel.quantities) {
            guard let line = state.lines[number], line.type == .physical else { continue }
            deduct(line.sku, parcel, number, quantity, reserved: 0, for: state.order.number)
        }
        shippedAfterCancel(parcel, message, &state)
        settle(&state)
        return .done
    }

    /// How far the order is, from what its lines say.
    mutating func advanceShipping(_ state: inout OrderState) {
        let lines = state.lines.all
        let hasShipped = lines.contains { $0.shipped > 0 }
        if lines.allSatisfy({ $0.open == 0 }), !state.order.isCancelling {
            if hasShipped {
                state.order.shippedAt = now
                transition(&state, to: .shipped, "everything that will ship has")
                afterShipped(&state)
            } else {
                end(&state, "nothing is left to ship")
            }
        } else if hasShipped, state.order.status != .partiallyShipped {
            transition(&state, to: .partiallyShipped, "part of it has shipped")
        }
    }
}

extension OrderState {
    /// Units of a fulfilment's line that left, wanted or not.
    func left(of key: FulfilmentLine.Key) -> Int64 {
        parcels.all.filter { $0.fulfilment == key.fulfilment }.reduce(0) { sum, parcel in
            zip(parcel.lines, parcel.quantities).reduce(sum) { $1.0 == key.line ? $0 + $1.1 : $0 }
        }
    }
}

extension [LineQuantity] {
    /// Units by line; a line may be named more than once.
    var sums: [Int64: Int64] {
        reduce(into: [:]) { sums, part in
            let (sum, isTooMuch) = sums[part.line, default: 0].addingReportingOverflow(part.quantity)
            sums[part.line] = isTooMuch ? .max : sum
        }
    }
}
