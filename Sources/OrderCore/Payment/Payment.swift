/// What a gateway said about one transaction of an order. Facts are kept as they came, and a payment is derived from them.
public struct PaymentFact: Hashable, Sendable, Keyed {
    /// What makes a fact the same: the business key of the contract.
    public struct Key: Hashable, Sendable {
        /// The gateway's code.
        public var gateway: String
        /// The gateway's transaction.
        public var transaction: String
        /// What happened.
        public var kind: PaymentFactKind
        /// The gateway's reference of this operation, refund or case.
        public var reference: String

        /// Makes a key.
        public init(gateway: String, transaction: String, kind: PaymentFactKind, reference: String) {
            self.gateway = gateway
            self.transaction = transaction
            self.kind = kind
            self.reference = reference
        }
    }

    /// Never changes.
    public let key: Key
    /// Minor units, this order's part; what was reported so far where `isCumulative`.
    public let amount: Int64
    /// The amount is the sum reported so far, not this operation's alone.
    public let isCumulative: Bool
    /// The currency that the gateway named.
    public let currency: Currency
    /// When it happened, by the gateway's clock.
    public let occurredAt: Timestamp
    /// Counts the facts of an order in the order in which they were applied.
    public let sequence: Int64
    /// Our request that it answers.
    public let requestID: String?

    /// Makes a fact.
    public init(
        key: Key, amount: Int64, isCumulative: Bool, currency: Currency, occurredAt: Timestamp, sequence: Int64,
        requestID: String?
    ) {
        self.key = key
        self.amount = amount
        self.isCumulative = isCumulative
        self.currency = currency
        self.occurredAt = occurredAt
        self.sequence = sequence
        self.requestID = requestID
    }
}

/// What a gateway can say.
public enum PaymentFactKind: String, Hashable, Sendable, CaseIterable {
    case authorized
    case captured
    case failed
    case voided
    case refunded
    case refundFailed = "refund_failed"
    case chargedBack = "charged_back"
    case chargeBackWon = "charge_back_won"
}

/// One gateway transaction of an order, derived from its facts and our requests in whatever order they came.
public struct Payment: Hashable, Sendable {
    /// The gateway's code.
    public let gateway: String
    /// The gateway's transaction.
    public let transaction: String
    /// Authorised in sum, minor units.
    public var authorized: Int64 = 0
    /// Captured in sum.
    public var captured: Int64 = 0
    /// Refunded in sum.
    public var refunded: Int64 = 0
    /// Charged back and not won.
    public var chargedBack: Int64 = 0
    /// Asked back and not settled.
    public var refundPending: Int64 = 0
    /// The authorisation was voided or failed after it was given.
    public var isEnded = false
    /// Sequence of its first fact: the newest payment is refunded first.
    public var firstSequence: Int64

    /// Authorised and neither captured nor voided, minor units.
    public var authorizedOpen: Int64 { isEnded ? 0 : max(0, authorized - captured) }
    /// What can still be asked back, minor units.
    public var refundable: Int64 { max(0, captured - refunded - refundPending - chargedBack) }

    /// The payments of an order, oldest first.
    public static func derive(from facts: [PaymentFact], requests: [MoneyRequest]) -> [Payment] {
        var payments: [Payment] = []
        var indices: [Identity: Int] = [:]
        var clocks: [Clock] = []
        for fact in facts.sorted(by: { $0.sequence < $1.sequence }) {
            let identity = Identity(gateway: fact.key.gateway, transaction: fact.key.transaction)
            let index = indices[identity] ?? payments.count
            if index == payments.count {
                indices[identity] = index
                payments.append(
                    Payment(
                        gateway: identity.gateway, transaction: identity.transaction, firstSequence: fact.sequence))
                clocks.append(Clock())
            }
            payments[index].add(fact, &clocks[index])
        }
        for index in payments.indices { payments[index].settle(clocks[index]) }
        for request in requests where request.kind == .refund && request.state != .settled {
            let identity = Identity(gateway: request.gateway, transaction: request.transaction)
            if let index = indices[identity] { payments[index].refundPending += request.amount }
        }
        // A refund that the gateway made by itself may overlap with one we asked for: no more than is there can be pending.
        for index in payments.indices {
            let left = max(0, payments[index].captured - payments[index].refunded)
            payments[index].refundPending = min(payments[index].refundPending, left)
        }
        return payments
    }

