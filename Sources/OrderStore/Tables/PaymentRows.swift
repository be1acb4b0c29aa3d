internal import OrderCore
internal import Postgres

extension PaymentFact: StoredRow {
    static let table = Table(
        "payment_facts", isOwned: true,
        [
            .key("gateway", .text), .key("transaction", .text), .key("kind", .text), .key("reference", .text),
            .integer("amount"), .bool("is_cumulative"), .text("currency"),
            Column(name: "occurred_at", type: .timestamptz), .integer("sequence"), .optional("request_id", .text),
        ])

    func write(to sink: inout some FieldSink) {
        sink.put(key.gateway)
        sink.put(key.transaction)
        sink.put(key.kind)
        sink.put(key.reference)
        sink.put(amount)
        sink.put(isCumulative)
        sink.put(currency.code)
        sink.put(occurredAt)
        sink.put(sequence)
        sink.put(requestID)
    }

    static func read(_ fields: inout FieldReader) throws(StoreError) -> PaymentFact {
        let key = Key(
            gateway: try fields.text(), transaction: try fields.text(), kind: try fields.choice(),
            reference: try fields.text())
        return PaymentFact(
            key: key, amount: try fields.integer(), isCumulative: try fields.bool(), currency: try fields.currency(),
            occurredAt: try fields.time(), sequence: try fields.integer(), requestID: try fields.optionalText())
    }
}

extension MoneyRequest: StoredRow {
    static let table = Table(
        "money_requests", isOwned: true,
        [
            .key("request_id", .text), .text("kind"), .text("gateway"), .text("transaction"), .integer("amount"),
            .text("reason"), Column(name: "requested_at", type: .timestamptz), .text("state"), .integer("tries"),
        ])

    func write(to sink: inout some FieldSink) {
        sink.put(requestID)
        sink.put(kind)
        sink.put(gateway)
        sink.put(transaction)
        sink.put(amount)
        sink.put(reason)
        sink.put(requestedAt)
        sink.put(state)
        sink.put(tries)
    }

    static func read(_ fields: inout FieldReader) throws(StoreError) -> MoneyRequest {
        var request = MoneyRequest(
            requestID: try fields.text(), kind: try fields.choice(), gateway: try fields.text(),
            transaction: try fields.text(), amount: try fields.integer(), reason: try fields.text(),
            requestedAt: try fields.time())
        request.state = try fields.choice()
        request.tries = try fields.integer()
        return request
    }
}
