/// How the stored schema and the program's migrations don't fit together.
public enum MigrationFault: Hashable, Sendable {
    /// The program's own list is not 1, 2, 3, …
    case badList
    /// The database has never been migrated.
    case notMigrated
    /// The database lacks these migrations.
    case behind([Int])
    /// The database has a migration that this program doesn't know and can't go on with.
    case ahead(Int)
    /// An applied migration is not the one that the program has.
    case changed(Int)
    /// A migration was never applied although a later one was.
    case gap(Int)
    /// Another process is migrating and did not finish in time.
    case locked
}

extension PostgresError {
    static func migration(_ fault: MigrationFault, _ message: String) -> PostgresError {
        PostgresError(.migration(fault), message)
    }
}