    private struct Identity: Hashable {
        var gateway: String
        var transaction: String
    }

    /// What of a payment depends on more than one of its facts.
    private struct Clock {
        var authorizedAt: Timestamp?
        var endedAt: Timestamp?
        var refundedSoFar: Int64 = 0
    }

    private mutating func add(_ fact: PaymentFact, _ clock: inout Clock) {
        switch fact.key.kind {
        case .authorized:
            authorized += fact.amount
            clock.authorizedAt = max(clock.authorizedAt ?? fact.occurredAt, fact.occurredAt)
        case .captured: captured += fact.amount
        case .failed, .voided:
            // A failure that answers a request of ours is that of the request, not of the payment.
            guard fact.key.kind == .voided || fact.requestID == nil else { return }
            clock.endedAt = max(clock.endedAt ?? fact.occurredAt, fact.occurredAt)
        case .refunded where fact.isCumulative: clock.refundedSoFar = max(clock.refundedSoFar, fact.amount)
        case .refunded: refunded += fact.amount
        case .refundFailed: break
        case .chargedBack: chargedBack += fact.amount
        case .chargeBackWon: chargedBack -= fact.amount
        }
    }

    /// What follows once all facts are in. It ended by the gateway's clock: an older attempt that failed ends nothing.
    private mutating func settle(_ clock: Clock) {
        refunded = max(refunded, clock.refundedSoFar)
        chargedBack = max(0, chargedBack)
        guard let ended = clock.endedAt else { return }
        isEnded = ended >= clock.authorizedAt ?? ended
    }
}

/// What we asked of the payment side. Asked again it keeps its id, so that it is done once.
public struct MoneyRequest: Hashable, Sendable, Keyed {
    /// What is asked.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case refund
        case capture
        case void
    }

    /// How far it is.
    public enum State: String, Hashable, Sendable, CaseIterable {
        /// Asked, no answer yet.
        case requested
        /// No answer in time: asked again with the same id, never done a second way meanwhile.
        case inDoubt = "in_doubt"
        /// Done.
        case settled
        /// Refused or failed: a hold is open, and people decide.
        case failed
    }

    /// `<order number>-R1`: the order and a count.
    public let requestID: String
    /// What is asked.
    public let kind: Kind
    /// The gateway that is asked.
    public let gateway: String
    /// The transaction it is about.
    public let transaction: String
    /// Minor units.
    public let amount: Int64
    /// Why, as a code: `cancelled`, `excess`, `staff`, `late_payment`, …
    public let reason: String
    /// When it was asked first.
    public let requestedAt: Timestamp
    /// How far it is.
    public var state: State = .requested
    /// How often it was asked.
    public var tries: Int64 = 1

    /// Makes a request that is asked for the first time.
    public init(
        requestID: String, kind: Kind, gateway: String, transaction: String, amount: Int64, reason: String,
        requestedAt: Timestamp
    ) {
        self.requestID = requestID
        self.kind = kind
        self.gateway = gateway
        self.transaction = transaction
        self.amount = amount
        self.reason = reason
        self.requestedAt = requestedAt
    }

    /// The id of an order's so many-th request of a kind.
    static func id(_ kind: Kind, _ count: Int, of order: String) -> String {
        let letter =
            switch kind {
            case .refund: "R"
            case .capture: "C"
            case .void: "V"
            }
        return "\(order)-\(letter)\(count)"
    }

    /// The request's id.
    public var key: String { requestID }
    /// Asked and not answered for good.
    public var isOpen: Bool { state == .requested || state == .inDoubt }
}
