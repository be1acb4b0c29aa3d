/// A row of `schema_migration`.
struct AppliedMigration {
    let number: Int
    let name: String
    let checksum: String
    /// Programs whose last migration is older than this can't go on.
    let oldestServed: Int

    static let createTable = """
        CREATE TABLE IF NOT EXISTS schema_migration (
            number        integer     PRIMARY KEY CHECK (number > 0),
            name          text        NOT NULL,
            checksum      text        NOT NULL,
            applied_at    timestamptz NOT NULL DEFAULT now(),
            applied_by    text        NOT NULL DEFAULT current_user,
            oldest_served integer     NOT NULL DEFAULT 1 CHECK (oldest_served BETWEEN 1 AND number)
        )
        """

    /// What was applied, in order; nothing when the table is not there.
    static func load(from connection: PostgresConnection) throws(PostgresError) -> [AppliedMigration] {
        let exists = try connection.query("SELECT to_regclass('schema_migration') IS NOT NULL").only().bool(0)
        guard exists else { return [] }
        var applied: [AppliedMigration] = []
        let rows = try connection.query(
            "SELECT number, name, checksum, oldest_served FROM schema_migration ORDER BY number")
        for row in rows {
            applied.append(
                AppliedMigration(
                    number: try row.int(0), name: try row.text(1), checksum: try row.text(2),
                    oldestServed: try row.int(3)))
        }
        return applied
    }

    static func record(_ migration: Migration, on connection: PostgresConnection) throws(PostgresError) {
        try connection.query(
            "INSERT INTO schema_migration (number, name, checksum, oldest_served) VALUES ($1, $2, $3, $4)",
            [
                .int4(Int32(clamping: migration.number)), .text(migration.name), .text(migration.checksum),
                .int4(Int32(clamping: migration.oldestServed)),
            ])
    }
}
