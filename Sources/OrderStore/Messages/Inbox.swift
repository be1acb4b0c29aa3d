internal import OrderCore
internal import Postgres

/// The inbox: every delivered message once, with what became of it.
enum Inbox {
    static let columns: [Column] = [
        .key("source", .text), .key("id", .text), .key("part", .int8), Column(name: "content_hash", type: .uuid),
    ]

    /// Sorted by the client, lest two lanes that are given the same messages deadlock.
    static let insert = Statement(
        "insert inbox",
        """
        INSERT INTO inbox (source, id, part, content_hash) SELECT u.source, u.id, u.part, u.content_hash
        FROM \(Table.unnest(columns)) ON CONFLICT DO NOTHING RETURNING source, id, part
        """)

    static let read = Statement(
        "read inbox",
        """
        SELECT i.source, i.id, i.part, i.outcome, i.reason, i.content_hash
        FROM \(Table.unnest(Array(columns.prefix(3)))) JOIN inbox AS i USING (source, id, part)
        """)

    /// All outcomes but plain success of a new message, which the row says from the start.
    static let settle = Statement(
        "settle inbox",
        """
        UPDATE inbox AS t SET outcome = u.outcome, reason = u.reason
        FROM \(Table.unnest(outcomeColumns)) WHERE t.source = u.source AND t.id = u.id AND t.part = u.part
        """)

    /// What could not be read when it came was known by its bytes; now it is known by what it says.
    static let know = Statement(
        "know inbox",
        """
        UPDATE inbox AS t SET content_hash = u.content_hash
        FROM \(Table.unnest(columns)) WHERE t.source = u.source AND t.id = u.id AND t.part = u.part
        """)

    static let outcomeColumns: [Column] = [
        .key("source", .text), .key("id", .text), .key("part", .int8), .text("outcome"), .optional("reason", .text),
    ]

    static func identity(_ row: Postgres.Row) throws(PostgresError) -> MessageIdentity {
        MessageIdentity(source: try row.text(0), id: try row.text(1), part: try row.int64(2))
    }

    static func seen(_ rows: Postgres.Rows) throws(StoreError) -> [MessageIdentity: SeenMessage] {
        var seen: [MessageIdentity: SeenMessage] = [:]
        for row in rows {
            let (identity, outcome, reason, hash) = try database { () throws(PostgresError) in
                (try Inbox.identity(row), try row.text(3), try row.optionalText(4), try row.uuid(5))
            }
            guard let outcome = SeenMessage.Outcome(rawValue: outcome) else {
                throw .impossibleRow(
                    ImpossibleRow(table: "inbox", key: identity.text, column: "outcome", orderNumber: nil))
            }
            seen[identity] = SeenMessage(outcome: outcome, reason: reason, contentHash: ContentHash(hash))
        }
        return seen
    }
}

extension RowColumns {
    func append(_ arrival: LoadRequest.Arrival) {
        append(identity: arrival.identity)
        columns[3].append(arrival.contentHash.uuid)
    }

    func append(identity: MessageIdentity) {
        columns[0].append(identity.source)
        columns[1].append(identity.id)
        columns[2].append(identity.part)
    }
}
