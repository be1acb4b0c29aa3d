/// Where a connection's transaction stands.
public enum TransactionStatus: Sendable {
    /// Outside a transaction.
    case idle
    /// Statements are under way.
    case active
    /// Inside a transaction that is well.
    case inTransaction
    /// Inside a transaction that failed: only a rollback is left.
    case failed
    /// The connection is lost.
    case unknown
}
