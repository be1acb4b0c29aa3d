internal import Postgres

/// What a session relies on and others may change under it.
public struct Standing: Hashable, Sendable {
    /// Numbers of events count within it.
    public let epoch: Int64
    /// Programs whose last migration is older than this can't go on.
    public let oldestServed: Int

    /// Makes a standing.
    public init(epoch: Int64, oldestServed: Int) {
        self.epoch = epoch
        self.oldestServed = oldestServed
    }

    /// Whether this program can go on.
    public var servesThisProgram: Bool { oldestServed <= Migrations.all.count }
}

extension Store {
    /// How things stand now: two rows that are hardly ever written.
    public func standing() throws(StoreError) -> Standing {
        try database { () throws(PostgresError) in
            let row = try connection.run(Self.readStanding).only()
            return Standing(epoch: try row.int64(0), oldestServed: try row.int(1))
        }
    }

    private static let readStanding = Statement(
        "read standing",
        """
        SELECT (SELECT max(number) FROM epochs), (SELECT coalesce(max(oldest_served), 1)::bigint FROM schema_migration)
        """)
}
