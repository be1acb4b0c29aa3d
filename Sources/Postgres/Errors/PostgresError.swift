/// What went wrong between this program and PostgreSQL.
///
/// `description` is safe to log: it holds no parameter value, no detail, and for data errors no quoted input.
public struct PostgresError: Error, Sendable {
    /// The kind of failure, to switch on.
    public enum Code: Hashable, Sendable {
        /// The server reported an error; see `sqlState`.
        case server
        /// No connection could be made; see `sqlState` when the server said why.
        case connectFailed
        /// The connection broke.
        case connectionLost
        /// The server did not answer before the deadline. The connection can't be used any more.
        case timedOut
        /// The waiter gave up. The connection can't be used any more.
        case interrupted
        /// `COMMIT` was answered with `ROLLBACK`: the transaction had failed before and nothing was stored.
        case commitRefused
        /// A parameter can't be sent as it is: a NUL byte in a text, a number out of range, or too large.
        case invalidParameter
        /// A column has another type than the one asked for.
        case wrongType
        /// A column holds NULL where a value was asked for.
        case unexpectedNull
        /// A value does not decode: cut short, or not one-dimensional.
        case malformedValue
        /// The connection string or a setting is wrong.
        case configuration
        /// The module was used against its rules; a mistake in the program.
        case misuse
        /// The stored schema and the program's migrations don't fit together.
        case migration(MigrationFault)
    }

    /// The kind of failure.
    public var code: Code
    /// What the server called it; nil when the error did not come from the server.
    public var sqlState: SQLState?
    /// `ERROR`, `FATAL` or `PANIC`, never translated; nil when the error did not come from the server.
    public var severity: String?
    /// One sentence. A server's message about bad data may quote the datum: log `description` instead.
    public var message: String
    /// The server's detail. It may hold personal data, so it is never part of `description`.
    public var detail: String?
    /// The schema of the table the error is about.
    public var schema: String?
    /// The table the error is about.
    public var table: String?
    /// The column the error is about.
    public var column: String?
    /// The constraint that was broken.
    public var constraint: String?
    /// The server function that raised the error: the same in every language of the server's messages.
    public var sourceFunction: String?
    /// The name of the statement, or its SQL when it has none; never with parameter values.
    public var statement: String?
    /// The connection can't be used any more.
    public var isConnectionLost = false
    /// The connection was lost after a commit had been sent: it may have happened or not.
    public var isOutcomeUnknown = false

    /// Makes an error that did not come from the server.
    public init(_ code: Code, _ message: String, sqlState: SQLState? = nil, statement: String? = nil) {
        self.code = code
        self.message = message
        self.sqlState = sqlState
        self.statement = statement
    }
}

extension PostgresError: CustomStringConvertible {
    /// What happened, to what: without values, detail, or quoted input.
    public var description: String {
        var text = ""
        if let severity { text += "\(severity) " }
        if let sqlState { text += "\(sqlState) " }
        text += printableMessage
        let subject = [schema, table, column].compactMap { $0 }.joined(separator: ".")
        if !subject.isEmpty { text += " [\(subject)]" }
        if let constraint { text += " [constraint \(constraint)]" }
        if let statement { text += " in \(statement)" }
        if isConnectionLost { text += "; the connection is lost" }
        if isOutcomeUnknown { text += " and whether the transaction was committed is unknown" }
        return text
    }

    /// Class 22 quotes the offending input (`invalid input syntax for type integer: "..."`), which may be personal.
    private var printableMessage: String {
        guard code == .server, sqlState?.errorClass == "22" || sqlState?.errorClass == "P0" else { return message }
        var text = ""
        var isQuoted = false
        for character in message {
            if character == "\"" {
                text += isQuoted ? "…\"" : "\""
                isQuoted.toggle()
            } else if !isQuoted {
                text.append(character)
            }
        }
        return text
    }
}
