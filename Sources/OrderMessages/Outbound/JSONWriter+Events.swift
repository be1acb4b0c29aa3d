internal import OrderCore

/// The fields of every event behind `orderNumber` and `version`.
extension JSONWriter {
    mutating func write(_ payload: EventPayload) {
        switch payload {
        case .orderAccepted(let summary, let reasons), .orderRejected(let summary, let reasons):
            writeWhole(summary)
            write(reasons)
        case .orderCancelled(let summary, let reason):
            writeWhole(summary)
            write("reason", reason)
        case .orderEdited(let summary), .orderCompleted(let summary): writeWhole(summary)
        case .orderReleased(let summary): writeHead(summary.order)
        case .orderReceived(let summary):
            writeHead(summary.order)
            write("receivedAt", summary.order.receivedAt)
        case .orderCancelRefused(let summary, let reason, let lines):
            writeHead(summary.order)
            write("reason", reason)
            write(lines)
        case .virtualDelivered(let summary, let lines):
            writeHead(summary.order)
            write(lines)
        case .paymentRecorded, .orderPaid, .paymentFailed, .paymentInsufficient, .moneyRequested, .refundSettled,
            .refundFailed, .settlementLine:
            writeMoneyEvent(payload)
        case .fulfilmentRequested, .fulfilmentCancelRequested, .fulfilmentAmendRequested, .productionRequested,
            .orderShipped, .orderDelivered, .trackingUpdated:
            writeGoodsEvent(payload)
        case .stockChanged, .holdOpened, .holdClosed, .stockShort, .stockLow, .conflictFound, .messageDead,
            .deliveryUnroutable:
            writeNotice(payload)
        }
    }

    /// The head of an order: what every event of an order says.
    mutating func writeHead(_ order: Order) {
        write("kind", order.kind.rawValue)
        write("status", order.status.rawValue)
        write("paymentState", order.paymentState.rawValue)
        write("paymentTerm", order.paymentTerm.rawValue)
        write("currency", order.currency.code)
        write("payableMinor", order.payable)
        write("dueMinor", order.due)
    }

    /// Head, sums and lines.
    private mutating func writeWhole(_ summary: EventPayload.OrderSummary) {
        let order = summary.order
        writeHead(order)
        write("placedAt", order.placedAt)
        object("amounts") { json in
            json.write("goodsMinor", order.amounts.goods)
            json.write("discountMinor", order.amounts.discount)
            json.write("deductionMinor", order.amounts.deduction)
            json.write("shippingMinor", order.amounts.shipping)
            json.write("taxMinor", order.amounts.tax)
        }
        list("lines", summary.lines) { json, line in
            json.write("line", line.number)
            json.write("sku", line.sku)
            json.write("type", line.type.rawValue)
            json.write("quantity", line.quantity)
            json.write("unitPriceMinor", line.unitPrice)
            json.write("shareMinor", line.share)
            json.write("shipped", line.shipped)
            json.write("cancelled", line.cancelled)
            json.write("giftOf", line.gift)
        }
        if !summary.parts.isEmpty { write(summary.parts) }
    }

    /// What travels apart.
    private mutating func write(_ parts: [EventPayload.OrderSummary.Part]) {
        list("parts", parts) { json, part in
            json.write("fulfilment", part.fulfilment)
            json.write("warehouse", part.warehouse)
            json.write(part.lines)
            json.write("netGoodsMinor", part.worth.goods)
            json.write("shippingMinor", part.worth.shipping)
            json.write("taxMinor", part.worth.tax)
            json.write("payableMinor", part.worth.payable)
            json.write("collectMinor", part.collect)
        }
    }

    /// Reasons with their codes and paths.
    private mutating func write(_ reasons: [Reason]) {
        list("reasons", reasons) { json, reason in
            json.write("code", reason.code.rawValue)
            json.write("path", reason.path)
            json.write("detail", reason.detail)
        }
    }

    /// Units of lines.
    mutating func write(_ lines: [LineQuantity]) {
        list("lines", lines) { json, line in
            json.write("line", line.line)
            json.write("quantity", line.quantity)
        }
    }
}
