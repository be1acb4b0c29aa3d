/// Ends some units of an order; their share goes back (部分取消).
extension Decider {
    /// Ends units of some lines: at once what no warehouse has, else its warehouse is asked to leave them out.
    mutating func cancel(_ state: inout OrderState, lines: [LineQuantity]) -> Outcome {
        let wanted = lines.sums.sorted { $0.key < $1.key }
        for (number, quantity) in wanted {
            guard let line = state.lines[number] else { return .refused("the order has no line \(number)") }
            guard quantity > 0, quantity <= line.open else {
                return .refused("\(quantity) of line \(number) are to be cancelled, \(line.open) are open")
            }
        }
        guard !wanted.isEmpty else { return .refused("no lines are named") }
        guard !state.order.isCancelling else { return .refused("all of it is being cancelled already") }
        let isAll = state.lines.all.allSatisfy { line in
            line.gift != nil || wanted.contains { $0 == (line.number, line.open) } || line.open == 0
        }
        if isAll { return cancel(&state, reason: "staff") }
        var (trial, copy, leftOut) = (self, state, LeftOut())
        for (number, quantity) in wanted { trial.takeOff(number, quantity, &copy, &leftOut) }
        trial.recount(&copy)
        trial.takeBackGifts(&copy, &leftOut)
        let asked = Set(leftOut.keys.map(\.fulfilment)).sorted()
        if let refusal = refuseWhileAsked(asked.compactMap { copy.fulfilments[$0] }) { return refusal }
        (self, state) = (trial, copy)
        recount(&state)
        why.append("to be cancelled: " + wanted.map { "\($0.value) of line \($0.key)" }.joined(separator: ", "))
        shortenPresale(&state)
        // What is left may be in order now.
        revalidate(&state)
        closeHoldsOfRules(&state)
        for id in asked { askToAmend(id, without: leftOut, &state) }
        settle(&state)
        let warehouses = asked.compactMap { state.fulfilments[$0]?.warehouse }
        return .done(note: asked.isEmpty ? nil : "asked of \(warehouses.joined(separator: ", "))")
    }

    /// Takes units off an order: what no part carries, what was rejected, what is planned, the newest part first. The
    /// rest is with warehouses: it is left out once they agree.
    mutating func takeOff(_ number: Int64, _ units: Int64, _ state: inout OrderState, _ leftOut: inout LeftOut) {
        let parts = state.fulfilments.all.reversed().compactMap { part in
            state.fulfilmentLines[FulfilmentLine.Key(part.id, number)].map { (part: part, line: $0) }
        }.filter { $0.line.open > 0 }
        let carried = parts.reduce(0) { $0 + $1.line.open }
        var left = units - min(units, max(0, (state.lines[number]?.open ?? 0) - carried))
        for ours in [FulfilmentState.rejected, .planned] {
            for (part, line) in parts where part.state == ours && left > 0 {
                let taken = min(line.open, left)
                state.fulfilmentLines.update(line.key) { $0.cancelled += taken }
                unreserve(&state, line.key, in: part.warehouse, upTo: line.reserved - (line.open - taken))
                finishShipped(part.id, &state)
                left -= taken
                if ours == .rejected, state.lines(of: part.id).allSatisfy({ $0.open == 0 }) {
                    fix(&state, .warehouseRejected, path: part.id, "what was refused is cancelled")
                }
            }
        }
        state.lines.update(number) { $0.cancelled += units - left }
        for (part, line) in parts where part.state.isWithWarehouse && left > 0 {
            leftOut[line.key] = min(line.open, left)
            left -= min(line.open, left)
        }
    }
}
