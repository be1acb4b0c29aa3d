/// The properties of a message (AMQP 0-9-1 `basic` class).
public struct MessageProperties: Sendable, Equatable {
    /// MIME type of the body.
    public var contentType: String?
    /// Encoding of the body, such as `gzip`.
    public var contentEncoding: String?
    /// The application's identity of the message; returns are matched to confirms by it.
    public var messageID: String?
    /// The application that sent it.
    public var appID: String?
    /// The application's name of the kind of message.
    public var type: String?
    /// When it was sent, seconds since 1970.
    public var timestamp: UInt64?
    /// The message that this one belongs to.
    public var correlationID: String?
    /// Where to answer.
    public var replyTo: String?
    /// The broker user who sent it; the broker refuses a publish in which this is not true.
    public var userID: String?
    /// Whether it survives a restart of the broker.
    public var isPersistent: Bool
    /// Further headers; empty when there are none.
    public var headers: [String: AMQPValue]

    /// Makes properties; what is not named is not sent.
    public init(
        contentType: String? = nil,
        contentEncoding: String? = nil,
        messageID: String? = nil,
        appID: String? = nil,
        type: String? = nil,
        timestamp: UInt64? = nil,
        correlationID: String? = nil,
        replyTo: String? = nil,
        userID: String? = nil,
        isPersistent: Bool = true,
        headers: [String: AMQPValue] = [:]
    ) {
        self.contentType = contentType
        self.contentEncoding = contentEncoding
        self.messageID = messageID
        self.appID = appID
        self.type = type
        self.timestamp = timestamp
        self.correlationID = correlationID
        self.replyTo = replyTo
        self.userID = userID
        self.isPersistent = isPersistent
        self.headers = headers
    }
}
