internal import OrderCore
internal import Postgres

extension Table {
    /// Inserts, or updates where the stored revision is older. `updated_at` is when anything changed that decides something:
    /// owners repeat themselves all day, and whoever waits would be looked at again each time.
    var upsertNewer: Statement {
        let keys = columns.filter(\.isKey).map(\.name).joined(separator: ", ")
        let values = columns.filter { !$0.isKey }.map(\.name)
        let changes = values.map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
        let deciding = values.filter { $0 != "revision" && $0 != "title" }
        let before = deciding.map { "\(name).\($0)" }.joined(separator: ", ")
        let after = deciding.map { "excluded.\($0)" }.joined(separator: ", ")
        return Statement(
            "upsert \(name)",
            """
            \(insert.sql) ON CONFLICT (\(keys)) DO UPDATE SET \(changes),
                updated_at = CASE WHEN (\(before)) IS DISTINCT FROM (\(after)) THEN now() ELSE \(name).updated_at END
            WHERE \(name).revision < excluded.revision
            """)
    }
}

extension Product: StoredRow {
    static let table = Table(
        "products",
        [
            .key("sku", .text), .integer("revision"), .bool("is_listed"), .text("type"), .object("prices"),
            .optional("price_currency", .text), .optional("title", .text), .integer("weight"), .integer("volume"),
            .optional("supplier", .text), .optional("temperature", .text), .optional("floor_price", .int8),
            .optional("presale_until", .timestamptz),
        ])

    func write(to sink: inout some FieldSink) {
        sink.put(sku)
        sink.put(revision)
        sink.put(isListed)
        sink.put(type)
        sink.put(prices)
        sink.put(priceCurrency)
        sink.put(title)
        sink.put(weight)
        sink.put(volume)
        sink.put(supplier)
        sink.put(temperature)
        sink.put(floorPrice)
        sink.put(presaleUntil)
    }

    static func read(_ fields: inout FieldReader) throws(StoreError) -> Product {
        var product = Product(
            sku: try fields.text(), revision: try fields.integer(), isListed: try fields.bool(),
            type: try fields.choice())
        product.prices = try fields.counts()
        product.priceCurrency = try fields.optionalText()
        product.title = try fields.optionalText()
        product.weight = try fields.integer()
        product.volume = try fields.integer()
        product.supplier = try fields.optionalText()
        product.temperature = try fields.optionalText()
        product.floorPrice = try fields.optionalInteger()
        product.presaleUntil = try fields.optionalTime()
        return product
    }
}

extension Warehouse: StoredRow {
    static let table = Table(
        "warehouses",
        [
            .key("code", .text), .integer("revision"), .bool("is_active"), .integer("priority"),
            .optional("title", .text), .object("areas"), .object("parcel_costs"),
        ])

    func write(to sink: inout some FieldSink) {
        sink.put(code)
        sink.put(revision)
        sink.put(isActive)
        sink.put(priority)
        sink.put(title)
        sink.put(areas)
        sink.put(parcelCosts)
    }

    static func read(_ fields: inout FieldReader) throws(StoreError) -> Warehouse {
        var warehouse = Warehouse(
            code: try fields.text(), revision: try fields.integer(), isActive: try fields.bool(),
            priority: try fields.integer())
        warehouse.title = try fields.optionalText()
        warehouse.areas = try fields.set()
        warehouse.parcelCosts = try fields.counts()
        return warehouse
    }
}

extension Seller: StoredRow {
    static let table = Table(
        "sellers",
        [
            .key("kind", .text), .key("code", .text), .integer("revision"), .bool("is_active"),
            .optional("title", .text), .text("on_invalid"), .integer("payment_timeout"),
            .integer("payment_tolerance"), .integer("price_tolerance"), .integer("release_delay"), .text("capture"),
            .text("on_short"), .bool("allows_split_backorders"), .text("receipt"),
            .integer("auto_receive_after_delivery"), .integer("auto_receive_after_shipping"),
            .integer("review_window"), .integer("no_answer_after"), .integer("hand_over_in_doubt_after"),
            .integer("in_doubt_after"), .integer("cash_within"),
        ])

    func write(to sink: inout some FieldSink) {
        sink.put(key.kind)
        sink.put(key.code)
        sink.put(revision)
        sink.put(isActive)
        sink.put(title)
        policy.write(to: &sink)
    }

    static func read(_ fields: inout FieldReader) throws(StoreError) -> Seller {
        var seller = Seller(
            try fields.choice(), code: try fields.text(), revision: try fields.integer(), isActive: try fields.bool())
        seller.title = try fields.optionalText()
        seller.policy = try StorePolicy.read(&fields)
        return seller
    }
}

extension StorePolicy {
    fileprivate func write(to sink: inout some FieldSink) {
        sink.put(onInvalid)
        sink.put(paymentTimeout)
        sink.put(paymentTolerance)
        sink.put(priceTolerance)
        sink.put(releaseDelay)
        sink.put(capture)
        sink.put(onShort)
        sink.put(allowsSplitBackorders)
        sink.put(receipt)
        sink.put(autoReceiveAfterDelivery)
        sink.put(autoReceiveAfterShipping)
        sink.put(reviewWindow)
        sink.put(noAnswerAfter)
        sink.put(handOverInDoubtAfter)
        sink.put(inDoubtAfter)
        sink.put(cashWithin)
    }

    fileprivate static func read(_ fields: inout FieldReader) throws(StoreError) -> StorePolicy {
        var policy = StorePolicy()
        policy.onInvalid = try fields.choice()
        policy.paymentTimeout = try fields.integer()
        policy.paymentTolerance = try fields.integer()
        policy.priceTolerance = try fields.integer()
        policy.releaseDelay = try fields.integer()
        policy.capture = try fields.choice()
        policy.onShort = try fields.choice()
        policy.allowsSplitBackorders = try fields.bool()
        policy.receipt = try fields.choice()
        policy.autoReceiveAfterDelivery = try fields.integer()
        policy.autoReceiveAfterShipping = try fields.integer()
        policy.reviewWindow = try fields.integer()
        policy.noAnswerAfter = try fields.integer()
        policy.handOverInDoubtAfter = try fields.integer()
        policy.inDoubtAfter = try fields.integer()
        policy.cashWithin = try fields.integer()
        return policy
    }
}
