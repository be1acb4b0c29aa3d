internal import FoundationEssentials

/// The ledger, read: business facts, each once however often and under whatever identity it was said.
struct Said {
    struct Identity: Hashable {
        var source: String
        var id: String
    }

    /// A fact of a payment gateway: `contract.md` names its business key.
    struct PaymentKey: Hashable {
        var gateway: String
        var transaction: String
        var kind: String
        var reference: String
    }

    struct StockKey: Hashable {
        var sku: String
        var warehouse: String
    }

    struct Parcel {
        var order: String?
        var fulfilment: String?
        var warehouse: String
        var lines: [(line: Int64, quantity: Int64)]
    }

    /// How often each message was said.
    private(set) var messages: [Identity: Int] = [:]
    /// Identities of which a conflict must tell: they were said with more than one content, of which one counts, or say
    /// something else than a fact that had its effect.
    private(set) var contradicted: Set<Identity> = []
    /// May be told of by a conflict, and need not.
    private(set) var crossing: Set<Identity> = []
    /// The orders that such messages name: how much of them was cancelled in the end, the order of arrival decides.
    private(set) var crossed: Set<String> = []
    /// Orders of which staff have sent money back, whatever was cancelled.
    private(set) var refundedByStaff: Set<String> = []
    /// What each order was placed with.
    private(set) var orders: [String: Placed] = [:]
    /// What else is payable for orders that were placed with several contents at once: one of them counts.
    private(set) var rivals: [String: Set<Int64>] = [:]
    /// Amounts by order, since one callback may settle several.
    private(set) var payments: [PaymentKey: [String: Int64]] = [:]
    private(set) var parcels: [String: Parcel] = [:]
    /// Requests to change a part that its warehouse has agreed to, by who said so.
    private(set) var changes: [String: Identity] = [:]
    private(set) var received: [StockKey: Int64] = [:]
    /// What the sender knows to be wrong for good.
    private(set) var poison: Set<Identity> = []
    /// Poison that names nobody, each content once.
    private(set) var nameless: Set<Data> = []
    /// Hostile input, each content once, with its identity where it has one.
    private(set) var hostile: [Data: Identity?] = [:]
    /// Nothing but receipts and parcels moves stock: then its sums are known to the unit.
    private(set) var isStockPlain = true
    /// The payment facts that name an order.
    private(set) var paymentKeys: [String: [PaymentKey]] = [:]

    private var disputed: Set<PaymentKey> = []
    private var documents: Set<String> = []
    private var bodies: [Identity: Data] = [:]

    init(_ ledger: Ledger) {
        let decoder = JSONDecoder()
        for entry in ledger.entries {
            let identity = Identity(source: entry.source, id: entry.id)
            let isNameless = entry.source.isEmpty || entry.id.isEmpty
            guard entry.fate != .kept else {
                hostile[entry.body] = .some(isNameless ? nil : identity)
                continue
            }
            guard !isNameless else {
                nameless.insert(entry.body)
                continue
            }
            messages[identity, default: 0] += 1
            if entry.fate == .crossing {
                crossing.insert(identity)
                let order = try? decoder.decode(Envelope.self, from: entry.body).data.orderNumber
                if let order { crossed.insert(order) }
            }
            if entry.fate == .conflict {
                contradicted.insert(identity)
                continue
            }
            if let before = bodies[identity] {
                guard before != entry.body else { continue }
                contradicted.insert(identity)
                guard let data = try? decoder.decode(Envelope.self, from: entry.body).data else { continue }
                if let number = data.orderNumber, let payable = data.amounts?.payableMinor {
                    rivals[number, default: []].insert(payable)
                }
                continue
            }
            bodies[identity] = entry.body
            guard entry.fate != .dead else {
                poison.insert(identity)
                continue
            }
            guard let envelope = try? decoder.decode(Envelope.self, from: entry.body) else { continue }
            take(envelope, entry.type, identity)
        }
    }

