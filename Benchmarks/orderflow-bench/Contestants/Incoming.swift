internal import AMQP
internal import OrderCore
internal import OrderMessages
internal import OrderStore
internal import TradingDay

/// A message with what it turned out to be.
struct Incoming: Sendable {
    let raw: OrderMessages.RawMessage
    let result: Result<[Message], DecodeFailure>

    /// What the store keeps of it.
    private var stored: OrderStore.RawMessage {
        OrderStore.RawMessage(
            queue: raw.queue, type: raw.type ?? "", headers: ["type": raw.contentType ?? ""], body: raw.body)
    }

    func record(of message: Message) -> MessageRecord {
        MessageRecord(identity: message.identity, orderNumber: message.payload.orderNumbers.first, message: stored)
    }

    func parked(_ message: Message, _ waitsFor: String, _ now: Timestamp) -> ParkedRecord {
        ParkedRecord(
            identity: message.identity, orderNumber: message.payload.orderNumbers.first, waitsFor: waitsFor,
            message: stored, receivedAt: now, deadline: now.adding(seconds: Decider.parkedTooLongSeconds))
    }

    func dead(_ failure: DecodeFailure) -> DeadRecord {
        var record = DeadRecord(
            identity: failure.identity, message: stored, bodyHash: failure.bodyHash, reason: failure.description,
            fingerprint: failure.fingerprint)
        record.orderNumber = failure.orderNumber
        return record
    }
}

extension LoadRequest {
    /// What messages name: what is to be locked and read for them.
    init(_ incoming: [Incoming]) {
        self.init()
        var arrived: Set<MessageIdentity> = []
        func arrive(_ identity: MessageIdentity, _ hash: ContentHash) {
            guard arrived.insert(identity).inserted else { return }
            arrivals.append(.init(identity: identity, contentHash: hash))
        }
        for incoming in incoming {
            switch incoming.result {
            case .success(let messages):
                for message in messages {
                    arrive(message.identity, message.contentHash)
                    name(message)
                }
            case .failure(let failure): if let identity = failure.identity { arrive(identity, failure.bodyHash) }
            }
        }
    }

    private mutating func name(_ message: Message) {
        if let key = message.businessKey { businessKeys.insert(key) }
        let numbers = message.payload.orderNumbers
        switch message.payload {
        case .orderPlaced(let placed):
            placed.lines.forEach { skus.insert($0.sku) }
            self.placed.formUnion(numbers)
        case .fulfilment(let report):
            orders.formUnion(numbers)
            // Only what leaves changes stock.
            if report.kind == .shipped { stockOfFulfilments.formUnion(numbers) }
        default: orders.formUnion(numbers)
        }
    }
}

extension OrderMessages.RawMessage {
    init(_ delivery: Delivery) {
        self.init(delivery.queue, delivery.properties, delivery.body)
    }

    init(_ message: OutsideMessage) {
        self.init(message.queue, message.properties, message.body)
    }

    private init(_ queue: String, _ properties: MessageProperties, _ body: [UInt8]) {
        var headers: [String: String] = [:]
        for (name, value) in properties.headers {
            if case .string(let text) = value { headers[name] = text }
        }
        self.init(
            queue: queue, body: body, contentType: properties.contentType, messageID: properties.messageID,
            appID: properties.appID, type: properties.type, headers: headers)
    }
}
