internal import AMQP
internal import OrderCore
internal import OrderMessages
internal import OrderStore

/// A message of a batch, with what it came as.
struct PlannedMessage {
    var message: Message
    /// As it came.
    var raw: OrderMessages.RawMessage
    var type: String?
    var context: EnvelopeContext
    var origin = Origin.queue
    /// What it names a parcel by, where it names no order.
    var parcel: ParcelName?

    /// Where it comes from.
    enum Origin {
        /// Through the inbox.
        case queue
        /// It was claimed of the parked facts.
        case parked(since: Timestamp, isReplayed: Bool)
        /// Another part of a message that waited whole, under its claimed part. It goes through the inbox; of a message that
        /// is replayed it may be dead there.
        case sibling(of: MessageIdentity, isReplayed: Bool)
    }

    var isParked: Bool { if case .parked = origin { true } else { false } }
}

/// What a batch is about, worked out before the database is asked: its messages, and what they name.
struct BatchPlan {
    /// In order of arrival.
    private(set) var messages: [PlannedMessage] = []
    /// Wrong for good, with what could be read of them.
    private(set) var failures: [(incoming: Incoming, failure: DecodeFailure)] = []
    /// Parked, and still wrong after a replay.
    private(set) var hopeless: [(record: ParkedRecord, failure: DecodeFailure)] = []
    /// Given up by the broker.
    private(set) var deadLettered: [Incoming] = []
    /// What the database is asked for.
    var request = LoadRequest()
    /// Parcels that are named without an order.
    private(set) var parcels: Set<ParcelName> = []
    /// Parcels in which several orders travel.
    private(set) var shared: Set<String> = []
    /// What orders share that wait to go out together.
    private(set) var mergeKeys: Set<String> = []
    private var planned: Set<MessageIdentity> = []
    /// Markers that came back through the payments queue.
    private(set) var markers: [Int64] = []

    init() {}

    /// - Parameter leavesFacts: facts that wait are left to the sweep: it wakes only what it names itself.
    init(_ items: some Sequence<WorkItem>, _ reader: MessageReader, leavesFacts: Bool = false) {
        request.leavesFacts = leavesFacts
        for item in items {
            switch item {
            case .delivery(let incoming): plan(incoming)
            case .timer(let claimed): plan(claimed)
            case .fact(let record): plan(record, reader)
            }
        }
    }

    private mutating func plan(_ claimed: ClaimedTimer) {
        switch claimed.timer.kind {
        case .merge: mergeKeys.insert(claimed.timer.reference)
        case .amendParcel, .handOverInDoubt:
            if Fulfilment.isMerged(claimed.timer.reference) { shared.insert(claimed.timer.reference) }
        default: break
        }
        request.claimed.append(claimed)
        name(claimed.timer.orderNumber)
        if claimed.timer.kind == .stockChanged, let key = StockKey(subject: claimed.timer.reference) {
            request.stock.insert(key)
        }
        if claimed.timer.kind == .giveOut { request.skus.insert(claimed.timer.reference) }
        if [.revalidate, .sourceAgain].contains(claimed.timer.kind), let number = claimed.timer.orderNumber {
            request.stockOfLines.insert(number)
        }
    }

    /// A parked fact is planned like a message that arrives, but has its inbox row. Of a message that waits whole all parts
    /// are.
    private mutating func plan(_ record: ParkedRecord, _ reader: MessageReader) {
        request.facts.append(record.identity)
        let raw = OrderMessages.RawMessage(record.message)
        let decoded = reader.read(raw, receivedAt: record.receivedAt)
        guard case .success(let parts) = decoded.result else {
            if case .failure(let failure) = decoded.result { hopeless.append((record, failure)) }
            return
        }
        if record.identity.part > 0, !record.isWhole {
            guard let part = reader.part(of: parts, record) else { return }
            return add(
                PlannedMessage(
                    message: part, raw: raw, type: decoded.type, context: decoded.context,
                    origin: .parked(since: record.receivedAt, isReplayed: record.isReplayed)))
        }
        for var message in parts {
            let parcel = message.parcel
            var origin = PlannedMessage.Origin.sibling(of: record.identity, isReplayed: record.isReplayed)
            if message.identity == record.identity {
                origin = .parked(since: record.receivedAt, isReplayed: record.isReplayed)
                if let number = record.orderNumber { message.payload.name(order: number) }
            } else if !record.isWhole {
                continue
            }
            add(
                PlannedMessage(
                    message: message, raw: raw, type: decoded.type, context: decoded.context, origin: origin,
                    parcel: parcel))
        }
    }

