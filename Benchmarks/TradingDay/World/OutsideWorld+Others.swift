/// Gateways, ERP and storefronts.
extension OutsideWorld {
    /// A refund, a capture or a void is asked for. Of the refunds one in sixteen fails.
    func settle(_ event: HeardEvent, _ order: PlannedOrder, _ now: Moment) -> [Answer] {
        let data = event.data
        guard let gateway = data.gateway, let transaction = data.transactionId, let request = data.requestId else {
            return []
        }
        let kind: String
        switch event.type {
        case "refund.requested.v1": kind = order.luck % 16 == 7 ? "refund_failed" : "refunded"
        case "capture.requested.v1": kind = "captured"
        default: kind = "voided"
        }
        let reference = kind.hasPrefix("refund") ? "refundId" : "operationId"
        let message = Sender("gateway-\(gateway)", .plain).message(
            "payment.\(kind)", id: "\(request)-\(kind)-\(data.try ?? 1)", to: "payment.callback", at: now,
            [
                "orderNumber": .text(order.number), "gateway": .text(gateway), "transactionId": .text(transaction),
                "requestId": .text(request), reference: .text("\(request)-\(data.try ?? 1)"),
                "amountMinor": .number(data.amountMinor ?? 0), "currency": .text(data.currency ?? Catalogue.currency),
                "occurredAt": .text(now.text), "reason": kind == "refund_failed" ? "account closed" : .absent,
            ])
        return [Answer(after: 80, message: message, ships: nil)]
    }

    /// The buyer's bank takes the money back.
    func chargeBack(_ order: PlannedOrder, _ now: Moment) -> OutsideMessage {
        let transaction = "\(order.gateway)-\(order.number)-T1"
        return Sender("gateway-\(order.gateway)", .plain).message(
            "payment.charged_back", id: "\(transaction)-charged-back", to: "payment.callback", at: now,
            [
                "orderNumber": .text(order.number), "gateway": .text(order.gateway),
                "transactionId": .text(transaction), "caseId": .text("case-\(order.number)"),
                "amountMinor": .number(order.payable), "currency": .text(Catalogue.currency),
                "occurredAt": .text(now.text), "reason": "not recognised",
            ])
    }

    /// Something is to be made.
    func produce(_ data: HeardEvent.Payload, _ order: PlannedOrder, _ now: Moment) -> [Answer] {
        guard let request = data.requestId, let line = data.line, let quantity = data.quantity else { return [] }
        let message = Sender("erp", .binary).message(
            "production.done", id: "\(request)-done", to: "warehouse.callback", at: now,
            [
                "orderNumber": .text(order.number), "requestId": .text(request), "line": .number(line),
                "quantity": .number(quantity), "warehouse": "east", "document": .text("MO-\(request)"),
                "occurredAt": .text(now.text),
            ])
        return [Answer(after: 400, message: message, ships: nil)]
    }

    /// A parcel has arrived at a marketplace's buyer: most say so, some review.
    func receive(_ order: PlannedOrder, _ now: Moment) -> [Answer] {
        guard order.seller == "bazaar", order.luck < 65 else { return [] }
        let received = Answer(after: 300, message: order.wish("received", at: now), ships: nil)
        guard order.luck < 30 else { return [received] }
        return [received, Answer(after: 600, message: order.wish("reviewed", at: now), ships: nil)]
    }
}
