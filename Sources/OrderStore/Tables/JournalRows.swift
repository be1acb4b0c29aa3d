internal import OrderCore
internal import Postgres

/// A row of the stock journal; written, and read only by queries.
extension StockMovement: WrittenRow {
    static let table = Table(
        "stock_journal",
        [
            .text("sku"), .text("warehouse"), .text("kind"), .integer("on_hand"), .integer("reserved"),
            .integer("missing"), .optional("order_number", .text), .optional("line", .int8),
            .optional("reference", .text),
        ])

    func write(to sink: inout some FieldSink) {
        sink.put(key.sku)
        sink.put(key.warehouse)
        sink.put(kind)
        sink.put(onHand)
        sink.put(reserved)
        sink.put(missing)
        sink.put(orderNumber)
        sink.put(line)
        sink.put(reference)
    }
}

extension BusinessKey: WrittenRow {
    static let table = Table(
        "business_keys",
        [
            .key("key", .text), Column(name: "content_hash", type: .uuid), .text("source"), .text("message_id"),
            .integer("part"),
        ])

    func write(to sink: inout some FieldSink) {
        sink.put(key)
        sink.put(contentHash)
        sink.put(message.source)
        sink.put(message.id)
        sink.put(message.part)
    }
}

extension Conflict: WrittenRow {
    static let table = Table(
        "conflicts",
        [
            .text("kind"), .text("key"), .text("source"), .text("message_id"), .integer("part"),
            .optional("order_number", .text), .text("detail"),
        ])

    func write(to sink: inout some FieldSink) {
        sink.put(kind)
        sink.put(key)
        sink.put(message.source)
        sink.put(message.id)
        sink.put(message.part)
        sink.put(orderNumber)
        sink.put(detail)
    }
}

/// A checkpoint with the order that its parcel belongs to. One that is there already is a repeat.
struct StoredCheckpoint: WrittenRow {
    let orderNumber: String
    let checkpoint: TrackingCheckpoint

    static let table = Table(
        "tracking_checkpoints",
        [
            .key("order_number", .text), .key("shipment", .text), .key("occurred_at", .timestamptz),
            .key("code", .text), .optional("warehouse", .text), .optional("description", .text),
            .optional("place", .text),
        ])

    func write(to sink: inout some FieldSink) {
        sink.put(orderNumber)
        sink.put(checkpoint.shipment)
        sink.put(checkpoint.occurredAt)
        sink.put(checkpoint.code)
        sink.put(checkpoint.warehouse)
        sink.put(checkpoint.text)
        sink.put(checkpoint.place)
    }
}

extension JournalEntry: WrittenRow {
    static let table = Table(
        "order_journal",
        [
            .key("order_number", .text), .integer("version"), Column(name: "at", type: .timestamptz), .text("by"),
            .text("cause_source"), .text("cause_id"), .integer("cause_part"), .optional("from_status", .text),
            .text("to_status"), .text("why"), Column(name: "rows", type: .text, cast: "json"),
        ])

    func write(to sink: inout some FieldSink) {
        sink.put(orderNumber)
        sink.put(version)
        sink.put(at)
        sink.put(by)
        sink.put(cause.source)
        sink.put(cause.id)
        sink.put(cause.part)
        sink.put(from?.rawValue)
        sink.put(to)
        sink.put(why)
        sink.put(json: rowsText)
    }

    /// The changed rows by table, in the order of the tables.
    private var rowsText: [UInt8] {
        var texts: [(table: String, rows: JSONText)] = []
        func add<Row: StoredRow>(_ row: Row) {
            let index =
                texts.firstIndex { $0.table == Row.table.name }
                ?? {
                    texts.append((Row.table.name, JSONText()))
                    return texts.count - 1
                }()
            if !texts[index].rows.bytes.isEmpty { texts[index].rows.raw(UInt8(ascii: ",")) }
            JSONRow.append(row, to: &texts[index].rows)
        }
        for row in rows {
            switch row {
            case .order(let row): add(row)
            case .contact(let row): add(row)
            case .line(let row): add(row)
            case .fact(let row): add(row)
            case .request(let row): add(row)
            case .hold(let row): add(row)
            case .fulfilment(let row): add(row)
            case .fulfilmentLine(let row): add(row)
            case .parcel(let row): add(row)
            }
        }
        var text = JSONText()
        for (place, table) in texts.enumerated() {
            text.raw(place == 0 ? "{" : ",")
            text.string(table.table)
            text.raw(":[")
            text.raw(table.rows.bytes)
            text.raw("]")
        }
        text.raw(texts.isEmpty ? "{}" : "}")
        return text.bytes
    }
}
