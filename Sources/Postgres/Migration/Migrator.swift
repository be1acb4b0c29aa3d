/// Brings a database to the program's schema, and tells whether it is there.
///
/// What was applied stands in the table `schema_migration`. Any number of programs may migrate at once: one does it.
public struct Migrator: Sendable {
    /// How long a migration may wait for a lock, so that it does not stand in the way of those behind it.
    public var lockTimeoutMilliseconds = 5_000
    /// How long to wait while another process migrates.
    public var turnTimeoutMilliseconds = 120_000

    private let migrations: [Migration]

    /// Any number that nothing else uses; spells "schema" in ASCII.
    private static let advisoryLock: Int64 = 0x7363_6865_6d61

    /// Takes the program's migrations in order.
    public init(_ migrations: [Migration]) throws(PostgresError) {
        guard migrations.map(\.number) == Array(1..<migrations.count + 1) else {
            throw .migration(.badList, "migrations must be numbered 1, 2, 3, … without a gap")
        }
        self.migrations = migrations
    }

    /// The migrations that `migrate` would apply. Changes nothing.
    public func pending(on connection: PostgresConnection) throws(PostgresError) -> [Migration] {
        let applied = try AppliedMigration.load(from: connection)
        try check(applied)
        return Array(migrations.dropFirst(applied.count))
    }

    /// Throws unless the schema is the program's, or a newer one that only adds to it: what a worker asks before it starts.
    /// Returns the number of the last migration that was applied. Needs only `SELECT`.
    @discardableResult
    public func requireCurrent(on connection: PostgresConnection) throws(PostgresError) -> Int {
        let applied = try AppliedMigration.load(from: connection)
        try check(applied)
        let pending = migrations.dropFirst(applied.count)
        guard !pending.isEmpty else { return applied.count }
        if pending.count == migrations.count {
            throw .migration(.notMigrated, "the database has not been migrated: run `migrate` first")
        }
        let names = pending.map { "\($0.number) \($0.name)" }.joined(separator: ", ")
        throw .migration(
            .behind(pending.map(\.number)), "the database lacks migrations (\(names)): run `migrate` first")
    }

    /// Applies what is pending, each migration in its own transaction, and returns what was applied.
    @discardableResult
    public func migrate(_ connection: PostgresConnection) throws(PostgresError) -> [Migration] {
        try takeTurn(connection)
        let before = try SessionLimits(of: connection)
        let outcome: Result<[Migration], PostgresError>
        do throws(PostgresError) {
            outcome = .success(try applyPending(connection))
        } catch {
            outcome = .failure(error)
            if connection.isAlive { try? connection.rollback() }
        }
        if connection.isAlive {
            try connection.query("SELECT pg_advisory_unlock($1)", [.int8(Self.advisoryLock)])
            try before.restore(on: connection)
        }
        return try outcome.get()
    }

    private func applyPending(_ connection: PostgresConnection) throws(PostgresError) -> [Migration] {
        // A migration may rightly run for long; only waiting for a lock is bounded.
        try SessionLimits(responseMilliseconds: nil, lock: "\(lockTimeoutMilliseconds)", statement: "0")
            .restore(on: connection)
        try connection.execute(AppliedMigration.createTable)
        let pending = try pending(on: connection)
        for migration in pending {
            try apply(migration, connection)
        }
        return pending
    }

    private func apply(_ migration: Migration, _ connection: PostgresConnection) throws(PostgresError) {
        do throws(PostgresError) {
            if migration.isTransactional {
                try connection.transaction { () throws(PostgresError) in
                    try connection.execute(migration.sql)
                    try AppliedMigration.record(migration, on: connection)
                }
            } else {
                try connection.execute(migration.sql)
                try AppliedMigration.record(migration, on: connection)
            }
        } catch {
            var error = error
            error.message = "migration \(migration.number) \(migration.name): \(error.message)"
            throw error
        }
    }

    /// Asks again and again rather than waiting in the server: a waiting statement holds a snapshot, and
    /// `CREATE INDEX CONCURRENTLY` in the process that migrates would wait for that.
    private func takeTurn(_ connection: PostgresConnection) throws(PostgresError) {
        let deadline = ContinuousClock.now + .milliseconds(turnTimeoutMilliseconds)
        while true {
            let answer = try connection.query("SELECT pg_try_advisory_lock($1)", [.int8(Self.advisoryLock)])
            if try answer.only().bool(0) { return }
            guard ContinuousClock.now < deadline else {
                throw .migration(.locked, "another process is migrating this database and did not finish in time")
            }
            try connection.query("SELECT pg_sleep(0.1)")
        }
    }

    private func check(_ applied: [AppliedMigration]) throws(PostgresError) {
        for (index, found) in applied.enumerated() {
            guard found.oldestServed <= migrations.count else {
                throw .migration(
                    .ahead(found.number),
                    "the database is newer than this program: migration \(found.number) \(found.name) took away what "
                        + "programs before migration \(found.oldestServed) use, and this one is at \(migrations.count): "
                        + "update the program")
            }
            guard found.number == index + 1 else {
                throw .migration(
                    .gap(index + 1),
                    "migration \(index + 1) was never applied although \(found.number) was: restore schema_migration")
            }
            // What a newer program added is no business of this one.
            guard index < migrations.count else { continue }
            let expected = migrations[index]
            guard found.checksum == expected.checksum else {
                throw .migration(
                    .changed(found.number),
                    "migration \(found.number) \(found.name) is not the one that was applied: undo the change to "
                        + "\(expected.name) and put it into a new migration")
            }
        }
    }
}
