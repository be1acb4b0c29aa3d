internal import AMQP
internal import OrderCore
internal import OrderMessages
internal import OrderStore
internal import Postgres

/// One message in one transaction.
final class OneMessage {
    /// An event that is committed, to be published.
    struct Committed {
        var key: OutboxKey
        var envelope: EventEnvelope
        var data: [UInt8]
    }

    let store: Store
    private let lane: Int64
    private let decoder = MessageDecoder()

    init(_ database: PostgresConfiguration) throws {
        store = try Store(connection: try PostgresConnection(database))
        lane = try store.takeLaneNumber(instance: "usual")
    }

    /// Decides, writes and commits; again when another stood in its way.
    func commit(_ delivery: Delivery, confirmed: [OutboxKey]) throws -> [Committed] {
        let raw = RawMessage(delivery)
        guard case .success(let messages) = decoder.decode(raw, receivedAt: .epoch, sender: .system).result else {
            throw BenchFailure("a message of the benchmark can't be read")
        }
        var tries = 0
        while true {
            do throws(StoreError) {
                return try attempt(messages, raw, confirmed)
            } catch {
                try store.rollback()
                tries += 1
                guard tries < 20, error.policy == .retryBatch || error.policy == .lockTimeout else { throw error }
            }
        }
    }

    private func attempt(
        _ messages: [Message], _ raw: OrderMessages.RawMessage, _ confirmed: [OutboxKey]
    ) throws(StoreError) -> [Committed] {
        let loaded = try store.load(request(for: messages))
        var decider = Decider(loaded.workingSet, now: loaded.now)
        for message in messages where loaded.seen[message.identity] == nil {
            var message = message
            message.receivedAt = loaded.now
            let outcome = decider.decide(message)
            if case .parked = outcome { throw .misuse("a message of the benchmark came before its time") }
        }
        decider.finish()
        var write = BatchWrite(workingSet: decider.set, changes: decider.changes, owner: lane)
        write.confirmed = confirmed
        write.messages = messages.map { message in
            MessageRecord(
                identity: message.identity, orderNumber: message.payload.orderNumbers.first,
                message: OrderStore.RawMessage(
                    queue: raw.queue, type: raw.type ?? "", headers: raw.headers, body: raw.body))
        }
        write.events = decider.changes.events.map { EventRecord(event: $0, data: EventEncoder.data(of: $0)) }
        return committed(write, try store.write(write), at: loaded.now)
    }

    private func request(for messages: [Message]) -> LoadRequest {
        var request = LoadRequest()
        for message in messages {
            request.arrivals.append(.init(identity: message.identity, contentHash: message.contentHash))
            if let key = message.businessKey { request.businessKeys.insert(key) }
            let numbers = message.payload.orderNumbers
            request.stockOfFulfilments.formUnion(numbers)
            if case .orderPlaced(let placed) = message.payload {
                request.placed.formUnion(numbers)
                request.skus.formUnion(placed.lines.map(\.sku))
            } else {
                request.orders.formUnion(numbers)
            }
        }
        return request
    }

    private func committed(_ write: BatchWrite, _ result: WriteResult, at now: Timestamp) -> [Committed] {
        zip(result.eventIDs, write.events).flatMap { id, record in
            let event = record.event
            return event.deliveries.map { delivery in
                Committed(
                    key: OutboxKey(
                        stream: OutboxStream(subject: event.subject.text, receiver: delivery.receiver),
                        number: delivery.number, eventID: id),
                    envelope: EventEnvelope(
                        epoch: 1, receiver: delivery.receiver, name: event.payload.name, subject: event.subject.text,
                        number: delivery.number, time: now, cause: event.cause, uniqueID: String(id)),
                    data: record.data)
            }
        }
    }
}

extension Timestamp {
    fileprivate static let epoch = Timestamp(microseconds: 0)
}

extension OrderMessages.RawMessage {
    fileprivate init(_ delivery: Delivery) {
        var headers: [String: String] = [:]
        for (name, value) in delivery.properties.headers {
            if case .string(let text) = value { headers[name] = text }
        }
        self.init(
            queue: delivery.queue, body: delivery.body, contentType: delivery.properties.contentType,
            messageID: delivery.properties.messageID, appID: delivery.properties.appID,
            type: delivery.properties.type, headers: headers)
    }
}
