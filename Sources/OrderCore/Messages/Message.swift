/// What arrived, decoded: everything that can change an order takes this form.
public struct Message: Sendable {
    /// `source` + `id`: the identity of the message, and the part of it this is.
    public var identity: MessageIdentity
    /// When we received it, by the database's clock.
    public var receivedAt: Timestamp
    /// Hash of the decoded content.
    public var contentHash: ContentHash
    /// What it says.
    public var payload: Payload
    /// What makes the business fact the same for ever, whatever message brings it.
    public var businessKey: String?
    /// Who is believed to speak.
    public var sender: Sender

    /// Makes a message.
    public init(
        identity: MessageIdentity, receivedAt: Timestamp, contentHash: ContentHash, payload: Payload,
        businessKey: String? = nil, sender: Sender = .system
    ) {
        self.identity = identity
        self.receivedAt = receivedAt
        self.contentHash = contentHash
        self.payload = payload
        self.businessKey = businessKey
        self.sender = sender
    }
}

/// What makes a message the same message.
public struct MessageIdentity: Hashable, Sendable, Comparable {
    /// Who made it.
    public var source: String
    /// The maker's id of it.
    public var id: String
    /// 0, or the part of a message that names several orders.
    public var part: Int64

    /// Makes an identity.
    public init(source: String, id: String, part: Int64 = 0) {
        self.source = source
        self.id = id
        self.part = part
    }

    /// By id and part: few ids are those of two sources.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(id)
        hasher.combine(part)
    }

    /// By source, id and part, byte by byte.
    public static func < (left: MessageIdentity, right: MessageIdentity) -> Bool {
        if left.source != right.source { return left.source.utf8.lexicographicallyPrecedes(right.source.utf8) }
        if left.id != right.id { return left.id.utf8.lexicographicallyPrecedes(right.id.utf8) }
        return left.part < right.part
    }
}

/// Who speaks, as configuration maps sources and broker users.
public enum Sender: Hashable, Sendable {
    /// The worker itself: a timer, a sweep.
    case system
    /// Who owns the orders of these channels and partners (`nil`: of all) and speaks for these receivers of events.
    case owner(of: Set<String>?, receiving: Set<String> = [])
    /// Staff, with the roles that configuration gives the broker user.
    case staff(roles: Set<StaffRole>)
    /// Nobody that configuration knows.
    case stranger
}

/// What staff may do.
public enum StaffRole: String, Hashable, Sendable, CaseIterable {
    case administrator
    case customerService = "customer_service"
    case reviewer
    case warehouse
    case finance
    case operations
    case viewer
}

/// What a message says.
public enum Payload: Sendable {
    /// `order.placed`
    case orderPlaced(OrderPlaced)
    /// `payment.*`
    case payment(PaymentReport)
    /// `fulfilment.*`
    case fulfilment(FulfilmentReport)
    /// `tracking.checkpoint`
    case tracking(TrackingCheckpoint)
    /// `stock.*`
    case stock(StockReport)
    /// `production.done`
    case productionDone(ProductionDone)
    /// `order.cancel`, `order.received`, `order.reviewed`
    case request(OrderRequest)
    /// `order.command`
    case command(StaffCommand)
    /// `message.replay`, `message.drop`
    case deadLetters(DeadLetterCommand)
    /// `delivery.resend`
    case resend(DeliveryResend)
    /// `product.updated`, `warehouse.updated`, `channel.updated`, `partner.updated`
    case reference(ReferenceUpdate)
    /// A due row
    case timer(Timer)

    /// The orders it names, which the batch has to lock.
    public var orderNumbers: [String] {
        switch self {
        case .orderPlaced(let placed): [placed.orderNumber]
        case .payment(let report): [report.orderNumber]
        case .fulfilment(let report): report.orderNumber.map { [$0] } ?? []
        case .tracking(let checkpoint): checkpoint.orderNumber.map { [$0] } ?? []
        case .productionDone(let done): [done.orderNumber]
        case .request(let request): [request.orderNumber]
        case .command(let command): [command.orderNumber] + command.others
        case .timer(let timer): (timer.orderNumber.map { [$0] } ?? []) + timer.others
        case .stock, .deadLetters, .resend, .reference: []
        }
    }
}
