extension PlannedOrder {
    /// `order.placed`, as the seller writes it.
    func placed(at time: Moment, id: String? = nil, remark: String? = nil) -> OutsideMessage {
        sender.message(
            "order.placed", id: id ?? "\(number)-placed", to: isExternal ? "order.external" : "order.internal",
            at: time,
            [
                "orderNumber": .text(number), "placedAt": .text(time.text), "currency": .text(Catalogue.currency),
                "paymentTerm": .text(term), "lines": .list(lines.map(wire)), "amounts": amounts,
                "buyer": ["id": .text(buyer)], "receiver": receiver,
                "remark": (remark ?? self.remark).map { .text($0) } ?? .absent,
            ])
    }

    private func wire(_ line: Line) -> JSON {
        let quantity = story == .absurdQuantity && line.number == 1 ? 1_000_000_000_000 : line.quantity
        return [
            "line": .number(line.number), "sku": .text(line.article.sku), "type": .text(line.article.type),
            "quantity": .number(quantity), "unitPriceMinor": .number(line.price),
        ]
    }

    private var amounts: JSON {
        [
            "goodsMinor": .number(goods), "discountMinor": .number(discount), "shippingMinor": .number(shipping),
            "payableMinor": .number(story == .wrongSum ? payable + 100 : payable),
        ]
    }

    private var receiver: JSON {
        let isComplete = story != .incompleteReceiver
        return home.receiver(withPhone: isComplete, withAddress: isComplete || luck >= 50)
    }

    /// `payment.<kind>` of this order's gateway, or of another.
    func payment(
        _ kind: String, _ amount: Int64, transaction: Int64 = 1, at time: Moment, currency: String = Catalogue.currency,
        gateway other: String? = nil, id: String? = nil
    ) -> OutsideMessage {
        let gateway = other ?? self.gateway
        let transaction = "\(gateway)-\(number)-T\(transaction)"
        return Sender("gateway-\(gateway)", .plain).message(
            "payment.\(kind)", id: id ?? "\(transaction)-\(kind)", to: "payment.callback", at: time,
            [
                "orderNumber": .text(number), "gateway": .text(gateway), "transactionId": .text(transaction),
                "operationId": .text("\(transaction)-\(kind)"), "amountMinor": .number(amount),
                "currency": .text(currency), "occurredAt": .text(time.text),
                "reason": kind == "failed" ? "insufficient_funds" : .absent,
            ])
    }

    /// `order.cancel`, `order.received`, `order.reviewed`
    func wish(_ wish: String, at time: Moment) -> OutsideMessage {
        sender.message(
            "order.\(wish)", id: "\(number)-\(wish)", to: "order.command", at: time,
            [
                "orderNumber": .text(number), "requestId": .text("\(number)-\(wish)"),
                "occurredAt": .text(time.text), "reason": wish == "cancel" ? "changed my mind" : .absent,
            ])
    }

    /// The first fulfilment that an order with goods has.
    var firstFulfilment: String { "\(number)-F1" }

    /// `fulfilment.<kind>` by a warehouse that knows our fulfilment. What is said of a parcel of several orders is said of
    /// each: its lines say whose they are.
    func report(
        _ kind: String, of fulfilment: String, warehouse: String, at time: Moment, parcel: String? = nil,
        lines: [HeardEvent.Line] = [], requestID: String? = nil, isTotal: Bool = false, reason: String? = nil
    ) -> OutsideMessage {
        let subject = parcel ?? requestID ?? fulfilment
        let isShared = Self.isShared(fulfilment)
        return Sender("wms-\(warehouse)", .binary).message(
            "fulfilment.\(kind)", id: "\(subject)-\(kind)", to: "warehouse.callback", at: time,
            [
                "orderNumber": isShared ? .absent : .text(number), "fulfilmentId": .text(fulfilment),
                "warehouse": warehouse == "unknown" ? .absent : .text(warehouse),
                "requestId": requestID.map { .text($0) } ?? .absent, "shipment": parcel.map { .text($0) } ?? .absent,
                "lines": lines.isEmpty ? .absent : .list(lines.map { wire($0, isShared: isShared) }),
                "quantities": isTotal ? "cumulative" : .absent,
                "carrier": kind == "shipped" ? "sf-express" : .absent,
                "trackingNumber": kind == "shipped" ? .text("SF\(subject)") : .absent,
                "occurredAt": .text(time.text), "reason": reason.map { .text($0) } ?? .absent,
            ])
    }

    private func wire(_ line: HeardEvent.Line, isShared: Bool) -> JSON {
        [
            "orderNumber": isShared ? .text(line.orderNumber ?? number) : .absent, "line": .number(line.line),
            "quantity": .number(line.quantity),
        ]
    }

    /// Whether a fulfilment is the parcel of several orders.
    static func isShared(_ fulfilment: String) -> Bool {
        fulfilment.split(separator: "-").last?.hasPrefix("M") == true
    }
}
