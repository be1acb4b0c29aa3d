/// What has been sent and not been answered: the statements of one pipeline, in order.
struct Flight {
    enum Entry {
        case prepare(PreparedStatement)
        case call(label: String, isCommit: Bool)
    }

    var entries: [Entry] = []
    var callCount = 0
    /// Whether its work may become permanent: it holds a commit, or runs outside a transaction.
    var mayCommit: Bool
    /// When to give the server up.
    let deadline: ContinuousClock.Instant?
}

/// A statement as this connection prepared it.
struct PreparedStatement {
    let name: String
    let sql: String
    let oids: [UInt32]
}
