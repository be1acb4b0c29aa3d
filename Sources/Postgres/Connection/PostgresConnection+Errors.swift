internal import CPostgres

extension PostgresConnection {
    /// What libpq says about the connection.
    func lostError(_ handle: OpaquePointer) -> PostgresError {
        var error = PostgresError(.connectionLost, "the connection to the server was lost: \(libraryMessage(handle))")
        error.isConnectionLost = true
        return error
    }

    /// A libpq call was refused: because the connection is gone, or because it was called wrongly.
    func misuseOrLost(_ handle: OpaquePointer, statement: String? = nil) -> PostgresError {
        guard isAlive else { return lostError(handle) }
        return PostgresError(.misuse, libraryMessage(handle), statement: statement)
    }

    private func libraryMessage(_ handle: OpaquePointer) -> String {
        let message = PQerrorMessage(handle).map { String(cString: $0) } ?? ""
        return message.split(separator: "\n").first.map(String.init) ?? "no reason given"
    }
}

extension PostgresError {
    /// Takes the fields of an error result.
    init(_ result: ResultHandle) {
        let pointer = result.pointer
        func field(_ code: Int32) -> String? {
            PQresultErrorField(pointer, code).map { String(cString: $0) }
        }
        let state = field(CPG_DIAG_SQLSTATE).map { SQLState(rawValue: $0) }
        // An error without a SQLSTATE is libpq's own, about the connection.
        let text = PQresultErrorMessage(pointer).map { String(cString: $0) } ?? ""
        let message = field(CPG_DIAG_MESSAGE_PRIMARY) ?? text.split(separator: "\n").first.map(String.init)
        self.init(state == nil ? .connectionLost : .server, message ?? "the server gave no reason", sqlState: state)
        severity = field(CPG_DIAG_SEVERITY)
        detail = field(CPG_DIAG_MESSAGE_DETAIL)
        schema = field(CPG_DIAG_SCHEMA_NAME)
        table = field(CPG_DIAG_TABLE_NAME)
        column = field(CPG_DIAG_COLUMN_NAME)
        constraint = field(CPG_DIAG_CONSTRAINT_NAME)
        sourceFunction = field(CPG_DIAG_SOURCE_FUNCTION)
        statement = result.statement
    }
}
