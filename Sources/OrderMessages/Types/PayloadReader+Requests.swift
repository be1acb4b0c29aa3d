internal import OrderCore

extension PayloadReader {
    /// `order.cancel`, `order.received`, `order.reviewed`
    func request(_ kind: OrderRequest.Kind) throws(FieldProblem) -> DecodedPart {
        let occurredAt = try occurredAt()
        let request = OrderRequest(
            kind: kind, orderNumber: try requiredOrderNumber(in: root),
            requestID: try json.requiredText("requestId", in: root, .identifier),
            reason: try json.text("reason", in: root, .free), occurredAt: occurredAt.time)
        var hasher = ContentHasher(type)
        hasher.add(request.orderNumber)
        hasher.add(request.requestID)
        hasher.add(request.reason)
        hasher.add(occurredAt.told)
        return DecodedPart(
            payload: .request(request),
            businessKey: BusinessKeyText.make("order", [request.orderNumber, kind.rawValue, request.requestID]),
            contentHash: hasher.finish())
    }

    /// `delivery.resend`
    func resend() throws(FieldProblem) -> DecodedPart {
        let resend = DeliveryResend(
            receiver: try json.requiredText("receiver", in: root, .code),
            subject: try json.requiredText("subject", in: root, TextRule(longest: 250)),
            fromNumber: try json.requiredInteger("fromNumber", in: root, 1...Int64.max),
            epoch: try json.integer("epoch", in: root, EventNumber.epochs),
            withFulfilments: try json.flag("fulfilments", in: root) ?? false)
        var hasher = ContentHasher(type)
        hasher.add(resend.receiver)
        hasher.add(resend.subject)
        hasher.add(resend.fromNumber)
        if let epoch = resend.epoch { hasher.add(epoch) }
        if resend.withFulfilments { hasher.add("fulfilments") }
        return DecodedPart(payload: .resend(resend), businessKey: nil, contentHash: hasher.finish())
    }
}
