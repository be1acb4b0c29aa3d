internal import AMQP
internal import OrderCore
internal import OrderMessages
internal import OrderStore

/// An event as it is kept until the broker has confirmed it: the data are shared by its receivers.
struct PendingEvent {
    let envelope: EventEnvelope
    let data: [UInt8]
}

/// What a lane has committed and not yet seen confirmed: in what order it goes out, and what the broker said.
struct LanePublisher: ~Copyable {
    typealias Row = PendingRow<PendingEvent>

    private var streams = OutboxStreams<PendingEvent>()
    private var underWay: [UInt64: Row] = [:]
    /// Confirmed, to be deleted with the next commit.
    private(set) var confirmed: [OutboxKey] = []
    /// Returned by the broker since it was last asked, by receiver.
    private var returned: [String: Int64] = [:]
    /// Rows that the broker did not take, to be set aside in the database.
    private(set) var setAside: [SetAside] = []
    /// Streams whose head is set aside: their rows wait in the database, those too that are yet to be committed.
    private var away: Set<OutboxStream> = []
    /// Streams of them whose head is confirmed: what waits behind it can be fetched.
    private(set) var returning: Set<OutboxStream> = []
    /// What has been published since it was last asked.
    private(set) var publishedCount = 0

    /// How long a stream may wait for another lane's row before it waits in the database.
    static let mostBlocked: Duration = .seconds(5)

    /// What may wait for its turn at a broker that takes publishes.
    private static let mostReady = 2_000

    /// Rows in memory that are not confirmed.
    var pendingCount: Int { streams.count }
    /// Streams whose head waits for another lane's row.
    var blocked: [OutboxStream] { streams.blocked }
    /// Nothing is left to publish, to hear of or to delete.
    var isIdle: Bool { streams.count == 0 && underWay.isEmpty && confirmed.isEmpty }
    /// More waits for its turn than the broker takes in a moment: time to let it, before more is committed.
    var isBehind: Bool { streams.readyCount > Self.mostReady }
    /// Something can be published now.
    var hasReady: Bool { streams.hasReady }

    /// Adds an event for one receiver whose transaction has committed.
    ///
    /// - Parameter head: the lowest unconfirmed number of its stream, of whatever lane.
    mutating func add(_ row: Row, head: Int64?) {
        guard !away.contains(row.key.stream) else { return }
        streams.add(row, isBlocked: isBlocked(row, by: head))
    }

    /// Adds a row that was set aside: it alone goes out, to see whether its receiver is back.
    mutating func probe(_ row: Row, head: Int64?) {
        guard !confirmed.contains(row.key), !streams.holds(row) else { return }
        // An alert that is under way is in no stream.
        if row.number == 0, underWay.values.contains(where: { $0.key == row.key }) { return }
        streams.add(row, isBlocked: isBlocked(row, by: head))
    }

    /// Adds a row of a lane that is gone. It stands before whatever of its stream was set aside here, or it would not have been
    /// taken over: it goes out though the stream waits in the database, and brings the rest when it is confirmed.
    mutating func adopt(_ row: Row, head: Int64?) {
        streams.add(row, isBlocked: isBlocked(row, by: head))
    }

    /// Adds what waited behind the heads that are confirmed; from now on the rows of these streams are kept here.
    mutating func restore(_ streams: Set<OutboxStream>, _ rows: [Row], heads: [OutboxStream: Int64]) {
        returning.subtract(streams)
        away.subtract(streams)
        for row in rows where !confirmed.contains(row.key) { add(row, head: heads[row.key.stream]) }
    }

    /// What stands before it may be confirmed and not deleted yet. Behind a confirmed row of this lane there may be
    /// another's that is not.
    private func isBlocked(_ row: Row, by lowest: Int64?) -> Bool {
        guard let lowest, lowest < row.number, !streams.holds(row) else { return false }
        var before = 0
        for key in confirmed where key.stream == row.key.stream && (lowest..<row.number).contains(key.number) {
            before += 1
        }
        return before < row.number - lowest
    }

