internal import Postgres

/// Receivers that are back.
extension Store {
    /// The rows of a lane in these streams that are not confirmed, in the order in which they go out: what has waited
    /// behind a row that was set aside.
    public func unconfirmed(
        of owner: Int64, in streams: some Sequence<OutboxStream>
    ) throws(StoreError) -> [StoredEvent] {
        let columns = RowColumns(OutboxRows.streamColumns)
        for stream in streams { OutboxRows.append(stream, to: columns) }
        let rows = try database { () throws(PostgresError) in
            try connection.run(Self.readOwnOfStreams, columns.parameters + [.int8(owner)])
        }
        return try StoredEvents.read(rows)
    }

    private static let readOwnOfStreams = Statement(
        "read own streams",
        StoredEvents.select(
            from: """
                (
                    SELECT t.* FROM outbox AS t JOIN \(Table.unnest(OutboxRows.streamColumns))
                        ON t.subject = u.subject AND t.receiver = u.receiver
                    WHERE t.owner = $3
                )
                """))
}
