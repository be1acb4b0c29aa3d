internal import OrderCore
internal import OrderMessages
internal import OrderStore
internal import Postgres

/// A transaction as simple as can be: loads what its messages name, decides, writes and commits; once more when another
/// stood in its way. The usual worker gives it one message at a time, the limit of the database two hundred.
final class Transaction {
    /// An event that is committed, to be published.
    struct Committed {
        var key: OutboxKey
        var envelope: EventEnvelope
        var data: [UInt8]
    }

    let store: Store
    private let lane: Int64
    private let decoder = MessageDecoder()
    var clock: PhaseClock?

    init(_ database: PostgresConfiguration) throws {
        store = try Store(connection: try PostgresConnection(database))
        lane = try store.takeLaneNumber(instance: "bench")
    }

    func decode(_ raw: OrderMessages.RawMessage) -> Incoming {
        Incoming(raw: raw, result: decoder.decode(raw, receivedAt: .epoch, sender: .system).result)
    }

    /// Commits, and deletes outbox rows that are confirmed.
    func commit(_ incoming: [Incoming], confirmed: [OutboxKey]) throws -> [Committed] {
        var tries = 0
        while true {
            do throws(StoreError) {
                return try attempt(incoming, confirmed)
            } catch {
                try store.rollback()
                tries += 1
                guard tries < 20, error.policy == .retryBatch || error.policy == .lockTimeout else { throw error }
            }
        }
    }

    private func attempt(_ incoming: [Incoming], _ confirmed: [OutboxKey]) throws(StoreError) -> [Committed] {
        clock?.start()
        var loaded = try store.load(LoadRequest(incoming))
        clock?.lap(.load)
        var decider = Decider(workingSet(&loaded), now: loaded.now)
        var seen = Set(loaded.seen.keys)
        var parked: [MessageIdentity: ParkedRecord] = [:]
        var order: [MessageIdentity] = []
        var records: [MessageRecord] = []
        var dead: [DeadRecord] = []
        for incoming in incoming {
            switch incoming.result {
            case .success(let messages):
                for var message in messages where seen.insert(message.identity).inserted {
                    message.receivedAt = loaded.now
                    if case .parked(let waitsFor) = decider.decide(message) {
                        parked[message.identity] = incoming.parked(message, waitsFor, loaded.now)
                        order.append(message.identity)
                    }
                    records.append(incoming.record(of: message))
                }
            case .failure(let failure):
                if let identity = failure.identity {
                    guard seen.insert(identity).inserted else { continue }
                    decider.note(.dead(failure.description), of: identity)
                }
                dead.append(incoming.dead(failure))
            }
        }
        decider.finish()
        var write = BatchWrite(workingSet: decider.set, changes: decider.changes, owner: lane)
        write.confirmed = confirmed
        write.messages = records
        // Without those that a later message of the same batch let through.
        let waiting = Set(decider.changes.parked.map(\.message.identity))
        write.parked = order.filter(waiting.contains).compactMap { parked[$0] }
        write.dead = dead
        write.events = decider.changes.events.map { EventRecord(event: $0, data: EventEncoder.data(of: $0)) }
        clock?.lap(.decide)
        let result = try store.write(write)
        clock?.lap(.write)
        return committed(write, result, at: loaded.now)
    }

    /// The working set with the parked facts of its orders decoded again.
    private func workingSet(_ loaded: inout LoadedBatch) -> WorkingSet {
        var set = loaded.takeWorkingSet()
        for record in loaded.parked {
            let raw = OrderMessages.RawMessage(
                queue: record.message.queue, body: record.message.body, contentType: record.message.headers["type"])
            guard let number = record.orderNumber,
                case .success(let messages) = decoder.decode(raw, receivedAt: record.receivedAt, sender: .system).result,
                let message = messages.first(where: { $0.identity == record.identity })
            else { continue }
            set.orders[number]?.parked.append(Parked(message: message, waitsFor: record.waitsFor, isNew: false))
        }
        return set
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