    /// Publishes what the rule of order and the connection's window allow.
    mutating func publish(
        on connection: AMQPConnection, _ encoder: EventEncoder, exchange: String
    ) throws(AMQPError) {
        while connection.canPublish(bytes: 0) {
            var message: OutgoingMessage?
            let row = streams.next { row in
                let made = encoder.message(row.content.envelope, data: row.content.data)
                message = made
                // One over the bound goes alone.
                return connection.canPublish(bytes: made.body.count) || connection.unconfirmedCount == 0
            }
            guard let row, let message else { break }
            let tag = try connection.publish(
                exchange: exchange, routingKey: message.routingKey, properties: MessageProperties(message),
                body: message.body)
            underWay[tag] = row
            publishedCount += 1
        }
        try connection.flush()
    }

    /// What the broker says about one publish.
    mutating func settle(_ settlement: Settlement) {
        guard let row = underWay.removeValue(forKey: settlement.tag) else { return }
        switch settlement.outcome {
        case .confirmed:
            streams.confirmed(row)
            confirmed.append(row.key)
            if away.contains(row.key.stream) { returning.insert(row.key.stream) }
        case .returned:
            returned[row.key.stream.receiver, default: 0] += 1
            leave(row, .unroutable)
        case .rejected:
            leave(row, .notTaken)
        }
    }

    /// A receiver that is gone must not fill the memory that others need.
    private mutating func leave(_ row: Row, _ reason: SetAsideReason) {
        setAside.append(SetAside(row.key, reason))
        streams.leave(row)
        if row.number > 0 { away.insert(row.key.stream) }
    }

    /// Leaves to the database what waits for another lane's rows for long: those may be set aside.
    mutating func leaveBlocked(now: ContinuousClock.Instant) {
        for row in streams.blocked(before: now - Self.mostBlocked) { leave(row, .behind) }
    }

    /// The connection is gone: what was under way is unknown, and goes out again with the same id.
    mutating func connectionLost() {
        let rows = underWay.sorted { $0.key < $1.key }.map(\.value)
        underWay.removeAll()
        streams.resend(rows)
    }

    /// Lets streams go where no lower number is unconfirmed any more, of those that were asked about: one that waits only
    /// since then may wait for a row that is there.
    mutating func unblock(_ asked: [OutboxStream], heads: [OutboxStream: Int64]) {
        for stream in asked {
            guard let mine = streams.headNumber(of: stream) else { continue }
            if heads[stream].map({ $0 >= mine }) ?? true { streams.unblock(stream) }
        }
    }

    /// So many of what is confirmed, the first, have been deleted.
    mutating func deleted(_ count: Int) {
        confirmed.removeFirst(count)
    }

    /// What could not be routed since it was last asked, by receiver.
    mutating func takeReturned() -> [String: Int64] {
        defer { returned = [:] }
        return returned
    }

    /// These rows are set aside in the database; more may have come meanwhile.
    mutating func recordedSetAside(_ count: Int) { setAside.removeFirst(count) }

    /// Something is published and not settled.
    var hasUnderWay: Bool { !underWay.isEmpty }

    /// Forgets everything: whoever adopts the rows publishes them, those that were confirmed once more.
    mutating func forgetAll() {
        self = LanePublisher()
    }
}

extension PendingRow where Content == PendingEvent {
    /// A stored event, to be published again as it was: in the epoch of its number; an alert, which has none, in this one.
    convenience init(_ stored: StoredEvent, epoch: Int64) {
        let key = stored.row.key
        let number = EventNumber(stored: key.number)
        var context = EnvelopeContext()
        context.correlationID = stored.correlationID
        context.traceParent = stored.traceparent
        context.traceState = stored.tracestate
        let envelope = EventEnvelope(
            epoch: key.number == 0 ? epoch : number.epoch, receiver: key.stream.receiver,
            name: String(stored.type.dropLast(3)),
            subject: key.stream.subject, number: number.sequence, time: stored.createdAt, cause: stored.cause,
            context: context, uniqueID: String(key.eventID))
        self.init(key: key, content: PendingEvent(envelope: envelope, data: stored.data))
    }
}

extension MessageProperties {
    /// The properties of an event on the wire; it is persistent.
    init(_ message: OutgoingMessage) {
        self.init(
            contentType: message.contentType, messageID: message.messageID, appID: message.appID, type: message.type,
            timestamp: UInt64(clamping: message.timestamp), headers: message.headers.mapValues { .string($0) })
    }
}
