public import OrderCore
public import Postgres

/// The epochs of a database: each begins when it was set back to an earlier moment.
public struct Epochs {
    private let connection: PostgresConnection

    /// Works over this connection, whose role owns the schema where an epoch is to be started.
    public init(connection: PostgresConnection) {
        self.connection = connection
    }

    /// All of them, the newest first.
    public func all() throws(StoreError) -> [Epoch] {
        try Queries(connection: connection).all(
            "SELECT number, started_at, started_by, reason FROM epochs ORDER BY number DESC"
        ) { (row) throws(StoreError) in
            let fields = Fields(row: row)
            return Epoch(
                number: try fields.integer(0), startedAt: try fields.time(1), startedBy: try fields.text(2),
                reason: try fields.text(3))
        }
    }

    /// Lanes of workers that hold their number, as people know their sessions.
    public func runningLanes() throws(StoreError) -> [String] {
        try Queries(connection: connection).all(
            """
            SELECT format('%s from %s (process %s)', coalesce(nullif(a.application_name, ''), 'a session'),
                coalesce(a.client_addr::text, 'this machine'), l.pid)
            FROM pg_locks AS l LEFT JOIN pg_stat_activity AS a USING (pid)
            WHERE l.locktype = 'advisory' AND l.granted AND l.classid = $1::oid AND l.objsubid = 1
                AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
            ORDER BY l.pid
            """, [.int8(Store.laneLock >> 32)]
        ) { (row) throws(StoreError) in try Fields(row: row).text(0) }
    }

    /// Starts the next epoch and returns its number. Refused while a worker runs: it would go on in the one before.
    ///
    /// Nothing else is written: counts of events are of the epoch that they were made in, and go on from 1 when something
    /// is next told. Events that are not confirmed keep their numbers and ids, and go out before those of the new epoch.
    public func start(by: String, reason: String) throws(StoreError) -> Int64 {
        var number: Int64 = 0
        var lanes: [String] = []
        try database { () throws(PostgresError) in
            try connection.begin()
            // A lane lists itself before it reads the epoch: one that begins now waits, and reads the new one.
            try connection.execute("SET LOCAL lock_timeout = '5s'; LOCK TABLE lanes IN SHARE ROW EXCLUSIVE MODE")
        }
        do throws(StoreError) {
            lanes = try runningLanes()
            if lanes.isEmpty {
                number = try database { () throws(PostgresError) in try begin(by, reason) }
            }
        } catch {
            if connection.isAlive { try? connection.rollback() }
            throw error
        }
        guard lanes.isEmpty else {
            try database { () throws(PostgresError) in try connection.rollback() }
            throw .misuse(
                "\(lanes.count) lanes of workers hold their numbers: stop the workers first. "
                    + lanes.prefix(5).joined(separator: ", "))
        }
        try database { () throws(PostgresError) in try connection.commit() }
        return number
    }

    private func begin(_ by: String, _ reason: String) throws(PostgresError) -> Int64 {
        let number = try connection.query(
            """
            INSERT INTO epochs (number, started_by, reason) SELECT max(number) + 1, $1, $2 FROM epochs RETURNING number
            """, [.text(by), .text(reason)]
        ).only().int64(0)
        // Markers that were asked for after the moment that was restored may stand in the broker's queue still: they must
        // not be taken for new ones.
        try connection.execute("DELETE FROM queue_markers")
        try connection.query(
            "SELECT setval(pg_get_serial_sequence('queue_markers', 'number'), $1)",
            [.int8(EventNumber(epoch: number, sequence: 0).stored)])
        return number
    }
}

/// An epoch: numbers of events count within it.
public struct Epoch: Hashable, Sendable {
    /// Counts from 1.
    public let number: Int64
    /// When.
    public let startedAt: Timestamp
    /// Who started it.
    public let startedBy: String
    /// Why: what was restored.
    public let reason: String
}
