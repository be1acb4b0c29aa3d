/// A statement that each connection prepares by itself when it is first used there.
///
/// A name stands for one SQL text. Parameters are `$1`, `$2`, …; their types are those of the first call.
public struct Statement: Hashable, Sendable {
    /// The name at the server and in errors; empty for one that is parsed anew each time.
    public let name: String
    /// The SQL: a single command.
    public let sql: String

    /// A statement to be prepared under a name.
    public init(_ name: String, _ sql: String) {
        self.name = name
        self.sql = sql
    }

    /// A statement that is used once and not worth preparing.
    public init(unprepared sql: String) {
        self.init("", sql)
    }

    /// What errors call it.
    var label: String {
        name.isEmpty ? Self.shortened(sql) : name
    }

    static func shortened(_ sql: String) -> String {
        let oneLine = sql.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return oneLine.count <= 160 ? oneLine : oneLine.prefix(160) + "…"
    }
}

/// A statement with its parameters, for `PostgresConnection.run`.
public struct Call {
    /// What to run.
    public var statement: Statement
    /// Its parameters, `$1` first.
    public var parameters: [Parameter]

    /// Puts a statement and its parameters together.
    public init(_ statement: Statement, _ parameters: [Parameter] = []) {
        self.statement = statement
        self.parameters = parameters
    }
}
