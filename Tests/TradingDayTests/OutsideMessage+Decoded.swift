import AMQP
import OrderCore
import OrderMessages
import TradingDay

extension OutsideMessage {
    /// The message as our decoder reads it.
    var decoded: Decoded {
        var headers: [String: String] = [:]
        for (name, value) in properties.headers {
            if case .string(let text) = value { headers[name] = text }
        }
        let raw = RawMessage(
            queue: queue, body: body, contentType: properties.contentType, messageID: properties.messageID,
            appID: properties.appID, type: properties.type, timestamp: properties.timestamp.map { Int64($0) },
            headers: headers)
        return MessageDecoder().decode(raw, receivedAt: Timestamp(microseconds: 0), sender: .stranger)
    }
}
