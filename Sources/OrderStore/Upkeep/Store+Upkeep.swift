public import OrderCore
internal import Postgres

/// Work that one process at a time does for all.
extension Store {
    /// Takes the lead of the daily work for as long as the session lasts; false while another has it.
    public func takeLead() throws(StoreError) -> Bool {
        try database { () throws(PostgresError) in
            try connection.run(Statement("take lead", "SELECT pg_try_advisory_lock(\(Self.leadLock))")).only().bool(0)
        }
    }

    /// Makes the logs' partitions so many days ahead. Returns how many were made.
    @discardableResult
    public func makePartitions(daysAhead: Int32 = 7) throws(StoreError) -> Int {
        try database { () throws(PostgresError) in
            try connection.run(Statement("make partitions", "SELECT make_log_partitions($1)"), [.int4(daysAhead)])
                .only().int(0)
        }
    }

    /// Drops partitions of the logs that are older than so many days, unless an unconfirmed event stands in them. What is
    /// parked or dead has a copy of its own. Returns what was dropped: nothing where a log was in use, ask again later.
    @discardableResult
    public func dropPartitions(olderThanDays days: Int) throws(StoreError) -> [String] {
        try database { () throws(PostgresError) in
            try connection.run(Self.dropOld, [.int4(Int32(clamping: days))]).map { (row) throws(PostgresError) in
                try row.text(0)
            }
        }
    }

    /// Deletes a chunk of inbox rows that came before `before`; dead and parked ones stay. Returns how many: ask again
    /// until there are fewer than the limit.
    public func purgeInbox(receivedBefore before: Timestamp, limit: Int = 5_000) throws(StoreError) -> Int {
        try database { () throws(PostgresError) in
            try connection.run(Self.purge, [.timestamptz(before.microseconds), .int8(Int64(limit))]).affected
        }
    }

    /// The epoch: numbers of events count within it.
    public func epoch() throws(StoreError) -> Int64 {
        try database { () throws(PostgresError) in
            try connection.run(Statement("read epoch", "SELECT max(number) FROM epochs")).only().int64(0)
        }
    }

    /// Spells "lead" in ASCII.
    private static let leadLock: Int64 = 0x6C65_6164

    private static let dropOld = Statement("drop partitions", "SELECT drop_log_partitions($1)")

    private static let purge = Statement(
        "purge inbox",
        """
        DELETE FROM inbox WHERE (source, id, part) IN (
            SELECT source, id, part FROM inbox
            WHERE received_at < $1 AND outcome NOT IN ('dead', 'parked') ORDER BY received_at LIMIT $2)
        """)
}
