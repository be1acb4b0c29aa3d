/// A message as it came out of a queue: the body, and what the broker's properties say about it.
public struct RawMessage: Sendable {
    /// The queue it came from; of a dead-letter queue the one before it.
    public var queue: String
    /// The body.
    public var body: [UInt8]
    /// `content_type`
    public var contentType: String?
    /// `message_id`
    public var messageID: String?
    /// `app_id`
    public var appID: String?
    /// `type`
    public var type: String?
    /// `timestamp`: seconds since the Unix epoch.
    public var timestamp: Int64?
    /// `user_id`, vouched for by the broker.
    public var userID: String?
    /// Headers that are texts, or can be written as one.
    public var headers: [String: String]

    /// Makes a message of its parts.
    public init(
        queue: String, body: [UInt8], contentType: String? = nil, messageID: String? = nil, appID: String? = nil,
        type: String? = nil, timestamp: Int64? = nil, userID: String? = nil, headers: [String: String] = [:]
    ) {
        self.queue = queue
        self.body = body
        self.contentType = contentType
        self.messageID = messageID
        self.appID = appID
        self.type = type
        self.timestamp = timestamp
        self.userID = userID
        self.headers = headers
    }
}
