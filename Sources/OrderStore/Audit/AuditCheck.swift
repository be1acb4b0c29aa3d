/// A promise that can be checked by looking at the tables alone.
public struct AuditCheck: Sendable {
    /// What it is called in reports.
    public let name: String
    /// What holds when all is well.
    public let sentence: String
    /// Finds the rows that break it: two texts, the row's key and what is wrong with it.
    let sql: String
}

/// A row that breaks a check.
public struct AuditFinding: Hashable, Sendable {
    /// The check's name.
    public let check: String
    /// The row's key: an order, a SKU and warehouse, a message.
    public let key: String
    /// What is wrong with it; no personal data.
    public let detail: String
}

/// What came of one check.
public struct AuditVerdict: Sendable {
    /// The check.
    public let check: AuditCheck
    /// How many rows break it.
    public let count: Int64
    /// The first of them.
    public let findings: [AuditFinding]
}
