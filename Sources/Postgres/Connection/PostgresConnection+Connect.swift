internal import CPostgres

extension PostgresConnection {
    static func connect(_ configuration: PostgresConfiguration) throws(PostgresError) -> OpaquePointer {
        let keywords = configuration.keywords
        var names: [UnsafePointer<CChar>?] = keywords.map { copy($0.0) } + [nil]
        var values: [UnsafePointer<CChar>?] = keywords.map { copy($0.1) } + [nil]
        defer {
            for pointer in names + values { pointer?.deallocate() }
        }
        guard let handle = PQconnectStartParams(&names, &values, 0) else {
            throw PostgresError(.connectFailed, "no memory for a connection")
        }
        // Verbosity must be set before the attempt, or a refusal carries no SQLSTATE. A reset makes a fresh attempt
        // that blocks, with a time limit and the move to the next host that the non-blocking calls leave to us.
        PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
        PQreset(handle)
        guard PQstatus(handle) == CONNECTION_OK else {
            let refusal = ConnectRefusal(PQerrorMessage(handle).map { String(cString: $0) } ?? "")
            PQfinish(handle)
            var error = PostgresError(
                .connectFailed, "cannot connect to \(configuration): \(refusal.message)", sqlState: refusal.sqlState)
            error.isConnectionLost = true
            throw error
        }
        PQsetErrorVerbosity(handle, PQERRORS_DEFAULT)
        guard PQsetnonblocking(handle, 1) == 0 else {
            PQfinish(handle)
            throw PostgresError(.connectFailed, "the connection can't be made non-blocking")
        }
        return handle
    }

    private static func copy(_ text: String) -> UnsafePointer<CChar> {
        let characters = text.utf8CString
        let pointer = UnsafeMutablePointer<CChar>.allocate(capacity: characters.count)
        for (index, character) in characters.enumerated() { pointer[index] = character }
        return UnsafePointer(pointer)
    }
}

/// libpq's verbose text of a failed attempt: `…: FATAL:  28P01: message`, then a `LOCATION:` line.
struct ConnectRefusal {
    let message: String
    let sqlState: SQLState?

    init(_ text: String) {
        var state: SQLState?
        var lines: [Substring] = []
        for line in text.split(separator: "\n") where !line.hasPrefix("LOCATION:") {
            let parts = line.split(separator: ": ", omittingEmptySubsequences: false)
            let code = parts.first { Self.isSQLState($0) }
            if let code { state = SQLState(rawValue: String(Self.trimmed(code))) }
            lines.append(
                Substring(parts.filter { !Self.isSQLState($0) }.map { Self.trimmed($0) }.joined(separator: ": ")))
        }
        message = lines.joined(separator: "; ")
        sqlState = state
    }

    private static func trimmed(_ part: Substring) -> Substring {
        part.drop { $0 == " " || $0 == "\t" }
    }

    private static func isSQLState(_ part: Substring) -> Bool {
        let code = trimmed(part)
        return code.utf8.count == 5 && code.contains { $0.isNumber }
            && code.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) }
    }
}
