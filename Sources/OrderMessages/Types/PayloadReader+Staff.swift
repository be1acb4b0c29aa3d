internal import OrderCore

extension PayloadReader {
    private enum CommandName: String, CaseIterable {
        case release
        case override
        case retry
        case editReceiver = "edit_receiver"
        case cancel
        case refund
        case hold
        case note
        case changeCarrier = "change_carrier"
        case source
        case cancelLines = "cancel_lines"
        case split
        case editLines = "edit_lines"
        case merge
        case unmerge
        case retryOutput = "retry_output"
        case liftQuarantine = "lift_quarantine"
    }

    /// `order.command`
    func command() throws(FieldProblem) -> DecodedPart {
        guard let name = try json.choice("command", in: root, CommandName.self) else {
            throw json.missing("command", in: root, "a command")
        }
        let orderNumber = try requiredOrderNumber(in: root)
        let by = try json.requiredText("by", in: root, .identifier)
        // A note says why by itself.
        let reason =
            try name == .note
            ? json.text("reason", in: root, .free) ?? "" : json.requiredText("reason", in: root, .free)
        let expectedVersion = try json.integer("expectedVersion", in: root, 1...Int64.max)
        var hasher = ContentHasher(type)
        hasher.add(name.rawValue)
        hasher.add(orderNumber)
        hasher.add(by)
        hasher.add(reason)
        hasher.add(expectedVersion)
        let command = StaffCommand(
            orderNumber: orderNumber, action: try action(name, reason, &hasher), by: by, reason: reason,
            expectedVersion: expectedVersion)
        return DecodedPart(payload: .command(command), businessKey: nil, contentHash: hasher.finish())
    }

    private func action(
        _ name: CommandName, _ reason: String, _ hasher: inout ContentHasher
    ) throws(FieldProblem) -> StaffCommand.Action {
        switch name {
        case .release, .override:
            let hold = try json.choice("holdReason", in: root, HoldReason.self)
            hasher.add(hold?.rawValue)
            return name == .release ? .release(hold) : .override(hold)
        case .retry: return .retry
        case .cancel: return .cancel
        case .liftQuarantine: return .liftQuarantine
        case .unmerge: return .unmerge
        case .retryOutput: return .retryOutput
        case .merge:
            let orders = try orders()
            for order in orders { hasher.add(order) }
            return .merge(with: orders)
        case .changeCarrier:
            let carrier = try json.requiredText("carrier", in: root, .identifier)
            let fulfilment = try json.text("fulfilmentId", in: root, .identifier)
            hasher.add(carrier)
            hasher.add(fulfilment)
            return .changeCarrier(carrier, fulfilment: fulfilment)
        case .source:
            let warehouse = try json.requiredText("warehouse", in: root, .identifier)
            hasher.add(warehouse)
            return .source(warehouse: warehouse)
        case .cancelLines: return .cancelLines(try commandLines(&hasher))
        case .split:
            let lines = try commandLines(&hasher)
            let fulfilment = try json.text("fulfilmentId", in: root, .identifier)
            hasher.add(fulfilment)
            return .split(lines, fulfilment: fulfilment)
        case .editLines: return .editLines(try lineEdits(&hasher))
        case .editReceiver:
            let receiver = try commandReceiver()
            hasher.add(receiver)
            return .editReceiver(receiver)
        case .refund:
            let amount = try json.integer("amountMinor", in: root, 1...Limits.amountMinor)
            hasher.add(amount)
            return .refund(amount: amount)
        case .hold:
            let detail = try json.text("detail", in: root, .free) ?? reason
            hasher.add(detail)
            return .hold(detail: detail)
        case .note:
            let note = try json.requiredText("note", in: root, .free)
            hasher.add(note)
            return .note(note)
        }
    }

    private func commandLines(_ hasher: inout ContentHasher) throws(FieldProblem) -> [LineQuantity] {
        let lines = try lineQuantities(1...Limits.quantity)
        for line in lines {
            hasher.add(line.line)
            hasher.add(line.quantity)
        }
        return lines
    }

    private func lineEdits(_ hasher: inout ContentHasher) throws(FieldProblem) -> [LineEdit] {
        var edits: [LineEdit] = []
        for node in try json.objects("lines", in: root, atMost: Limits.lines) ?? [] {
            let edit = LineEdit(
                line: try json.requiredInteger("line", in: node, Self.lineNumbers),
                quantity: try json.requiredInteger("quantity", in: node, 0...Limits.quantity),
                sku: try json.text("sku", in: node, .sku),
                unitPrice: try json.integer("unitPriceMinor", in: node, 0...Limits.amountMinor))
            hasher.add(edit.line)
            hasher.add(edit.quantity)
            hasher.add(edit.sku)
            hasher.add(edit.unitPrice)
            edits.append(edit)
        }
        return edits
    }

    /// The orders that a command is about beside its own.
    private func orders() throws(FieldProblem) -> [String] {
        var numbers: [String] = []
        for node in try json.list("orders", in: root, atMost: 50) ?? [] {
            guard let number = try json.text(at: node, .identifier), OrderNumber.isValid(number) else {
                throw FieldProblem(path: "orders", text: "expected <channel or partner code>/<number>")
            }
            numbers.append(number)
        }
        if numbers.isEmpty { throw json.missing("orders", in: root, "at least one order number") }
        return numbers
    }

    /// Staff can mend and send again: a receiver that can't be read as a whole is refused.
    private func commandReceiver() throws(FieldProblem) -> Receiver {
        guard let object = try json.object("receiver", in: root) else {
            throw json.missing("receiver", in: root, "an object")
        }
        var defects = Defects()
        let receiver = receiver(object, &defects)
        if let first = defects.reasons.first {
            throw FieldProblem(path: first.path ?? "receiver", text: first.detail)
        }
        return receiver
    }

    /// `message.replay`, `message.drop`
    func deadLetters(_ kind: DeadLetterCommand.Kind) throws(FieldProblem) -> DecodedPart {
        var ids: [Int64] = []
        for node in try json.list("ids", in: root, atMost: 1_000) ?? [] {
            ids.append(try json.integer(at: node, 1...Int64.max))
        }
        let fingerprint = try json.text("fingerprint", in: root, .identifier)
        if ids.isEmpty, fingerprint == nil { throw json.missing("ids", in: root, "ids or a fingerprint") }
        let command = DeadLetterCommand(
            kind: kind, ids: ids, fingerprint: fingerprint, by: try json.requiredText("by", in: root, .identifier),
            reason: try json.requiredText("reason", in: root, .free))
        var hasher = ContentHasher(type)
        for id in ids { hasher.add(id) }
        hasher.add(fingerprint)
        hasher.add(command.by)
        hasher.add(command.reason)
        return DecodedPart(payload: .deadLetters(command), businessKey: nil, contentHash: hasher.finish())
    }
}
