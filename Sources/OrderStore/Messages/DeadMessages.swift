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

    /// By identity. Each is dead once, as the inbox knows it, and again when a replay did not help.
    static let insert = Statement("insert dead", upsert(by: "source, id, part", where: "source IS NOT NULL"))

    /// One without identity is known by queue and content.
    static let count = Statement("count dead", upsert(by: "queue, body_hash", where: "source IS NULL"))

    /// The same message is one record for ever: it is counted there, and waits for a decision again. Rows of one batch are
    /// put together first.
    private static func upsert(by key: String, where condition: String) -> String {
        let place = key.split(separator: ", ").map { "u.\($0)" }.joined(separator: ", ")
        return """
            INSERT INTO dead_messages AS d (\(names))
            SELECT DISTINCT ON (\(place)) \(counted(by: place)) FROM \(Table.unnest(columns)) ORDER BY \(place)
            ON CONFLICT (\(key)) WHERE \(condition) DO UPDATE SET
                tries = d.tries + CASE d.state WHEN 'dead' THEN 0 ELSE 1 END,
                deliveries = d.deliveries + CASE d.state WHEN 'replayed' THEN 0 ELSE excluded.deliveries END,
                last_at = now(), state = 'dead', settled_at = NULL, settled_by = NULL, settled_why = NULL,
                \(replaced)
            """
    }

    /// As it is now; what can't be read of it any more stays as it was.
    private static let replaced = columns.map(\.name)
        .filter { !["source", "id", "part", "deliveries"].contains($0) }
        .map { "\($0) = coalesce(excluded.\($0), d.\($0))" }.joined(separator: ", ")

    private static func counted(by place: String) -> String {
        columns.map(\.name).map { name in
            name == "deliveries" ? "(sum(u.deliveries) OVER (PARTITION BY \(place)))::bigint" : "u.\(name)"
        }.joined(separator: ", ")
    }

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
