internal import OrderCore
internal import OrderMessages

/// Decodes messages, and says who is believed to speak in them.
struct MessageReader {
    let decoder = MessageDecoder()
    let authority: Authority

    func read(_ raw: OrderMessages.RawMessage, receivedAt: Timestamp = Timestamp(microseconds: 0)) -> Decoded {
        var decoded = decoder.decode(raw, receivedAt: receivedAt, sender: .stranger)
        if case .success(var messages) = decoded.result {
            for index in messages.indices {
                messages[index].sender = authority.sender(
                    queue: raw.queue, source: messages[index].identity.source, user: raw.userID)
            }
            decoded.result = .success(messages)
        }
        return decoded
    }
}
