internal import OrderCore
internal import Postgres

extension OrderContact: StoredRow {
    static let table = Table(
        "order_contacts",
        [
            .key("order_number", .text), .integer("key_id"), .optional("name", .text), .optional("phone", .text),
            .optional("country", .text), .optional("province", .text), .optional("city", .text),
            .optional("district", .text), .optional("address", .text), .optional("postal_code", .text),
            .optional("buyer", .text), .optional("remark", .text),
        ])

    func write(to sink: inout some FieldSink) {
        sink.put(orderNumber)
        sink.put(keyID)
        sink.put(receiver.name)
        sink.put(receiver.phone)
        sink.put(receiver.country)
        sink.put(receiver.province)
        sink.put(receiver.city)
        sink.put(receiver.district)
        sink.put(receiver.address)
        sink.put(receiver.postalCode)
        sink.put(buyer)
        sink.put(remark)
    }

    static func read(_ fields: inout FieldReader) throws(StoreError) -> OrderContact {
        var contact = OrderContact(orderNumber: try fields.text(), receiver: Receiver())
        contact.keyID = try fields.integer()
        contact.receiver.name = try fields.optionalText()
        contact.receiver.phone = try fields.optionalText()
        contact.receiver.country = try fields.optionalText()
        contact.receiver.province = try fields.optionalText()
        contact.receiver.city = try fields.optionalText()
        contact.receiver.district = try fields.optionalText()
        contact.receiver.address = try fields.optionalText()
        contact.receiver.postalCode = try fields.optionalText()
        contact.buyer = try fields.optionalText()
        contact.remark = try fields.optionalText()
        return contact
    }
}

extension OrderLine: StoredRow {
    static let table = Table(
        "order_lines", isOwned: true,
        [
            .key("number", .int8), .text("sku"), .text("type"), .integer("quantity"), .integer("unit_price"),
            .integer("share"), .integer("cancelled"), .integer("shipped"), .integer("returned"), .integer("produced"),
            .optional("gift", .text),
        ])

    func write(to sink: inout some FieldSink) {
        sink.put(number)
        sink.put(sku)
        sink.put(type)
        sink.put(quantity)
        sink.put(unitPrice)
        sink.put(share)
        sink.put(cancelled)
        sink.put(shipped)
        sink.put(returned)
        sink.put(produced)
        sink.put(gift)
    }

    static func read(_ fields: inout FieldReader) throws(StoreError) -> OrderLine {
        var line = OrderLine(
            number: try fields.integer(), sku: try fields.text(), type: try fields.choice(),
            quantity: try fields.integer(), unitPrice: try fields.integer())
        line.share = try fields.integer()
        line.cancelled = try fields.integer()
        line.shipped = try fields.integer()
        line.returned = try fields.integer()
        line.produced = try fields.integer()
        line.gift = try fields.optionalText()
        return line
    }
}

extension Hold: StoredRow {
    static let table = Table(
        "holds", isOwned: true,
        [
            .key("number", .int8), .text("reason"), .optional("path", .text), .text("detail"),
            Column(name: "opened_at", type: .timestamptz), .text("opened_by"), .optional("closed_at", .timestamptz),
            .optional("closed_by", .text), .optional("closing", .text), .optional("closing_reason", .text),
        ])

    func write(to sink: inout some FieldSink) {
        sink.put(number)
        sink.put(reason)
        sink.put(path)
        sink.put(detail)
        sink.put(openedAt)
        sink.put(openedBy)
        sink.put(closedAt)
        sink.put(closedBy)
        sink.put(closing?.rawValue)
        sink.put(closingReason)
    }

    static func read(_ fields: inout FieldReader) throws(StoreError) -> Hold {
        let number = try fields.integer()
        let reason: HoldReason = try fields.choice()
        let path = try fields.optionalText()
        var hold = Hold(
            number: number, reason: reason, path: path, detail: try fields.text(), openedAt: try fields.time(),
            openedBy: try fields.text())
        hold.closedAt = try fields.optionalTime()
        hold.closedBy = try fields.optionalText()
        hold.closing = try fields.optionalChoice()
        hold.closingReason = try fields.optionalText()
        return hold
    }
}
