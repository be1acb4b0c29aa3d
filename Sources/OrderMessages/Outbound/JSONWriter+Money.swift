internal import OrderCore

extension JSONWriter {
    mutating func writeMoneyEvent(_ payload: EventPayload) {
        switch payload {
        case .paymentRecorded(let summary, let fact):
            writeWithMoney(summary.order)
            write(fact)
        case .paymentFailed(let summary, let fact, let reason):
            writeWithMoney(summary.order)
            write(fact)
            write("reason", reason)
        case .orderPaid(let summary): writeWithMoney(summary.order)
        case .paymentInsufficient(let summary):
            writeWithMoney(summary.order)
            write("missingMinor", max(0, summary.order.due - summary.order.money.received))
        case .moneyRequested(let summary, let request):
            write("currency", summary.order.currency.code)
            writeFields(of: request)
            write("try", request.tries)
        case .refundSettled(let summary, let request):
            writeWithMoney(summary.order)
            object("refund") { $0.writeFields(of: request) }
        case .refundFailed(let summary, let request, let reason):
            writeWithMoney(summary.order)
            object("refund") { $0.writeFields(of: request) }
            write("reason", reason)
        case .settlementLine(let summary, let line):
            write("kind", line.kind.rawValue)
            write("partner", summary.order.seller)
            write("amountMinor", line.amount)
            write("currency", summary.order.currency.code)
            write("reason", line.reason)
            write("payableMinor", summary.order.payable)
            write("dueMinor", summary.order.due)
        default: break
        }
    }

    private mutating func writeWithMoney(_ order: Order) {
        writeHead(order)
        object("money") { json in
            json.write("authorizedMinor", order.money.authorized)
            json.write("capturedMinor", order.money.captured)
            json.write("refundedMinor", order.money.refunded)
            json.write("refundPendingMinor", order.money.refundPending)
            json.write("chargedBackMinor", order.money.chargedBack)
        }
    }

    private mutating func write(_ fact: PaymentFact) {
        object("payment") { json in
            json.write("gateway", fact.key.gateway)
            json.write("transactionId", fact.key.transaction)
            json.write("kind", fact.key.kind.rawValue)
            json.write("reference", fact.key.reference)
            json.write("amountMinor", fact.amount)
            json.write("cumulative", fact.isCumulative)
            json.write("currency", fact.currency.code)
            json.write("occurredAt", fact.occurredAt)
            json.write("fact", fact.sequence)
            json.write("requestId", fact.requestID)
        }
    }

    private mutating func writeFields(of request: MoneyRequest) {
        write("requestId", request.requestID)
        write("gateway", request.gateway)
        write("transactionId", request.transaction)
        write("amountMinor", request.amount)
        write("reason", request.reason)
        write("requestedAt", request.requestedAt)
    }
}
