/// The checks that an order has to pass before anything is reserved for it.
enum Validation {
    /// What is wrong with an order; empty: it is valid. The paths are those of the message.
    static func reasons(_ state: OrderState, _ reference: ReferenceData) -> [Reason] {
        var reasons = seller(state.order, reference)
        if state.lines.all.isEmpty { reasons.append(Reason(.noLines, path: "lines", "the order has no lines")) }
        let policy = reference.policy(of: state.order.seller, kind: state.order.kind)
        for (index, line) in state.lines.all.enumerated() where line.gift == nil && line.open > 0 {
            reasons += check(line, at: "lines[\(index)]", of: state.order, policy, reference)
        }
        if state.lines.all.contains(where: { $0.type != .virtual && $0.open > 0 }) { reasons += receiver(state) }
        if let claimed = state.order.claimedPayable, claimed != state.order.payable {
            reasons.append(
                Reason(
                    .amountMismatch, path: "amounts.payableMinor",
                    "the sender claims \(claimed), the lines and sums give \(state.order.payable)"))
        }
        return reasons
    }

    private static func seller(_ order: Order, _ reference: ReferenceData) -> [Reason] {
        let code = order.seller
        let seller = reference.sellers[SellerKey(order.kind, code)]
        if seller?.isActive == true { return [] }
        let (reason, detail): (HoldReason, String) =
            switch (order.kind, seller) {
            case (.internal, nil): (.channelUnknown, "no channel has the code \(code)")
            case (.internal, _): (.channelUnknown, "channel \(code) is not active")
            case (.external, nil): (.partnerUnknown, "no partner has the code \(code)")
            case (.external, _): (.partnerSuspended, "partner \(code) is suspended")
            }
        return [Reason(reason, path: "orderNumber", detail)]
    }

    private static func check(
        _ line: OrderLine, at path: String, of order: Order, _ policy: StorePolicy, _ reference: ReferenceData
    ) -> [Reason] {
        guard let product = reference.products[line.sku] else {
            return [Reason(.unknownSKU, path: path + ".sku", "no product has the SKU \(line.sku)")]
        }
        guard product.isListed else {
            return [Reason(.unlistedSKU, path: path + ".sku", "\(line.sku) may not be sold now")]
        }
        guard product.priceCurrency == order.currency.code,
            let price = product.prices[order.seller] ?? product.prices["*"], line.unitPrice != price
        else { return [] }
        // The limit of amounts times basis points is more than 64 bits hold.
        let difference = (Int128(line.unitPrice) - Int128(price)).magnitude * 10_000
        guard difference > UInt128(price.magnitude) * UInt128(policy.priceTolerance.magnitude), line.unitPrice != 0
        else { return [] }
        return [
            Reason(
                .priceMismatch, path: path + ".unitPriceMinor",
                "\(line.unitPrice) is not within the tolerance of the list price \(price)")
        ]
    }

    private static func receiver(_ state: OrderState) -> [Reason] {
        let missing = state.contact.all.first?.receiver.missingFields ?? Receiver().missingFields
        return missing.map { Reason(.receiverIncomplete, path: "receiver.\($0)", "the receiver has no \($0)") }
    }
}
