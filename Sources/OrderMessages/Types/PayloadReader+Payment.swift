internal import OrderCore

extension PayloadReader {
    private enum AmountMeaning: String, CaseIterable {
        case thisRefund = "this_refund"
        case cumulative
    }

    /// `payment.*`: one part an order.
    func payment(_ kind: PaymentFactKind) throws(FieldProblem) -> [DecodedPart] {
        let requestID = try json.text("requestId", in: root, .identifier)
        let key = PaymentFact.Key(
            gateway: try json.requiredText("gateway", in: root, .code),
            transaction: try json.requiredText("transactionId", in: root, .identifier), kind: kind,
            reference: try reference(kind, requestID))
        let meaning = try kind == .refunded ? json.choice("amount", in: root, AmountMeaning.self) : nil
        let currency = try json.currency("currency", in: root)
        let occurredAt = try occurredAt()
        let reason = try json.text("reason", in: root, .free)

        let shares = try shares(kind, requestID)
        return shares.map { share in
            let report = PaymentReport(
                orderNumber: share.orderNumber, key: key, amount: share.amount, isCumulative: meaning == .cumulative,
                currency: currency, occurredAt: occurredAt.time, requestID: requestID, reason: reason)
            var parts = [key.gateway, key.transaction, kind.rawValue, key.reference]
            // The transaction is one, its parts are many: each order has its own.
            if shares.count > 1 { parts.append(share.orderNumber) }
            return DecodedPart(
                payload: .payment(report), businessKey: BusinessKeyText.make("payment", parts),
                contentHash: hash(of: report, occurredAt: occurredAt.told))
        }
    }

    /// The gateway's reference of the operation; what answers a request of ours may name the request instead.
    private func reference(_ kind: PaymentFactKind, _ requestID: String?) throws(FieldProblem) -> String {
        let name: StaticString
        switch kind {
        case .authorized, .captured, .failed, .voided: name = "operationId"
        case .refunded, .refundFailed: name = "refundId"
        case .chargedBack, .chargeBackWon: name = "caseId"
        }
        if let reference = try json.text(name, in: root, .identifier) ?? requestID { return reference }
        throw json.missing(name, in: root, "the gateway's reference")
    }

    /// The orders with their amounts: named one by one in `orders`, or a single one.
    private func shares(
        _ kind: PaymentFactKind, _ requestID: String?
    ) throws(FieldProblem) -> [(orderNumber: String, amount: Int64)] {
        guard let orders = try json.objects("orders", in: root, atMost: Self.mostParts), !orders.isEmpty else {
            guard let orderNumber = try orderNumber(orOf: requestID) else {
                throw json.missing("orderNumber", in: root, "an order number, or orders, or a requestId of ours")
            }
            return [(orderNumber, try amount(kind, in: root))]
        }
        var shares: [(orderNumber: String, amount: Int64)] = []
        var seen: Set<String> = []
        for order in orders {
            let orderNumber = try requiredOrderNumber(in: order)
            guard seen.insert(orderNumber).inserted else {
                throw json.problem("orderNumber", in: order, "\"\(orderNumber)\" is given twice")
            }
            shares.append((orderNumber, try amount(kind, in: order)))
        }
        return shares
    }

    /// A failure or a void need not say how much.
    private func amount(_ kind: PaymentFactKind, in object: JSONDocument.Node) throws(FieldProblem) -> Int64 {
        switch kind {
        case .failed, .voided, .refundFailed: try json.integer("amountMinor", in: object, Self.amounts) ?? 0
        default: try json.requiredInteger("amountMinor", in: object, Self.amounts)
        }
    }

    private func hash(of report: PaymentReport, occurredAt: Timestamp?) -> ContentHash {
        var hasher = ContentHasher(type)
        hasher.add(report.orderNumber)
        hasher.add(report.key.gateway)
        hasher.add(report.key.transaction)
        hasher.add(report.key.reference)
        hasher.add(report.amount)
        hasher.add(report.isCumulative)
        hasher.add(report.currency.code)
        hasher.add(occurredAt)
        hasher.add(report.requestID)
        hasher.add(report.reason)
        return hasher.finish()
    }
}
