extension Decider {
    /// The one place that knows which part of the domain a message goes to.
    mutating func apply(_ message: Message) -> Outcome {
        switch message.payload {
        case .orderPlaced(let placed): return place(placed, message)
        case .payment(let report):
            return withOrder(report.orderNumber) { $0.apply(report, message, &$1) } ?? .parked(waitsFor: "order")
        case .fulfilment(let report):
            guard let number = report.orderNumber else { return .parked(waitsFor: "order") }
            return withOrder(number) { $0.apply(report, message, &$1) } ?? .parked(waitsFor: "order")
        case .tracking(let checkpoint):
            guard let number = checkpoint.orderNumber else { return .parked(waitsFor: "parcel \(checkpoint.shipment)") }
            return withOrder(number) { $0.apply(checkpoint, &$1) } ?? .parked(waitsFor: "order")
        case .productionDone(let done):
            return withOrder(done.orderNumber) { $0.apply(done, message, &$1) } ?? .parked(waitsFor: "order")
        case .request(let request):
            return withOrder(request.orderNumber) { $0.apply(request, &$1) } ?? .parked(waitsFor: "order")
        case .command(let command):
            if case .merge(let others) = command.action { return tie(command, to: others, message) }
            return withOrder(command.orderNumber) { $0.apply(command, message, &$1) }
                ?? .refused("there is no order \(command.orderNumber)")
        case .timer(let timer):
            switch timer.kind {
            case .stockChanged: return tellStock(timer.reference)
            case .giveOut: return giveOn(timer.reference)
            case .merge: return gather(timer)
            case .amendParcel: return amendParcel(timer)
            default: break
            }
            guard let number = timer.orderNumber, !number.isEmpty else { return .done(note: "names no order") }
            return withOrder(number) { $0.fire(timer, &$1) } ?? fireWithoutOrder(timer)
        case .stock(let report): return apply(report)
        case .reference(let update): return apply(update)
        case .deadLetters, .resend: return .done
        }
    }

    /// A wish about an order counts only from who owns it, one for lost events only from the receiver that lost them or
    /// from staff, a command only from staff.
    func strangerReason(_ message: Message) -> String? {
        switch (message.payload, message.sender) {
        case (.request(let request), .owner(let sellers, _)):
            guard let sellers, !sellers.contains(OrderNumber.seller(of: request.orderNumber)) else { return nil }
            return "\(message.identity.source) does not own \(request.orderNumber)"
        case (.request, .stranger):
            return "\(message.identity.source) owns no channel or partner; map it in the configuration"
        case (.command, .staff), (.command, .system), (.deadLetters, .staff), (.deadLetters, .system): return nil
        case (.resend, .staff), (.resend, .system): return nil
        case (.resend(let resend), .owner(_, let receivers)) where receivers.contains(resend.receiver): return nil
        case (.resend(let resend), _):
            return "\(message.identity.source) does not speak for the receiver \(resend.receiver); "
                + "map it in the configuration"
        case (.command, _), (.deadLetters, _):
            return "staff commands are believed only from the broker users that the configuration lists"
        default: return nil
        }
    }

    mutating func refuseStranger(_ message: Message) -> Outcome? {
        guard let reason = strangerReason(message) else { return nil }
        return conflict(.forbidden, key: message.identity.text, message, reason)
    }

    /// Records a conflict and tells operations; nothing else changes.
    mutating func conflict(_ kind: Conflict.Kind, key: String, _ message: Message, _ detail: String) -> Outcome {
        conflict(kind, key: key, message.identity, message.payload.orderNumbers.first, detail)
    }

    mutating func conflict(
        _ kind: Conflict.Kind, key: String, _ message: MessageIdentity, _ orderNumber: String?, _ detail: String
    ) -> Outcome {
        let found = Conflict(kind: kind, key: key, message: message, orderNumber: orderNumber, detail: detail)
        changes.conflicts.append(found)
        alert(.conflictFound(found), orderNumber: found.orderNumber)
        return .conflict(detail)
    }

    private mutating func apply(_ update: ReferenceUpdate) -> Outcome {
        let known: Int64? =
            switch update {
            case .product(let product): set.reference.products[product.sku]?.revision
            case .warehouse(let warehouse): set.reference.warehouses[warehouse.code]?.revision
            case .seller(let seller): set.reference.sellers[seller.key]?.revision
            }
        if let known, known >= update.revision {
            return .done(note: "revision \(update.revision) is not newer than \(known)")
        }
        switch update {
        case .product(let product): set.reference.products[product.sku] = product
        case .warehouse(let warehouse): set.reference.warehouses[warehouse.code] = warehouse
        case .seller(let seller): set.reference.sellers[seller.key] = seller
        }
        changes.reference.append(update)
        return .done
    }

    private mutating func fireWithoutOrder(_ timer: Timer) -> Outcome {
        guard timer.kind == .parkedTooLong else { return .done(note: "there is no such order any more") }
        let found = Conflict(
            kind: .quantity, key: timer.reference, message: cause, orderNumber: timer.orderNumber,
            detail: "a fact waits for an order that does not come")
        alert(.conflictFound(found), orderNumber: timer.orderNumber)
        return .done
    }
}
