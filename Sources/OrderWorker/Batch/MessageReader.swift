internal import OrderCore
internal import OrderMessages
internal import OrderStore

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

    /// The part of a message that waits, out of what it was read as again: also one that became a message of its own when it
    /// was known which orders travel together.
    func part(of parts: [Message], _ record: ParkedRecord) -> Message? {
        if let part = parts.first(where: { $0.identity == record.identity }) { return part }
        guard parts.count == 1, let order = record.orderNumber else { return nil }
        return parts[0].part(record.identity.part, for: order)
    }
}
