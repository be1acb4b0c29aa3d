/// `payment.*`: a gateway or carrier reports on one transaction of one order.
public struct PaymentReport: Hashable, Sendable {
    /// The order; a callback that names several is split into one report an order.
    public var orderNumber: String
    /// The fact's key.
    public var key: PaymentFact.Key
    /// Minor units, this order's part.
    public var amount: Int64
    /// The amount is the sum reported so far.
    public var isCumulative: Bool
    /// ISO 4217.
    public var currency: Currency
    /// When it happened, by the gateway's clock.
    public var occurredAt: Timestamp
    /// Our request that it answers.
    public var requestID: String?
    /// The gateway's reason, of a failure.
    public var reason: String?

    /// Makes a report.
    public init(
        orderNumber: String, key: PaymentFact.Key, amount: Int64, isCumulative: Bool = false, currency: Currency,
        occurredAt: Timestamp, requestID: String? = nil, reason: String? = nil
    ) {
        self.orderNumber = orderNumber
        self.key = key
        self.amount = amount
        self.isCumulative = isCumulative
        self.currency = currency
        self.occurredAt = occurredAt
        self.requestID = requestID
        self.reason = reason
    }
}

/// Units of a line.
public struct LineQuantity: Hashable, Sendable {
    /// The order's line number.
    public var line: Int64
    /// Units.
    public var quantity: Int64

    /// Makes units of a line.
    public init(line: Int64, quantity: Int64) {
        self.line = line
        self.quantity = quantity
    }
}

/// Units of the lines of an order.
public struct OrderLines: Hashable, Sendable {
    /// The order.
    public var orderNumber: String
    /// Its lines.
    public var lines: [LineQuantity]

    /// Makes lines of an order.
    public init(orderNumber: String, lines: [LineQuantity]) {
        self.orderNumber = orderNumber
        self.lines = lines
    }
}

/// `fulfilment.*`: a warehouse or carrier reports on its part of an order.
public struct FulfilmentReport: Hashable, Sendable {
    /// What it says.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case accepted
        case rejected
        case picking
        case packed
        case short
        case cancelled
        case cancelRefused = "cancel_refused"
        case amended
        case amendRefused = "amend_refused"
        case shipped
        case delivered
        case lost
        case returnedToSender = "returned_to_sender"
    }

    /// What it says.
    public var kind: Kind
    /// The order; known from our fulfilment id, or looked up by the parcel, where it is not named.
    public var orderNumber: String?
    /// Our fulfilment id, where it is named.
    public var fulfilment: String?
    /// The warehouse, where it is named.
    public var warehouse: String?
    /// The warehouse's number for the parcel.
    public var shipment: String?
    /// Lines with quantities: of this parcel, or of what is short. Empty: all that is open.
    public var lines: [LineQuantity] = []
    /// Lines of other orders that travel in the same parcel.
    public var others: [OrderLines] = []
    /// The quantities are totals so far, not this parcel's.
    public var isCumulative = false
    /// The carrier's code.
    public var carrier: String?
    /// The carrier's number.
    public var trackingNumber: String?
    /// What the parcel weighs, grams.
    public var weight: Int64?
    /// What the carrier takes for the parcel, minor units of the order's currency.
    public var freight: Int64?
    /// When it happened, by the sender's clock.
    public var occurredAt: Timestamp
    /// Our request that it answers.
    public var requestID: String?
    /// The warehouse's reason.
    public var reason: String?

    /// Makes a report.
    public init(kind: Kind, orderNumber: String?, fulfilment: String?, warehouse: String?, occurredAt: Timestamp) {
        self.kind = kind
        self.orderNumber = orderNumber
        self.fulfilment = fulfilment
        self.warehouse = warehouse
        self.occurredAt = occurredAt
    }
}

/// `tracking.checkpoint`: a parcel was seen somewhere.
public struct TrackingCheckpoint: Hashable, Sendable {
    /// The order; looked up by the parcel where it is not named.
    public var orderNumber: String?
    /// The warehouse, where it is named.
    public var warehouse: String?
    /// The warehouse's number for the parcel.
    public var shipment: String
    /// The carrier's code for what happened.
    public var code: String
    /// What happened, for people.
    public var text: String?
    /// Where.
    public var place: String?
    /// When, by the carrier's clock.
    public var occurredAt: Timestamp

    /// Makes a checkpoint.
    public init(orderNumber: String?, warehouse: String?, shipment: String, code: String, occurredAt: Timestamp) {
        self.orderNumber = orderNumber
        self.warehouse = warehouse
        self.shipment = shipment
        self.code = code
        self.occurredAt = occurredAt
    }
}

/// `stock.*`: a warehouse or ERP reports on one SKU; a document of several lines is split into one report a line.
public struct StockReport: Hashable, Sendable {
    /// What it says.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// So many more.
        case received
        /// So many more or fewer.
        case adjusted
        /// So many there.
        case counted
    }

    /// What it says.
    public var kind: Kind
    /// What and where.
    public var key: StockKey
    /// Units: a change, or of a count the number there.
    public var quantity: Int64
    /// The warehouse's document and line.
    public var document: String
    /// When it happened or was counted, by the sender's clock.
    public var occurredAt: Timestamp
    /// Units never promised, where the report sets them.
    public var safety: Int64?
    /// Below this staff are told, where the report sets it.
    public var lowThreshold: Int64?

    /// Makes a report.
    public init(kind: Kind, key: StockKey, quantity: Int64, document: String, occurredAt: Timestamp) {
        self.kind = kind
        self.key = key
        self.quantity = quantity
        self.document = document
        self.occurredAt = occurredAt
    }
}

/// `production.done`: ERP has produced units of a made-to-order line.
public struct ProductionDone: Hashable, Sendable {
    /// The order.
    public var orderNumber: String
    /// Its line.
    public var line: Int64
    /// Units produced.
    public var quantity: Int64
    /// The warehouse that has them.
    public var warehouse: String
    /// ERP's document.
    public var document: String
    /// When, by ERP's clock.
    public var occurredAt: Timestamp

    /// Makes a report.
    public init(
        orderNumber: String, line: Int64, quantity: Int64, warehouse: String, document: String, occurredAt: Timestamp
    ) {
        self.orderNumber = orderNumber
        self.line = line
        self.quantity = quantity
        self.warehouse = warehouse
        self.document = document
        self.occurredAt = occurredAt
    }
}
