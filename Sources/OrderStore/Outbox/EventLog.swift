internal import OrderCore
internal import Postgres

/// What was told: the data once, with all receivers and their numbers.
enum EventLog {
    static let columns: [Column] = [
        .key("id", .int8), .text("type"), .text("subject"), .optional("order_number", .text), .integer("version"),
        .text("cause_source"), .text("cause_id"), .integer("cause_part"), .optional("correlation_id", .text),
        .optional("traceparent", .text), .optional("tracestate", .text),
        Column(name: "receivers", type: .text, cast: "text[]"), .integers("numbers"),
        Column(name: "data", type: .bytea),
    ]

    static let insert = Statement(
        "insert event log",
        """
        INSERT INTO event_log (day, created_at, \(columns.map(\.name).joined(separator: ", ")))
        SELECT (now() AT TIME ZONE 'UTC')::date, now(),
            \(columns.map { "u.\($0.name)" + ($0.cast.map { "::" + $0 } ?? "") }.joined(separator: ", "))
        FROM \(Table.unnest(columns))
        """)

    static func append(_ record: EventRecord, id: Int64, to rows: RowColumns) {
        let event = record.event
        rows.columns[0].append(id)
        rows.columns[1].append(event.payload.type)
        rows.columns[2].append(event.subject.text)
        rows.columns[3].append(event.orderNumber)
        rows.columns[4].append(event.version)
        rows.columns[5].append(event.cause.source)
        rows.columns[6].append(event.cause.id)
        rows.columns[7].append(event.cause.part)
        rows.columns[8].append(record.correlationID)
        rows.columns[9].append(record.traceparent)
        rows.columns[10].append(record.tracestate)
        rows.columns[11].append(arrayText(event.deliveries.map(\.receiver)))
        rows.columns[12].append("{" + event.deliveries.map { String($0.number) }.joined(separator: ",") + "}")
        rows.columns[13].append(bytes: record.data)
    }

    /// PostgreSQL's text form of an array of texts.
    private static func arrayText(_ values: [String]) -> String {
        let quoted = values.map { value in
            let escaped =
                value.contains { $0 == "\"" || $0 == "\\" }
                ? String(value.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] }) : value
            return "\"\(escaped)\""
        }
        return "{" + quoted.joined(separator: ",") + "}"
    }
}
