internal import OrderCore
internal import Postgres

/// What arrived, with what became of it; what becomes of it later is a further row without a body.
enum MessageLog {
    static let columns: [Column] = [
        .text("source"), .text("id"), .integer("part"), .optional("queue", .text), .optional("type", .text),
        .optional("order_number", .text), .optional("headers", .jsonb), .optional("body", .bytea), .text("outcome"),
        .optional("reason", .text),
    ]

    static let insert = Statement(
        "insert message log",
        """
        INSERT INTO message_log (day, received_at, \(columns.map(\.name).joined(separator: ", ")))
        SELECT (now() AT TIME ZONE 'UTC')::date, now(), \(columns.map { "u.\($0.name)" }.joined(separator: ", "))
        FROM \(Table.unnest(columns))
        """)

    static func append(_ record: MessageRecord, _ outcome: Outcome, to rows: RowColumns) {
        rows.append(identity: record.identity)
        rows.columns[3].append(record.message?.queue)
        rows.columns[4].append(record.message?.type)
        rows.columns[5].append(record.orderNumber)
        if let message = record.message {
            if message.headers.isEmpty {
                rows.columns[6].appendNull()
            } else {
                rows.columns[6].append(bytes: JSONText.texts(message.headers))
            }
            rows.columns[7].append(bytes: message.body)
        } else {
            rows.columns[6].appendNull()
            rows.columns[7].appendNull()
        }
        rows.columns[8].append(outcome.name)
        rows.columns[9].append(outcome.reason)
    }
}
