/// Gateways, ERP, storefronts and staff.
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

    /// An order is held: staff look at some.
    mutating func attend(_ event: HeardEvent, _ order: PlannedOrder, _ now: Moment) -> [Answer] {
        guard let reason = event.data.hold?.reason, order.luck < 60 else { return [] }
        closed.remove("\(order.number) \(reason)")
        switch reason {
        case "price_mismatch":
            return command("override", order, now, reason: "price agreed by phone", [("holdReason", .text(reason))])
        case "receiver_incomplete":
            return command(
                "edit_receiver", order, now, reason: "asked the buyer",
                [
                    (
                        "receiver",
                        [
                            "name": .text(order.home.name), "phone": .text(order.home.phone), "country": "CN",
                            "province": .text(order.home.province), "city": .text(order.home.city),
                            "district": .text(order.home.district), "address": .text(order.home.address),
                        ]
                    )
                ])
        // Where rules source again by themselves it is closed before anybody looks.
        case "warehouse_rejected":
            return command("retry", order, now, reason: "another warehouse has it", [], for: reason)
        // What rules would have people look at.
        case "high_value", "buyer_remark", "unusual_quantity", "first_order", "suspected_double", "manual":
            return command(
                "release", order, now, reason: "looked at, it is as it should be", [("holdReason", .text(reason))],
                for: reason)
        default: return []
        }
    }

    /// A hold is closed: nobody has to see to it any more.
    mutating func close(_ event: HeardEvent, _ order: PlannedOrder) -> [Answer] {
        if let reason = event.data.hold?.reason { closed.insert("\(order.number) \(reason)") }
        return []
    }

    private func command(
        _ name: String, _ order: PlannedOrder, _ now: Moment, reason: String, _ more: [(String, JSON)],
        for hold: String? = nil
    ) -> [Answer] {
        let message = staff.message(
            "order.command", id: "\(order.number)-\(name)-\(hold ?? "")", to: "staff.command", at: now,
            .object(
                [
                    ("command", .text(name)), ("orderNumber", .text(order.number)), ("by", "sun.li"),
                    ("reason", .text(reason)),
                ] + more))
        return [Answer(after: 700, message: message, hold: hold.map { "\(order.number) \($0)" })]
    }
}
