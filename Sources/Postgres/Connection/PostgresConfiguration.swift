internal import CPostgres

/// Where the database is and how to speak to it.
///
/// What the URI doesn't say comes from the `PG*` variables, the service file and libpq's own defaults.
public struct PostgresConfiguration: Sendable {
    /// A connection URI or a `keyword=value` string; empty for the environment's.
    public let uri: String
    /// The database, instead of the URI's.
    public var database: String?
    /// The password, instead of the URI's, for one that comes from a file.
    public var password: String?
    /// What `pg_stat_activity` shows.
    public var applicationName = "orderflow"
    /// The longest to wait for each address while connecting; at least 2.
    public var connectTimeoutSeconds = 10
    /// Only a server that takes writes: of several hosts, the primary.
    public var requiresPrimary = true
    /// The server refuses whatever would change anything.
    public var isReadOnly = false
    /// How long sent data may stay unacknowledged, on either side, before the connection counts as lost.
    public var tcpTimeoutMilliseconds = 20_000
    /// How long a flight of statements may take before the server counts as gone; nil for no bound.
    public var responseTimeoutMilliseconds: Int? = 60_000
    /// `statement_timeout`; nil for the server's setting.
    public var statementTimeoutMilliseconds: Int?
    /// `lock_timeout`; nil for the server's setting.
    public var lockTimeoutMilliseconds: Int?
    /// `idle_in_transaction_session_timeout`; nil for the server's setting.
    public var idleInTransactionTimeoutMilliseconds: Int?
    /// `idle_session_timeout`; nil for the server's setting.
    public var idleSessionTimeoutMilliseconds: Int?

    /// Takes a URI such as `postgresql://user@host:5432/database?sslmode=verify-full`; empty for the `PG*` variables.
    public init(uri: String = "") throws(PostgresError) {
        self.uri = uri
        _ = try Self.parse(uri)
    }

    /// What libpq is given, the later winning: our defaults, the URI, our demands.
    var keywords: [(String, String)] {
        var keywords = [
            ("fallback_application_name", applicationName),
            ("connect_timeout", String(max(connectTimeoutSeconds, 2))),
            ("keepalives", "1"), ("keepalives_idle", "10"), ("keepalives_interval", "5"), ("keepalives_count", "3"),
            ("tcp_user_timeout", String(tcpTimeoutMilliseconds)),
            ("target_session_attrs", requiresPrimary ? "read-write" : "any"),
        ]
        keywords += (try? Self.parse(uri)) ?? []
        keywords.append(("client_encoding", "UTF8"))
        if let database { keywords.append(("dbname", database)) }
        if let password { keywords.append(("password", password)) }
        return keywords
    }

    /// Settings of the session, in the order they are set.
    var settings: [(String, String)] {
        var settings = [
            // The server, too, must notice that we are gone, and let our locks go.
            ("tcp_keepalives_idle", "10"), ("tcp_keepalives_interval", "5"), ("tcp_keepalives_count", "3"),
            ("tcp_user_timeout", String(tcpTimeoutMilliseconds)),
        ]
        let optional = [
            ("statement_timeout", statementTimeoutMilliseconds), ("lock_timeout", lockTimeoutMilliseconds),
            ("idle_in_transaction_session_timeout", idleInTransactionTimeoutMilliseconds),
            ("idle_session_timeout", idleSessionTimeoutMilliseconds),
        ]
        for case (let name, let milliseconds?) in optional { settings.append((name, String(milliseconds))) }
        if isReadOnly { settings.append(("default_transaction_read_only", "on")) }
        return settings
    }

    private static func parse(_ uri: String) throws(PostgresError) -> [(String, String)] {
        var message: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(uri, &message) else {
            // libpq's message may quote the string, and with it the password.
            PQfreemem(message)
            throw PostgresError(
                .configuration, "the connection string is not a PostgreSQL URI or a list of keyword=value")
        }
        defer { PQconninfoFree(options) }
        var found: [(String, String)] = []
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { found.append((String(cString: keyword), String(cString: value))) }
            option += 1
        }
        return found
    }
}

extension PostgresConfiguration: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// User, host, port and database; never the password.
    public var description: String {
        let given = Dictionary(keywords, uniquingKeysWith: { $1 })
        let host = given["host"] ?? given["hostaddr"] ?? "default host"
        return "\(given["user"] ?? "default user")@\(host):\(given["port"] ?? "5432")/\(given["dbname"] ?? "default")"
    }

    /// As `description`.
    public var debugDescription: String { description }

    /// Keeps `dump` and default printing from reaching the password.
    public var customMirror: Mirror { Mirror(self, children: ["configuration": description]) }
}
