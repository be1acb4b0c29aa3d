/// The bounds of a connection.
public struct ConnectionOptions: Sendable {
    /// Heartbeat that we ask for in seconds; the broker may ask for a shorter one, the URI overrides it.
    public var heartbeatSeconds = 10
    /// Longest wait for the broker's answer to a declaration, a consume or a cancel.
    public var rpcTimeout: Duration = .seconds(10)
    /// Longest wait for a broker that takes no data.
    public var sendTimeout: Duration = .seconds(5)
    /// Largest body that is kept whole, in bytes.
    public var maxBodyBytes = 1024 * 1024
    /// How much of a larger body is kept, in bytes.
    public var oversizeKeptBytes = 64 * 1024
    /// Makes the digest for a body that is not kept whole.
    public var oversizeDigest: (@Sendable () -> any BodyDigest)?
    /// How much may be published and unconfirmed.
    public var window = PublishWindow()

    /// The defaults.
    public init() {}
}
