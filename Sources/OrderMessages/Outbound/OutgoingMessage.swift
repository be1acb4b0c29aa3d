/// A message as it is handed to the broker; it is published persistent.
public struct OutgoingMessage: Hashable, Sendable {
    /// `<receiver>.<type without version>`
    public var routingKey: String
    /// `content_type`
    public var contentType: String
    /// `message_id`: the event's id.
    public var messageID: String
    /// `app_id`
    public var appID: String
    /// `type`
    public var type: String
    /// `timestamp`: seconds since the Unix epoch.
    public var timestamp: Int64
    /// Empty in structured mode.
    public var headers: [String: String]
    /// The body.
    public var body: [UInt8]
}
