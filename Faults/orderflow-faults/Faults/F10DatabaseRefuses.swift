import Postgres
import TestSite

extension FaultCase {
    /// The database runs out of room, of locks and of connections, and is read-only, one after the other.
    static let databaseRefuses = FaultCase(
        id: "F10", title: "the database's disk is full, its lock table too, its connections used up, itself read-only",
        isShort: true
    ) { stage in
        let disk = try DatabaseDisk.install(on: stage)
        try stage.open()
        stage.play(3)
        let watch = try stage.site.connect()
        defer { watch.close() }
        let seconds = stage.scale.pick(2.0, 10, 60)
        try stage.refuse(
            "the disk is full", error: "orderflow test ERROR:  could not extend file", for: seconds, isWhole: false,
            watch: watch
        ) {
            try disk.fill("base")
        } end: {
            try disk.clear()
        }
        try stage.refuse(
            "the database is read-only", error: "orderflow test ERROR:  cannot execute", for: seconds, watch: watch
        ) {
            try watch.execute("ALTER SYSTEM SET default_transaction_read_only = on")
            try watch.execute("SELECT pg_reload_conf()")
        } end: {
            try watch.execute("ALTER SYSTEM RESET default_transaction_read_only")
            try watch.execute("SELECT pg_reload_conf()")
        }
        let locks = LockHog(try stage.site.connect())
        try stage.refuse(
            "the lock table is full", error: "orderflow test ERROR:  out of shared memory", for: seconds, watch: watch
        ) {
            locks.take()
        } meanwhile: {
            locks.take()
        } end: {
            locks.release()
        }
        var guests: [PostgresConnection] = []
        try stage.refuse("all connections are in use", error: "too many clients already", for: seconds, watch: watch) {
            try stage.takeAllConnections(&guests, watch)
        } end: {
            for guest in guests { guest.close() }
        }
        stage.measure("connections that others held", Double(guests.count), "")
    }
}

extension Stage {
    /// Ends the workers' sessions and takes their places, until they have none.
    fileprivate func takeAllConnections(_ guests: inout [PostgresConnection], _ watch: PostgresConnection) throws {
        repeat {
            try watch.execute("SELECT pg_terminate_backend(pid) \(Self.fromWorkerSessions)")
            while let guest = try? site.connect() { guests.append(guest) }
        } while try watch.query("SELECT count(*) \(Self.fromWorkerSessions)").only().int(0) > 0
    }
}

/// A session that takes every lock that there is room for: `max_locks_per_transaction` is too small for the rest.
private final class LockHog {
    private let session: PostgresConnection
    private var next = 0

    init(_ session: PostgresConnection) { self.session = session }

    /// Takes locks until the server has no room for one more. It keeps those from before its error.
    func take() {
        // What the workers give back is taken in small steps.
        for step in [10_000, 1_000, 100, 10, 1] {
            while (try? session.execute(
                "SELECT count(pg_advisory_lock(1, key)) FROM generate_series(\(next + 1), \(next + step)) AS key"))
                != nil
            { next += step }
            next += step
        }
    }

    func release() { session.close() }
}
