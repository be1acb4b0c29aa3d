internal import OrderCore
internal import Postgres

/// Messages that are wrong for good, as rows.
enum DeadMessages {
    static let columns: [Column] = [
        .optional("source", .text), .optional("id", .text), .integer("part"), .text("queue"), .optional("type", .text),
        .optional("order_number", .text), Column(name: "headers", type: .jsonb), Column(name: "body", type: .bytea),
        .integer("body_length"), Column(name: "body_hash", type: .uuid), .text("reason"), .text("fingerprint"),
        .integer("deliveries"), .bool("whole"),
    ]

    private static let names = columns.map(\.name).joined(separator: ", ")

    private static let from =
        "SELECT \(columns.map { "u.\($0.name)" }.joined(separator: ", ")) FROM \(Table.unnest(columns))"

    /// One with an identity is dead once: the inbox knows it.
    static let insert = Statement("insert dead", "INSERT INTO dead_messages (\(names)) \(from) ON CONFLICT DO NOTHING")

    /// One without is known by queue and content, and counted. Rows of one batch are put together first.
    static let count = Statement(
        "count dead",
        """
        INSERT INTO dead_messages AS d (\(names))
        SELECT DISTINCT ON (u.queue, u.body_hash)
            u.source, u.id, u.part, u.queue, u.type, u.order_number, u.headers, u.body, u.body_length, u.body_hash,
            u.reason, u.fingerprint, sum(u.deliveries) OVER (PARTITION BY u.queue, u.body_hash), u.whole
        FROM \(Table.unnest(columns)) ORDER BY u.queue, u.body_hash
        ON CONFLICT (queue, body_hash) WHERE state = 'dead' AND source IS NULL
        DO UPDATE SET deliveries = d.deliveries + excluded.deliveries, last_at = now()
        """)

    static func append(_ dead: DeadRecord, to rows: RowColumns) {
        rows.columns[0].append(dead.identity?.source)
        rows.columns[1].append(dead.identity?.id)
        rows.columns[2].append(dead.identity?.part ?? 0)
        rows.columns[3].append(dead.message.queue)
        rows.columns[4].append(dead.message.type)
        rows.columns[5].append(dead.orderNumber)
        rows.columns[6].append(bytes: JSONText.texts(dead.message.headers))
        rows.columns[7].append(bytes: dead.message.body)
        rows.columns[8].append(dead.bodyLength)
        rows.columns[9].append(dead.bodyHash.uuid)
        rows.columns[10].append(dead.reason)
        rows.columns[11].append(dead.fingerprint)
        rows.columns[12].append(dead.deliveries)
        rows.columns[13].append(dead.isWhole)
    }
}
