/// Other lines of an order that is not handed over yet (改商品). What is paid too much then goes back; what is paid too little
/// is waited for.
extension Decider {
    /// Changes lines, adds some, takes some off: what is payable is computed again, and it is sourced afresh. Discounts,
    /// shipping and tax stay as they were.
    mutating func edit(_ state: inout OrderState, _ edits: [LineEdit]) -> Outcome {
        if let refusal = refuseEdit(of: state, edits) { return refusal }
        var (trial, copy) = (self, state)
        for edit in edits { trial.apply(edit, &copy) }
        guard copy.lines.all.contains(where: { $0.gift == nil && $0.open > 0 }) else {
            return .refused("nothing would be left: cancel the order instead")
        }
        if let problem = trial.price(&copy) { return .refused(problem) }
        trial.why.append("lines edited: \(edits.map(\.text).joined(separator: ", ")); \(copy.order.payable) is payable")
        for part in copy.fulfilments.all where part.state == .planned {
            trial.detach(part, &copy, as: .move)
            trial.finishShipped(part.id, &copy)
        }
        var leftOut = LeftOut()
        trial.takeBackGifts(&copy, &leftOut)
        let wasValid = copy.order.isValidated
        copy.order.isValidated = false
        // Rules of review look at what it is now.
        copy.order.isScreened = false
        if copy.order.shipsFrom != nil { trial.shipFrom(nil, &copy) }
        trial.revalidate(&copy)
        guard copy.order.isValidated || !wasValid && copy.keepsPlaces(of: state) else {
            let reasons = copy.openHolds.filter(\.reason.isValidation).map { "\($0.reason.rawValue): \($0.detail)" }
            return .refused("it can't be sold like that: \(reasons.joined(separator: "; "))")
        }
        (self, state) = (trial, copy)
        // Nobody waits for what it may still owe.
        if state.order.merging.key != nil { leaveGroup(&state, as: .undecided) }
        tell(.orderEdited(state.summaryWithParts), about: &state)
        if !state.facts.all.isEmpty, !isPaymentSatisfied(state) {
            tell(.paymentInsufficient(state.summary), about: &state)
        }
        settle(&state)
        return .done(note: "\(state.order.payable) is payable")
    }

    private func refuseEdit(of state: OrderState, _ edits: [LineEdit]) -> Outcome? {
        guard state.order.status.isBeforeRelease, !state.fulfilments.all.contains(where: \.state.isWithWarehouse) else {
            return .refused("the order was handed over: cancel units of it (cancel_lines), or place another order")
        }
        guard state.order.paymentTerm != .prepaid else {
            return .refused("it was sold and paid at the partner: only units can be cancelled (cancel_lines)")
        }
        guard state.lines.all.allSatisfy({ $0.shipped == 0 }) else {
            return .refused("some of it was delivered: cancel units of it (cancel_lines), or place another order")
        }
        let isMade = state.order.isProductionRequested || state.openHolds.contains { $0.reason.isSourcing }
        guard !isMade else { return .refused("its goods are being made, or sourced again: cancel units of it instead") }
        guard !edits.isEmpty else { return .refused("no lines are named") }
        for edit in edits {
            if let line = state.lines[edit.line] {
                guard line.gift == nil else {
                    return .refused("line \(edit.line) is a gift, which rules give and take")
                }
                guard edit.sku == nil || edit.sku == line.sku else {
                    return .refused("line \(edit.line) is \(line.sku): take it off, and add another line")
                }
            } else if edit.sku == nil || edit.unitPrice == nil || edit.quantity == 0 {
                return .refused("line \(edit.line) is not there: one to be added needs SKU, quantity and price")
            }
        }
        guard state.lines.all.count + edits.count <= Limits.lines else { return .refused("too many lines") }
        return nil
    }

    private mutating func apply(_ edit: LineEdit, _ state: inout OrderState) {
        if state.lines[edit.line] == nil {
            let sku = edit.sku ?? ""
            let type = set.reference.products[sku]?.type ?? .physical
            state.lines.insert(
                OrderLine(
                    number: edit.line, sku: sku, type: type, quantity: edit.quantity, unitPrice: edit.unitPrice ?? 0))
        } else {
            state.lines.update(edit.line) { line in
                // What was cancelled before stays so, beside what is wanted now.
                line.quantity = edit.quantity + line.cancelled
                line.unitPrice = edit.unitPrice ?? line.unitPrice
            }
        }
    }

    /// What is payable, and each line's part of it, of the lines as they are.
    private func price(_ state: inout OrderState) -> String? {
        var goods: Int64 = 0
        for line in state.lines.all {
            let (product, overflow) = line.quantity.multipliedReportingOverflow(by: line.unitPrice)
            guard !overflow, product <= Limits.amountMinor, line.quantity <= Limits.quantity else {
                return "line \(line.number) is beyond the limit"
            }
            goods += product
        }
        state.order.amounts.goods = goods
        guard let payable = state.order.amounts.payable else {
            return "what is payable would be negative or beyond the limit: its discounts stay as they were"
        }
        state.order.payable = payable
        state.order.claimedPayable = nil
        share(&state)
        recount(&state)
        return nil
    }
}

/// A line as it should be.
public struct LineEdit: Hashable, Sendable {
    /// Its number; one that is not there is added.
    public var line: Int64
    /// Units; none takes it off.
    public var quantity: Int64
    /// Of a line that is added.
    public var sku: String?
    /// Minor units; as it is where none is given.
    public var unitPrice: Int64?

    /// Makes an edit.
    public init(line: Int64, quantity: Int64, sku: String? = nil, unitPrice: Int64? = nil) {
        self.line = line
        self.quantity = quantity
        self.sku = sku
        self.unitPrice = unitPrice
    }

    /// For the journal.
    fileprivate var text: String {
        let name = sku.map { "line \(line) (\($0))" } ?? "line \(line)"
        return quantity == 0 ? "\(name) taken off" : "\(quantity) of \(name)" + (unitPrice.map { " at \($0)" } ?? "")
    }
}
