public import Postgres

/// Reads the tables and checks what is promised of them. It shares nothing with the code that decides and writes.
public struct Audit: Sendable {
    /// How long something may be overdue or unconfirmed before it is a finding, in seconds.
    public var patienceSeconds = 600
    /// How many rows of each check are told.
    public var findingsPerCheck = 20

    /// An audit with the usual bounds.
    public init() {}

    /// All checks, in the order in which they run.
    public var checks: [AuditCheck] {
        AuditCheck.orders + AuditCheck.money + AuditCheck.stock + AuditCheck.events
            + AuditCheck.messages(patienceSeconds: patienceSeconds)
    }

    /// Runs every check on one snapshot of the database, however much is going on, and changes nothing.
    ///
    /// - Parameter willRun: hears of each check before it runs.
    public func run(
        on connection: PostgresConnection, willRun: (AuditCheck) -> Void = { _ in }
    ) throws(PostgresError) -> [AuditVerdict] {
        // Whole tables are read: that takes its time, and needs no bound here.
        connection.responseTimeoutMilliseconds = nil
        try connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = 0")
        var verdicts: [AuditVerdict] = []
        do throws(PostgresError) {
            for check in checks {
                willRun(check)
                verdicts.append(try run(check, on: connection))
            }
        } catch {
            if connection.isAlive { try? connection.rollback() }
            throw error
        }
        try connection.rollback()
        return verdicts
    }

    private func run(_ check: AuditCheck, on connection: PostgresConnection) throws(PostgresError) -> AuditVerdict {
        let rows = try connection.query(
            """
            SELECT key, detail, count(*) OVER () FROM (\(check.sql)) AS breach (key, detail) ORDER BY key, detail LIMIT $1
            """, [.int8(Int64(findingsPerCheck))])
        var findings: [AuditFinding] = []
        for row in rows {
            findings.append(AuditFinding(check: check.name, key: try row.text(0), detail: try row.text(1)))
        }
        return AuditVerdict(check: check, count: try rows.first?.int64(2) ?? 0, findings: findings)
    }
}
