internal import OrderCore
internal import Postgres

extension Fulfilment: StoredRow {
    static let table = Table(
        "fulfilments",
        [
            .key("id", .text), .text("order_number"), .text("warehouse"), .text("state"), .text("cancel"),
            .integer("request_number"), .optional("carrier", .text), .optional("travels_in", .text),
            .integer("leave_number"), .integer("unanswered"), .optional("workday", .int8), .object("event_counts"),
            .text("amend", default: "none"), .integer("amend_request"), .integer("amend_tries"),
            .bool("amends_receiver"), .bool("carrier_by_staff"), .optional("collect", .int8),
            .optional("amend_collect", .int8),
        ])

    func write(to sink: inout some FieldSink) {
        sink.put(id)
        sink.put(orderNumber)
        sink.put(warehouse)
        sink.put(state)
        sink.put(cancel)
        sink.put(requestNumber)
        sink.put(carrier)
        sink.put(travelsIn)
        sink.put(leaveNumber)
        sink.put(unanswered)
        sink.put(workday)
        sink.put(eventCounts)
        sink.put(amend.state)
        sink.put(amend.request)
        sink.put(amend.tries)
        sink.put(amend.isOfReceiver)
        sink.put(isCarrierByStaff)
        sink.put(collect)
        sink.put(amend.collect)
    }

    static func read(_ fields: inout FieldReader) throws(StoreError) -> Fulfilment {
        var fulfilment = Fulfilment(
            id: try fields.text(), orderNumber: try fields.text(), warehouse: try fields.text())
        fulfilment.state = try fields.choice()
        fulfilment.cancel = try fields.choice()
        fulfilment.requestNumber = try fields.integer()
        fulfilment.carrier = try fields.optionalText()
        fulfilment.travelsIn = try fields.optionalText()
        fulfilment.leaveNumber = try fields.integer()
        fulfilment.unanswered = try fields.integer()
        fulfilment.workday = try fields.optionalInteger()
        fulfilment.eventCounts = try fields.counts()
        fulfilment.amend.state = try fields.choice()
        fulfilment.amend.request = try fields.integer()
        fulfilment.amend.tries = try fields.integer()
        fulfilment.amend.isOfReceiver = try fields.bool()
        fulfilment.isCarrierByStaff = try fields.bool()
        fulfilment.collect = try fields.optionalInteger()
        fulfilment.amend.collect = try fields.optionalInteger()
        return fulfilment
    }
}

extension FulfilmentLine: StoredRow {
    static let table = Table(
        "fulfilment_lines", isOwned: true,
        [
            .key("fulfilment_id", .text), .key("line", .int8), .text("sku"), .integer("quantity"),
            .integer("reserved"), .integer("shipped"), .integer("cancelled"), .integer("asked"),
        ])

    func write(to sink: inout some FieldSink) {
        sink.put(key.fulfilment)
        sink.put(key.line)
        sink.put(sku)
        sink.put(quantity)
        sink.put(reserved)
        sink.put(shipped)
        sink.put(cancelled)
        sink.put(asked)
    }

    static func read(_ fields: inout FieldReader) throws(StoreError) -> FulfilmentLine {
        let key = Key(try fields.text(), try fields.integer())
        var line = FulfilmentLine(key: key, sku: try fields.text(), quantity: try fields.integer())
        line.reserved = try fields.integer()
        line.shipped = try fields.integer()
        line.cancelled = try fields.integer()
        line.asked = try fields.integer()
        return line
    }
}

extension Parcel: StoredRow {
    static let table = Table(
        "parcels", isOwned: true,
        [
            .key("warehouse", .text), .key("shipment", .text), .text("fulfilment_id"), .optional("carrier", .text),
            .optional("tracking_number", .text), .optional("weight", .int8), .optional("freight", .int8),
            Column(name: "shipped_at", type: .timestamptz), .text("state"),
            .optional("delivered_at", .timestamptz), .integers("lines"), .integers("quantities"),
            .integers("stopped"),
        ])

    func write(to sink: inout some FieldSink) {
        sink.put(key.warehouse)
        sink.put(key.shipment)
        sink.put(fulfilment)
        sink.put(carrier)
        sink.put(trackingNumber)
        sink.put(weight)
        sink.put(freight)
        sink.put(shippedAt)
        sink.put(state)
        sink.put(deliveredAt)
        sink.put(lines)
        sink.put(quantities)
        sink.put(stopped)
    }

    static func read(_ fields: inout FieldReader) throws(StoreError) -> Parcel {
        let key = Key(warehouse: try fields.text(), shipment: try fields.text())
        let fulfilment = try fields.text()
        let carrier = try fields.optionalText()
        let trackingNumber = try fields.optionalText()
        let (weight, freight) = (try fields.optionalInteger(), try fields.optionalInteger())
        let shippedAt = try fields.time()
        let state: State = try fields.choice()
        let deliveredAt = try fields.optionalTime()
        var parcel = Parcel(
            key: key, fulfilment: fulfilment, carrier: carrier, trackingNumber: trackingNumber, shippedAt: shippedAt,
            lines: try fields.integers(), quantities: try fields.integers())
        parcel.stopped = try fields.integers()
        (parcel.weight, parcel.freight) = (weight, freight)
        parcel.state = state
        parcel.deliveredAt = deliveredAt
        return parcel
    }
}

extension StockLevel: StoredRow {
    static let table = Table(
        "stock",
        [
            .key("sku", .text), .key("warehouse", .text), .integer("on_hand"), .integer("reserved"),
            .integer("safety"), .integer("missing"), .integer("low_threshold"), .optional("counted_at", .timestamptz),
            .object("event_counts"),
        ])

    func write(to sink: inout some FieldSink) {
        sink.put(key.sku)
        sink.put(key.warehouse)
        sink.put(onHand)
        sink.put(reserved)
        sink.put(safety)
        sink.put(missing)
        sink.put(lowThreshold)
        sink.put(countedAt)
        sink.put(eventCounts)
    }

    static func read(_ fields: inout FieldReader) throws(StoreError) -> StockLevel {
        let key = StockKey(sku: try fields.text(), warehouse: try fields.text())
        var level = StockLevel(
            key: key, onHand: try fields.integer(), reserved: try fields.integer(), safety: try fields.integer(),
            missing: try fields.integer(), lowThreshold: try fields.integer(), countedAt: try fields.optionalTime())
        level.eventCounts = try fields.counts()
        return level
    }
}
