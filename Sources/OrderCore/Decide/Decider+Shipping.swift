extension Decider {
    /// `fulfilment.shipped`: a parcel left. It says what is in it, or the totals so far.
    mutating func ship(_ report: FulfilmentReport, _ message: Message, _ state: inout OrderState) -> Outcome {
        if state.order.status == .rejected { return .done(note: "the order was rejected") }
        guard let fulfilment = state.fulfilment(for: report), fulfilment.state != .planned else {
            return state.order.status == .cancelled
                ? shippedAfterCancel(report, nil, &state) : .parked(waitsFor: "released")
        }
        let key = Parcel.Key(
            warehouse: fulfilment.warehouse, shipment: report.shipment ?? report.trackingNumber ?? message.identity.id)
        if state.parcels[key] != nil { return .done(note: "the parcel is known") }
        if state.order.status == .cancelled || fulfilment.state == .cancelled {
            return shippedAfterCancel(report, fulfilment, &state)
        }
        let carried = state.lines(of: fulfilment.id)
        let contents = contents(of: report, carried)
        if let problem = excess(contents, carried) {
            return conflict(.quantity, key: "\(key.warehouse)/\(key.shipment)", message, problem)
        }
        guard !contents.isEmpty else { return .done(note: "no more than was told before") }
        add(parcel(key, report, fulfilment, contents), to: &state, report)
        settle(&state)
        return .done
    }

    /// What is in this parcel: told by the parcel, or the totals less what was told before.
    private func contents(of report: FulfilmentReport, _ carried: [FulfilmentLine]) -> [LineQuantity] {
        if report.lines.isEmpty {
            return carried.filter { $0.open > 0 }.map { LineQuantity(line: $0.key.line, quantity: $0.open) }
        }
        guard report.isCumulative else { return report.lines.filter { $0.quantity > 0 } }
        return report.lines.compactMap { total in
            let told = carried.first { $0.key.line == total.line }?.shipped ?? 0
            return total.quantity > told ? LineQuantity(line: total.line, quantity: total.quantity - told) : nil
        }
    }

    private func excess(_ contents: [LineQuantity], _ carried: [FulfilmentLine]) -> String? {
        var sums: [Int64: Int64] = [:]
        for part in contents { sums[part.line, default: 0] += part.quantity }
        for (line, quantity) in sums.sorted(by: { $0.key < $1.key }) {
            let open = carried.first { $0.key.line == line }?.open ?? 0
            if quantity > open { return "\(quantity) of line \(line) shipped, but only \(open) were to be" }
        }
        return nil
    }

    private func parcel(
        _ key: Parcel.Key, _ report: FulfilmentReport, _ fulfilment: Fulfilment, _ contents: [LineQuantity]
    ) -> Parcel {
        Parcel(
            key: key, fulfilment: fulfilment.id, carrier: report.carrier, trackingNumber: report.trackingNumber,
            shippedAt: report.occurredAt, lines: contents.map(\.line), quantities: contents.map(\.quantity))
    }

    private mutating func add(_ parcel: Parcel, to state: inout OrderState, _ report: FulfilmentReport) {
        state.parcels.insert(parcel)
        for (line, quantity) in zip(parcel.lines, parcel.quantities) {
            let key = FulfilmentLine.Key(parcel.fulfilment, line)
            guard let carried = state.fulfilmentLines[key] else { continue }
            let reserved = min(carried.reserved, quantity)
            state.fulfilmentLines.update(key) {
                $0.shipped += quantity
                $0.reserved -= reserved
            }
            state.lines.update(line) { $0.shipped += quantity }
            // What was made to order never was stock of ours.
            if state.lines[line]?.type == .physical {
                deduct(carried.sku, parcel, line, quantity, reserved: reserved, for: state.order.number)
            }
        }
        let isOpen = state.lines(of: parcel.fulfilment).contains { $0.open > 0 }
        state.fulfilments.update(parcel.fulfilment) { $0.state = isOpen ? .partiallyShipped : .shipped }
        if !isOpen, state.fulfilments[parcel.fulfilment]?.cancel == .requested {
            cancelRefused(&state, parcel.fulfilment, .refused, "shipped")
        }
        why.append("\(parcel.key.warehouse) shipped \(parcel.key.shipment)")
        tell(.orderShipped(state.summary, parcel), about: &state)
        captureShipped(
            contents: zip(parcel.lines, parcel.quantities).map { LineQuantity(line: $0, quantity: $1) }, &state)
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
    private mutating func shippedAfterCancel(
        _ report: FulfilmentReport, _ fulfilment: Fulfilment?, _ state: inout OrderState
    ) -> Outcome {
        let warehouse = fulfilment?.warehouse ?? report.warehouse ?? "a warehouse"
        let shipment = report.shipment ?? report.trackingNumber ?? cause.id
        let lines =
            report.lines.isEmpty
            ? (fulfilment.map { state.lines(of: $0.id) } ?? []).map {
                LineQuantity(line: $0.key.line, quantity: $0.quantity)
            }
            : report.lines
        let parcel = Parcel(
            key: Parcel.Key(warehouse: warehouse, shipment: shipment), fulfilment: fulfilment?.id ?? "",
            carrier: report.carrier, trackingNumber: report.trackingNumber, shippedAt: report.occurredAt,
            lines: lines.map(\.line), quantities: lines.map(\.quantity))
        if state.parcels[parcel.key] != nil { return .done(note: "the parcel is known") }
        state.parcels.insert(parcel)
        for part in lines where part.quantity > 0 {
            guard let line = state.lines[part.line], line.type == .physical else { continue }
            deduct(line.sku, parcel, part.line, part.quantity, reserved: 0, for: state.order.number)
        }
        hold(&state, .shippedAfterCancel, path: shipment, "\(warehouse) shipped \(shipment) after the cancel")
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
