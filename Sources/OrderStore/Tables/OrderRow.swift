internal import OrderCore
internal import Postgres

extension Order: StoredRow {
    static let table = Table(
        "orders",
        [
            .key("number", .text), .text("kind"), .text("payment_term"), .text("currency"), .text("status"),
            .integer("version"), .integer("attempt"), Column(name: "content_hash", type: .uuid),
            Column(name: "placed_at", type: .timestamptz),
            .integer("goods"), .integer("discount"), .integer("deduction"), .integer("shipping"), .integer("tax"),
            .integer("payable"), .optional("claimed_payable", .int8), .integer("due"), .integer("reversed"),
            .integer("authorized"), .integer("captured"), .integer("refunded"), .integer("refund_pending"),
            .integer("charged_back"), .text("payment_state"), .integer("paid_before"),
            .bool("is_validated"), .bool("is_cancelling"), .bool("is_receipt_announced"), .bool("is_review_done"),
            .bool("is_production_requested"), .bool("is_screened"),
            .optional("shipped_at", .timestamptz), .optional("delivered_at", .timestamptz),
            .optional("received_at", .timestamptz), .optional("release_at", .timestamptz),
            .optional("ships_from", .timestamptz), .optional("backorder_rank", .int8),
            .optional("backorder_since", .timestamptz), .bool("backorder_keeps"), .object("backorder_units"),
            .object("backorder_parts"), .bool("backorder_takes_parts"), .object("backorder_passed_over"),
            .optional("merge_key", .text),
            .optional("merge_until", .timestamptz),
            .object("event_counts"),
        ])

    func write(to sink: inout some FieldSink) {
        sink.put(number)
        sink.put(kind)
        sink.put(paymentTerm)
        sink.put(currency.code)
        sink.put(status)
        sink.put(version)
        sink.put(attempt)
        sink.put(contentHash)
        sink.put(placedAt)
        sink.put(amounts.goods)
        sink.put(amounts.discount)
        sink.put(amounts.deduction)
        sink.put(amounts.shipping)
        sink.put(amounts.tax)
        sink.put(payable)
        sink.put(claimedPayable)
        sink.put(due)
        sink.put(reversed)
        sink.put(money.authorized)
        sink.put(money.captured)
        sink.put(money.refunded)
        sink.put(money.refundPending)
        sink.put(money.chargedBack)
        sink.put(paymentState)
        sink.put(paidBefore)
        sink.put(isValidated)
        sink.put(isCancelling)
        sink.put(isReceiptAnnounced)
        sink.put(isReviewDone)
        sink.put(isProductionRequested)
        sink.put(isScreened)
        sink.put(shippedAt)
        sink.put(deliveredAt)
        sink.put(receivedAt)
        sink.put(releaseAt)
        sink.put(shipsFrom)
        sink.put(backorder?.rank)
        sink.put(backorder?.since)
        sink.put(backorder?.keepsTurn ?? false)
        sink.put((backorder?.units ?? [:]).bySubject)
        sink.put((backorder?.parts ?? [:]).bySubject)
        sink.put(backorder?.takesParts ?? false)
        sink.put(backorder?.passedOver ?? [])
        sink.put(merging.stored.key)
        sink.put(merging.stored.until)
        sink.put(eventCounts)
    }

    static func read(_ fields: inout FieldReader) throws(StoreError) -> Order {
        let number = try fields.text()
        let kind: OrderKind = try fields.choice()
        let term: PaymentTerm = try fields.choice()
        let currency = try fields.currency()
        let status: OrderStatus = try fields.choice()
        let version = try fields.integer()
        let attempt = try fields.integer()
        let hash = try fields.hash()
        var order = Order(
            number: number, kind: kind, paymentTerm: term, currency: currency, status: status, contentHash: hash,
            placedAt: try fields.time())
        order.version = version
        order.attempt = attempt
        order.amounts.goods = try fields.integer()
        order.amounts.discount = try fields.integer()
        order.amounts.deduction = try fields.integer()
        order.amounts.shipping = try fields.integer()
        order.amounts.tax = try fields.integer()
        order.payable = try fields.integer()
        order.claimedPayable = try fields.optionalInteger()
        order.due = try fields.integer()
        order.reversed = try fields.integer()
        order.money.authorized = try fields.integer()
        order.money.captured = try fields.integer()
        order.money.refunded = try fields.integer()
        order.money.refundPending = try fields.integer()
        order.money.chargedBack = try fields.integer()
        order.paymentState = try fields.choice()
        order.paidBefore = try fields.integer()
        order.isValidated = try fields.bool()
        order.isCancelling = try fields.bool()
        order.isReceiptAnnounced = try fields.bool()
        order.isReviewDone = try fields.bool()
        order.isProductionRequested = try fields.bool()
        order.isScreened = try fields.bool()
        order.shippedAt = try fields.optionalTime()
        order.deliveredAt = try fields.optionalTime()
        order.receivedAt = try fields.optionalTime()
        order.releaseAt = try fields.optionalTime()
        order.shipsFrom = try fields.optionalTime()
        order.backorder = try Backorder.read(&fields)
        order.merging = Merging(storedKey: try fields.optionalText(), until: try fields.optionalTime())
        order.eventCounts = try fields.counts()
        return order
    }
}

extension Backorder {
    /// Where there is no rank, there is no place.
    fileprivate static func read(_ fields: inout FieldReader) throws(StoreError) -> Backorder? {
        let rank = try fields.optionalInteger()
        var place = Backorder()
        place.since = try fields.optionalTime()
        place.keepsTurn = try fields.bool()
        place.units = .init(bySubject: try fields.counts())
        place.parts = .init(bySubject: try fields.texts())
        place.takesParts = try fields.bool()
        place.passedOver = try fields.set()
        guard let rank else { return nil }
        place.rank = rank
        return place
    }
}

extension Dictionary where Key == StockKey {
    fileprivate var bySubject: [String: Value] { reduce(into: [:]) { $0[$1.key.subject] = $1.value } }

    fileprivate init(bySubject values: [String: Value]) {
        self = values.reduce(into: [:]) { if let key = StockKey(subject: $1.key) { $0[key] = $1.value } }
    }
}

extension Merging {
    /// Stands where a key would.
    private static let apartKey = "apart"

    fileprivate var stored: (key: String?, until: Timestamp?) {
        switch self {
        case .undecided: (nil, nil)
        case .waiting(let key, let until): (key, until)
        case .tied(let key): (key, nil)
        case .apart: (Self.apartKey, nil)
        }
    }

    fileprivate init(storedKey key: String?, until: Timestamp?) {
        switch (key, until) {
        case (nil, _): self = .undecided
        case (Self.apartKey, _): self = .apart
        case (let key?, let until?): self = .waiting(key: key, until: until)
        case (let key?, nil): self = .tied(key: key)
        }
    }
}
