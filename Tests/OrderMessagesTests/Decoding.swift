@testable import OrderCore
@testable import OrderMessages

/// Decodes bodies in one line, so that a test says only what matters.
enum Decoding {
    static let now = Timestamp(microseconds: 1_795_224_600_000_000)

    static func decode(
        _ type: String, _ data: String, queue: String? = nil, id: String = "m-1", source: String = "shop"
    ) -> Decoded {
        let queue = queue ?? InboundType.byName[String(type.dropLast(3))]?.queues[0] ?? "orders.internal"
        let raw = RawMessage(
            queue: queue, body: Array(data.utf8), contentType: "application/json", messageID: id, appID: source,
            type: type, timestamp: 1_795_224_000)
        return MessageDecoder().decode(raw, receivedAt: now, sender: .system)
    }

    static func messages(_ type: String, _ data: String, queue: String? = nil) throws -> [Message] {
        try decode(type, data, queue: queue).result.get()
    }

    static func failure(_ type: String, _ data: String, queue: String? = nil) -> DecodeFailure? {
        if case .failure(let failure) = decode(type, data, queue: queue).result { failure } else { nil }
    }

    /// `path: text` of the failure.
    static func complaint(_ type: String, _ data: String) -> String? {
        failure(type, data)?.description
    }

    static func placed(_ data: String, queue: String = "orders.internal") -> OrderPlaced? {
        guard case .success(let messages) = decode("order.placed.v1", data, queue: queue).result,
            case .orderPlaced(let placed)? = messages.first?.payload
        else { return nil }
        return placed
    }

    /// `path: detail` of each defect.
    static func defects(_ data: String) -> [String]? {
        placed(data)?.defects.map { [$0.path, $0.detail].compactMap { $0 }.joined(separator: ": ") }
    }
}
