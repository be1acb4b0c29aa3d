public import OrderCore
public import Postgres

/// A version of the rules as it was published.
public struct RuleVersion: Hashable, Sendable {
    /// Counts from 1; the newest counts.
    public var version: Int64
    /// When, by the database's clock.
    public var publishedAt: Timestamp
    /// Who.
    public var publishedBy: String
    /// What for.
    public var note: String
    /// The version whose files were taken again.
    public var restores: Int64?

    /// As journals name it.
    public var label: String { "v\(version)" }
}

/// The rules of operations as they were published: versions that never change.
public struct RuleVersions {
    private let connection: PostgresConnection

    /// Works over this connection, whose role may write where something is to be published.
    public init(connection: PostgresConnection) {
        self.connection = connection
    }

    /// All of them, the newest first.
    public func all() throws(StoreError) -> [RuleVersion] {
        try Queries(connection: connection).all(
            "SELECT version, published_at, published_by, note, restores FROM rule_versions ORDER BY version DESC"
        ) { (row) throws(StoreError) in
            let fields = Fields(row: row)
            return RuleVersion(
                version: try fields.integer(0), publishedAt: try fields.time(1), publishedBy: try fields.text(2),
                note: try fields.text(3), restores: try fields.optionalInteger(4))
        }
    }

    /// The text of each file of a version, by its name; empty where there is no such version.
    public func files(of version: Int64) throws(StoreError) -> [String: String] {
        let files = try Queries(connection: connection).all(
            "SELECT name, text FROM rule_files WHERE version = $1", [.int8(version)]
        ) { (row) throws(StoreError) in (try Fields(row: row).text(0), try Fields(row: row).text(1)) }
        return Dictionary(files, uniquingKeysWith: { first, _ in first })
    }

    /// Publishes files, which were checked, as the next version. Workers take it up within a second or two, between two
    /// batches.
    ///
    /// - Parameter known: The newest version that the files are meant to follow, 0 for none; nil follows whatever is there.
    public func publish(
        _ files: [String: String], by: String, note: String, restoring: Int64? = nil, after known: Int64? = nil
    ) throws(StoreError) -> RulePublication {
        let version = try database { () throws(PostgresError) in
            try connection.begin()
            do throws(PostgresError) {
                // One after the other: of two that publish at once, the second sees what the first has published.
                try connection.execute("LOCK TABLE rule_versions IN SHARE ROW EXCLUSIVE MODE")
                let newest = try connection.query("SELECT coalesce(max(version), 0) FROM rule_versions").only().int64(0)
                let isExpected = known ?? newest == newest
                if isExpected { try insert(newest + 1, files, by: by, note: note, restoring: restoring) }
                try connection.commit()
                return isExpected ? newest + 1 : nil
            } catch {
                if connection.isAlive { try? connection.rollback() }
                throw error
            }
        }
        if let version { return .published(version) }
        return .overtaken(by: try all().filter { $0.version > known ?? 0 })
    }

    private func insert(
        _ version: Int64, _ files: [String: String], by: String, note: String, restoring: Int64?
    ) throws(PostgresError) {
        _ = try connection.query(
            "INSERT INTO rule_versions (version, published_by, note, restores) VALUES ($1, $2, $3, $4)",
            [.int8(version), .text(by), .text(note), .int8(restoring)])
        let names = files.keys.sorted()
        _ = try connection.query(
            """
            INSERT INTO rule_files (version, name, text)
            SELECT $1, u.name, u.text FROM unnest($2, $3) AS u (name, text)
            """,
            [.int8(version), .textArray(names), .textArray(names.map { files[$0] ?? "" })])
    }
}

/// What came of publishing.
public enum RulePublication: Hashable, Sendable {
    /// The files are this version, and count.
    case published(Int64)
    /// Nothing was published: others have published these, the newest first, since the version that was to be followed.
    case overtaken(by: [RuleVersion])
}

extension Store {
    /// Reads which version of the rules counts; 0 where none was ever published.
    public func readRulesVersion() throws(StoreError) {
        rulesVersion = try database { () throws(PostgresError) in
            try connection.run(Self.readNewestRules).only().int64(0)
        }
    }

    private static let readNewestRules = Statement(
        "read rules version", "SELECT coalesce(max(version), 0) FROM rule_versions")

    /// The files of a version of the rules.
    public func ruleFiles(of version: Int64) throws(StoreError) -> [String: String] {
        try RuleVersions(connection: connection).files(of: version)
    }
}