    private mutating func plan(_ incoming: Incoming) {
        if let marker = incoming.marker {
            markers.append(marker)
            return
        }
        if incoming.isDeadLettered {
            deadLettered.append(incoming)
            if case .success(let messages) = incoming.decoded.result {
                for message in messages { arrive(message.identity, message.contentHash) }
            }
            return
        }
        // It is refused to the dead-letter queue, and recorded when it comes from there.
        if incoming.delivery.oversize != nil { return }
        switch incoming.decoded.result {
        case .success(let decoded):
            let raw = OrderMessages.RawMessage(incoming.delivery, queue: incoming.queue)
            for message in decoded {
                add(
                    PlannedMessage(
                        message: message, raw: raw, type: incoming.decoded.type, context: incoming.decoded.context,
                        parcel: message.parcel))
            }
        case .failure(let failure):
            failures.append((incoming, failure))
            if let identity = failure.identity { arrive(identity, failure.bodyHash) }
        }
    }

    /// Adds a message, and what it names.
    mutating func add(_ planned: PlannedMessage) {
        messages.append(planned)
        let message = planned.message
        if !planned.isParked { arrive(message.identity, message.contentHash) }
        if let key = message.businessKey { request.businessKeys.insert(key) }
        for number in message.payload.orderNumbers { name(number, of: message.payload) }
        switch message.payload {
        case .orderPlaced(let placed): request.skus.formUnion(placed.lines.map(\.sku))
        case .stock(let report): request.stock.insert(report.key)
        case .reference(.product(let product)): request.skus.insert(product.sku)
        // What was produced is put into parcels.
        case .productionDone(let done): request.productsOfLines.insert(done.orderNumber)
        case .command(let command):
            request.stockOfLines.insert(command.orderNumber)
            if case .editLines(let edits) = command.action { request.skus.formUnion(edits.compactMap(\.sku)) }
            if case .merge(let others) = command.action { request.productsOfLines.formUnion(others) }
        case .fulfilment(let report):
            // Goods may have left a warehouse that our plan does not know of.
            if report.kind == .shipped, report.fulfilment == nil, let number = report.orderNumber {
                request.stockOfLines.insert(number)
            }
        default: break
        }
        // Which orders it is about has to be known first.
        guard message.identity.part == 0 else { return }
        if let parcel = message.sharedParcel { shared.insert(parcel) }
        if let parcel = planned.parcel { parcels.insert(parcel) }
    }

    /// Gives their orders to what names a parcel alone, or one in which several travel: a message an order.
    mutating func resolve(_ found: FoundOrders) {
        let planned = messages
        messages = []
        for whole in planned {
            guard let orders = found.orders(of: whole) else {
                messages.append(whole)
                continue
            }
            for part in whole.message.parts(for: orders) {
                var one = whole
                one.message = part
                if part.identity.part == 0 {
                    messages.append(one)
                    for number in part.payload.orderNumbers { name(number, of: part.payload) }
                } else {
                    if case .parked(_, let isReplayed) = whole.origin {
                        one.origin = .sibling(of: whole.message.identity, isReplayed: isReplayed)
                    }
                    add(one)
                }
            }
        }
        for index in request.claimed.indices {
            let timer = request.claimed[index].timer
            let orders = timer.kind == .merge ? found.sharing[timer.reference] : found.travelling[timer.reference]
            let others = (orders ?? []).filter { $0 != timer.orderNumber }
            request.claimed[index].timer.others = others
            for number in others { name(number) }
            // What one parcel may hold is a matter of what the goods measure.
            if timer.kind == .merge {
                request.productsOfLines.formUnion(others + [timer.orderNumber].compactMap { $0 })
            }
        }
    }

    private mutating func name(_ number: String?, of payload: Payload? = nil) {
        guard let number, !number.isEmpty else { return }
        if case .orderPlaced = payload {
            request.placed.insert(number)
        } else {
            request.orders.insert(number)
        }
        if payload?.touchesStock ?? true { request.stockOfFulfilments.insert(number) }
    }

    /// Locks the stock of every order named, for a batch that met stock which it had not.
    mutating func lockAllStock() {
        request.stockOfFulfilments.formUnion(request.orders)
    }

    /// Takes a message into the inbox without naming anything else of it.
    mutating func takeIn(_ incoming: Incoming, parts: Int = .max) {
        switch incoming.decoded.result {
        case .success(let messages):
            for message in messages.prefix(parts) { arrive(message.identity, message.contentHash) }
        case .failure(let failure): if let identity = failure.identity { arrive(identity, failure.bodyHash) }
        }
    }

    /// Claims a parked fact without naming anything else of it.
    mutating func claim(_ record: ParkedRecord) { request.facts.append(record.identity) }

    /// Takes a due row without naming its order.
    mutating func claim(_ claimed: ClaimedTimer) { request.claimed.append(claimed) }

    private mutating func arrive(_ identity: MessageIdentity, _ hash: ContentHash) {
        guard planned.insert(identity).inserted else { return }
        request.arrivals.append(.init(identity: identity, contentHash: hash))
    }
}
