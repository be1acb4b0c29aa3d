internal import OrderMessages
internal import OrderStore

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
        self.init(queue: raw.queue, type: type ?? raw.type ?? "", headers: headers, body: raw.body)
    }
}

extension OrderMessages.RawMessage {
    init(_ stored: OrderStore.RawMessage) {
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
