import OrderStore
import Postgres

@testable import OrderCore

extension Timestamp {
    static let noon = Timestamp(microseconds: 1_790_000_000_123_456)
}

extension MessageIdentity {
    static func test(_ id: String) -> MessageIdentity { MessageIdentity(source: "/test", id: id) }
}

extension ContentHash {
    static func test(_ value: UInt64) -> ContentHash { ContentHash(high: value, low: ~value) }
}

extension Currency {
    static let cny = Currency(code: "CNY") ?? .none
}

extension OrderPlaced {
    /// An order of so many lines, each of one unit at 100.
    static func test(_ number: String, skus: [String], term: PaymentTerm = .prepaid) -> OrderPlaced {
        var placed = OrderPlaced(
            orderNumber: number, kind: .internal, placedAt: .noon, currency: .cny, paymentTerm: term)
        placed.lines = skus.enumerated().map { index, sku in
            Line(number: Int64(index + 1), sku: sku, quantity: 1, unitPrice: 100)
        }
        placed.receiver.name = "王小明 \"O'Neil\" \\ 😀"
        placed.receiver.phone = "+86 138 0000 0000"
        placed.receiver.city = "上海"
        placed.receiver.address = "1 Road\n2nd floor"
        placed.claimedPayable = Int64(skus.count) * 100
        return placed
    }
}

extension Message {
    static func test(
        _ id: String, _ payload: Payload, businessKey: String? = nil, sender: Sender = .system, hash: UInt64? = nil
    ) -> Message {
        Message(
            identity: .test(id), receivedAt: .noon,
            contentHash: .test(hash ?? UInt64(truncatingIfNeeded: id.hashValue)),
            payload: payload, businessKey: businessKey, sender: sender)
    }
}

extension Store {
    /// The rows of a lane that are not confirmed, in the order in which they go out.
    func unconfirmed(of owner: Int64) throws -> [OutboxRow] {
        try connection.query(
            """
            SELECT subject, receiver, number, event_id, event_day FROM outbox WHERE owner = \(owner)
            ORDER BY subject, receiver, number, event_id
            """
        ).map { row in
            let stream = OutboxStream(subject: try row.text(0), receiver: try row.text(1))
            let key = OutboxKey(stream: stream, number: try row.int64(2), eventID: try row.int64(3))
            return OutboxRow(key: key, eventDay: try row.date(4))
        }
    }

    /// Runs messages through both flights and the decider, as a lane does.
    @discardableResult
    func run(
        _ messages: [Message], owner: Int64 = 1, by rules: [Rule] = [],
        shares: [StockShare] = [], _ adjust: (inout BatchWrite) -> Void = { _ in }
    ) throws -> (loaded: LoadedBatch, changes: Changes, result: WriteResult) {
        var written = RuleSet(label: "v1")
        (written.rules, written.shares) = (rules, shares)
        return try run(messages, owner: owner, following: written, adjust)
    }

    /// The same by a whole set of rules.
    @discardableResult
    func run(
        _ messages: [Message], owner: Int64 = 1, following written: RuleSet,
        _ adjust: (inout BatchWrite) -> Void = { _ in }
    ) throws -> (loaded: LoadedBatch, changes: Changes, result: WriteResult) {
        var request = LoadRequest.test(messages)
        request.skus.formUnion(RuleBook(written).gifts.map(\.gift.sku))
        var loaded = try load(request)
        if !written.shares.isEmpty {
            loaded.workingSet.reservedBy = try reservedBySeller(Set(loaded.workingSet.stock.keys.map(\.sku)))
        }
        loaded.workingSet.reference.rules = RuleBook(written)
        var decider = Decider(loaded.workingSet, now: loaded.now)
        for message in messages where loaded.seen[message.identity] == nil { decider.decide(message) }
        decider.finish()
        var batch = BatchWrite(workingSet: decider.set, changes: decider.changes, owner: owner)
        batch.events = decider.changes.events.map { EventRecord(event: $0, data: Array("{}".utf8)) }
        batch.messages = messages.map {
            MessageRecord(
                identity: $0.identity, orderNumber: $0.payload.orderNumbers.first,
                message: RawMessage(queue: "q", type: "t", headers: ["a": "b"], body: Array("{\"id\":1}".utf8)))
        }
        batch.parked = decider.changes.parked.map {
            ParkedRecord(
                identity: $0.message.identity, orderNumber: $0.message.payload.orderNumbers.first,
                waitsFor: $0.waitsFor,
                message: RawMessage(queue: "q", type: "t", headers: [:], body: []), receivedAt: .noon,
                deadline: .noon)
        }
        adjust(&batch)
        return (loaded, decider.changes, try write(batch))
    }
}

extension LoadRequest {
    /// All that these messages may need.
    static func test(_ messages: [Message]) -> LoadRequest {
        var request = LoadRequest()
        for message in messages {
            request.arrivals.append(Arrival(identity: message.identity, contentHash: message.contentHash))
            if let key = message.businessKey { request.businessKeys.insert(key) }
            switch message.payload {
            case .orderPlaced(let placed):
                request.placed.insert(placed.orderNumber)
                request.skus.formUnion(placed.lines.map(\.sku))
            case .stock(let report): request.stock.insert(report.key)
            case .reference(.product(let product)): request.skus.insert(product.sku)
            default:
                let numbers = message.payload.orderNumbers
                request.orders.formUnion(numbers)
                request.stockOfFulfilments.formUnion(numbers)
                request.stockOfLines.formUnion(numbers)
            }
        }
        return request
    }
}

/// A shop with products and stock, so that orders can be placed.
enum Shop {
    static func messages(skus: [String], onHand: Int64) -> [Message] {
        var messages: [Message] = [
            .test("channel", .reference(.seller(Seller(.internal, code: "SHOP")))),
            .test("warehouse", .reference(.warehouse(Warehouse(code: "WH1")))),
        ]
        for sku in skus {
            messages.append(.test("product \(sku)", .reference(.product(Product(sku: sku)))))
            let report = StockReport(
                kind: .received, key: StockKey(sku: sku, warehouse: "WH1"), quantity: onHand, document: "D-\(sku)",
                occurredAt: .noon)
            messages.append(.test("stock \(sku)", .stock(report)))
        }
        return messages
    }

    static func placed(_ number: String, skus: [String], term: PaymentTerm = .prepaid) -> Message {
        .test("placed \(number)", .orderPlaced(.test(number, skus: skus, term: term)), businessKey: "order \(number)")
    }
}
