/// Where a broker is and who we are there: an `amqp://` or `amqps://` URI, read.
///
/// `amqps://user:password@host:5671/vhost?heartbeat=10&cacertfile=/etc/ca.pem&verify=verify_peer`, after the RabbitMQ
/// URI specification: parts are percent-encoded, so the vhost `/` is written `%2F`; without a path it is `/`.
public struct AMQPURL: Sendable, Equatable {
    /// Whether the connection is encrypted (`amqps`).
    public var usesTLS: Bool
    /// Host name or address. TLS checks the certificate against it, so it must be a name there.
    public var host: String
    /// Port; 5672, or 5671 with TLS, when the URI names none.
    public var port: Int
    /// User; `guest` when the URI names none.
    public var user: String
    /// Password, never printed; `guest` when the URI names no user.
    public var password: String
    /// Virtual host.
    public var vhost: String
    /// Heartbeat in seconds that the URI asks for, 0 for none at all, nil where it says nothing.
    public var heartbeatSeconds: Int?
    /// PEM file of the authorities to trust (`cacertfile`); nil means those of the system.
    public var certificateAuthorityFile: String?
    /// Whether certificate and host name are verified (`verify=verify_none` switches that off).
    public var verifiesPeer: Bool

    /// Reads a URI. Throws ``AMQPError/Code/invalidURL`` with what to mend; the text never has the password in it.
    public init(_ text: String) throws(AMQPError) {
        self = try AMQPURLParser.parse(text)
    }

    init(usesTLS: Bool, host: String, port: Int, user: String, password: String, vhost: String) {
        self.usesTLS = usesTLS
        self.host = host
        self.port = port
        self.user = user
        self.password = password
        self.vhost = vhost
        self.heartbeatSeconds = nil
        self.certificateAuthorityFile = nil
        self.verifiesPeer = true
    }
}

extension AMQPURL: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The URI without its password and query.
    public var description: String {
        let shownHost = host.contains(":") ? "[\(host)]" : host
        return "\(usesTLS ? "amqps" : "amqp")://\(user)@\(shownHost):\(port)/\(PercentCoding.encode(vhost))"
    }

    /// As ``description``: a debugger or a log must not see the password either.
    public var debugDescription: String { description }

    /// Shows no parts, so that `dump` and interpolation keep the password to themselves.
    public var customMirror: Mirror { Mirror(self, children: ["url": description]) }
}
