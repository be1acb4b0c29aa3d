/// The private servers that tests run against: addresses of the main pair, from the environment or, without one, from
/// `scripts/services up`.
public enum TestServers {
    /// `postgresql://` URL of a superuser on the maintenance database.
    public static var postgresURL: String { main["ORDERFLOW_POSTGRES_URL"] }
    /// `amqp://` URL of an administrator on the default vhost.
    public static var amqpURL: String { main["ORDERFLOW_AMQP_URL"] }
    /// `amqps://` URL of the same; the certificate is signed by `caFile` and names `localhost`.
    public static var amqpsURL: String { main["ORDERFLOW_AMQPS_URL"] }
    /// PEM file of the authority that signed the certificates of both servers.
    public static var caFile: String { main["ORDERFLOW_CA_FILE"] }
    /// `http://` URL of the broker's management API, with credentials.
    public static var managementURL: String { main["ORDERFLOW_MANAGEMENT_URL"] }

    /// The same server, another database. The name must need no quoting, as those of `uniqueName` do not.
    public static func postgresURL(database: String) -> String { replacingPath(of: postgresURL, with: database) }
    /// The same broker, another vhost. The name must need no quoting, as those of `uniqueName` do not.
    public static func amqpURL(vhost: String) -> String { replacingPath(of: amqpURL, with: vhost) }
    /// The same broker over TLS, another vhost.
    public static func amqpsURL(vhost: String) -> String { replacingPath(of: amqpsURL, with: vhost) }

    /// A name that no other test uses, also not one of another process: good for a database, a vhost, a queue or an instance.
    public static func uniqueName(_ prefix: String) -> String {
        prefix + "_" + String(UInt64.random(in: .min ... .max), radix: 36)
    }

    static func replacingPath(of url: String, with path: String) -> String {
        guard let slash = url.lastIndex(of: "/") else { return url }
        return url[...slash] + path
    }

    private static let main = ServerSettings.ofMainInstance()
}