    private mutating func take(_ envelope: Envelope, _ type: String, _ identity: Identity) {
        let data = envelope.data
        switch type {
        case "order.placed.v1":
            guard let number = data.orderNumber, orders[number] == nil else { return }
            orders[number] = Placed(data)
        case let type where type.hasPrefix("payment."): pay(data, kind: type.dropFirst("payment.".count).dropLast(3))
        case "fulfilment.shipped.v1":
            guard let warehouse = data.warehouse, let shipment = data.shipment else { return }
            let key = "\(warehouse) \(shipment)"
            guard parcels[key] == nil else { return }
            parcels[key] = Parcel(
                order: data.orderNumber, fulfilment: data.fulfilmentId, warehouse: warehouse,
                lines: (data.lines ?? []).map { ($0.line ?? 0, $0.quantity ?? 0) })
        case "order.command.v1":
            if data.command == "refund", let number = data.orderNumber { refundedByStaff.insert(number) }
        case "fulfilment.amended.v1": if let request = data.requestId { changes[request] = identity }
        case "stock.received.v1":
            guard let warehouse = data.warehouse, let document = data.document else { return }
            for line in data.lines ?? [] where documents.insert("\(warehouse) \(document) \(line.line ?? 0)").inserted {
                guard let sku = line.sku, let quantity = line.quantity else { continue }
                received[StockKey(sku: sku, warehouse: warehouse), default: 0] += quantity
            }
        case "stock.adjusted.v1", "stock.counted.v1", "fulfilment.short.v1", "fulfilment.lost.v1": isStockPlain = false
        default: break
        }
    }

    /// Hostile input says many things: beside it, only orders that were placed in earnest are known.
    func vouches(for order: String) -> Bool { hostile.isEmpty || orders[order] != nil }

    /// A conflict may tell of it.
    func mayContradict(_ identity: Identity) -> Bool {
        contradicted.contains(identity) || crossing.contains(identity)
    }

    /// No message that says it came with two contents: which of them counts is known to the worker alone.
    func isUndisputed(_ key: PaymentKey) -> Bool { !disputed.contains(key) }

    private mutating func pay(_ data: Envelope.Payload, kind: Substring) {
        guard let gateway = data.gateway, let transaction = data.transactionId else { return }
        let key = PaymentKey(
            gateway: gateway, transaction: transaction, kind: String(kind),
            reference: data.operationId ?? data.refundId ?? data.caseId ?? "")
        var amounts: [String: Int64] = [:]
        for share in data.orders ?? [] { amounts[share.orderNumber, default: 0] += share.amountMinor }
        if let order = data.orderNumber { amounts[order] = data.amountMinor ?? 0 }
        if let before = payments[key] {
            if before != amounts { disputed.insert(key) }
            return
        }
        payments[key] = amounts
        for order in amounts.keys { paymentKeys[order, default: []].append(key) }
    }

    /// An order as it was placed.
    struct Placed {
        var payable: Int64
        var quantities: [Int64: Int64]
        var skus: [Int64: String]
        /// Unit prices in minor units, where nothing but goods is to be paid.
        var prices: [Int64: Int64]?

        fileprivate init(_ data: Envelope.Payload) {
            payable = data.amounts?.payableMinor ?? 0
            let lines = data.lines ?? []
            quantities = Dictionary(
                lines.map { ($0.line ?? 0, $0.quantity ?? 0) }, uniquingKeysWith: { first, _ in first })
            skus = Dictionary(lines.map { ($0.line ?? 0, $0.sku ?? "") }, uniquingKeysWith: { first, _ in first })
            let goods = lines.reduce(0) { $0 + ($1.quantity ?? 0) * ($1.unitPriceMinor ?? 0) }
            prices =
                goods != payable
                ? nil
                : Dictionary(
                    lines.map { ($0.line ?? 0, $0.unitPriceMinor ?? 0) }, uniquingKeysWith: { first, _ in first })
        }
    }
}

/// As much of an incoming message as the auditor must understand.
private struct Envelope: Decodable {
    struct Line: Decodable {
        var line: Int64?
        var sku: String?
        var quantity: Int64?
        var unitPriceMinor: Int64?
    }

    struct Amounts: Decodable { var payableMinor: Int64? }

    struct Share: Decodable {
        var orderNumber: String
        var amountMinor: Int64
    }

    struct Payload: Decodable {
        var orderNumber: String?
        var command: String?
        var lines: [Line]?
        var amounts: Amounts?
        var gateway: String?
        var transactionId: String?
        var operationId: String?
        var refundId: String?
        var caseId: String?
        var amountMinor: Int64?
        var orders: [Share]?
        var fulfilmentId: String?
        var requestId: String?
        var warehouse: String?
        var shipment: String?
        var document: String?
    }

    var data: Payload
}
