public import OrderMessages
public import OrderStore

// A message is kept as it came, so that it can be decoded again: the broker's properties stand among its headers, under
// names that no header of a sender has.
extension OrderStore.RawMessage {
    init(_ raw: OrderMessages.RawMessage, type: String?) {
        var headers = raw.headers
        headers[PropertyName.contentType] = raw.contentType
        headers[PropertyName.messageID] = raw.messageID
        headers[PropertyName.appID] = raw.appID
        headers[PropertyName.type] = raw.type
        headers[PropertyName.timestamp] = raw.timestamp.map { String($0) }
        headers[PropertyName.userID] = raw.userID
        if headers.contains(where: { $0.key.hasNul || $0.value.hasNul }) {
            headers = Dictionary(
                headers.map { ($0.key.storable, $0.value.storable) }, uniquingKeysWith: { first, _ in first })
        }
        self.init(queue: raw.queue, type: (type ?? raw.type ?? "").storable, headers: headers, body: raw.body)
    }
}

extension String {
    fileprivate var hasNul: Bool { utf8.contains(0) }

    /// As a table takes it: PostgreSQL has no text with the character NUL, which stands as U+FFFD. Whatever a sender's headers
    /// and properties say must not keep a message from being recorded.
    var storable: String {
        guard hasNul else { return self }
        return String(String.UnicodeScalarView(unicodeScalars.map { $0.value == 0 ? "\u{FFFD}" : $0 }))
    }
}

extension OrderMessages.RawMessage {
    /// A message that was kept, as it came.
    public init(_ stored: OrderStore.RawMessage) {
        var headers = stored.headers
        let contentType = headers.removeValue(forKey: PropertyName.contentType)
        let messageID = headers.removeValue(forKey: PropertyName.messageID)
        let appID = headers.removeValue(forKey: PropertyName.appID)
        let type = headers.removeValue(forKey: PropertyName.type)
        let timestamp = headers.removeValue(forKey: PropertyName.timestamp).flatMap { Int64($0) }
        let userID = headers.removeValue(forKey: PropertyName.userID)
        self.init(
            queue: stored.queue, body: stored.body, contentType: contentType, messageID: messageID, appID: appID,
            type: type, timestamp: timestamp, userID: userID, headers: headers)
    }
}

private enum PropertyName {
    static let contentType = "amqp:content_type"
    static let messageID = "amqp:message_id"
    static let appID = "amqp:app_id"
    static let type = "amqp:type"
    static let timestamp = "amqp:timestamp"
    static let userID = "amqp:user_id"
}
