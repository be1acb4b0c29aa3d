/// A reason why an order needs a look: what people work on. A hold gates our own steps, never facts from outside.
public struct Hold: Hashable, Sendable, Keyed {
    /// Counts the holds of an order from 1.
    public let number: Int64
    /// Why.
    public let reason: HoldReason
    /// Which part of the order is meant, as a path of the message (`lines[2].sku`), where one is.
    public var path: String?
    /// What a person needs to know; no personal data.
    public var detail: String
    /// When it was opened.
    public let openedAt: Timestamp
    /// Who or what opened it.
    public let openedBy: String
    /// When it was closed; open until then.
    public var closedAt: Timestamp?
    /// Who or what closed it.
    public var closedBy: String?
    /// How it was closed.
    public var closing: HoldClosing?
    /// The reason given for closing it.
    public var closingReason: String?

    /// Opens a hold.
    public init(
        number: Int64, reason: HoldReason, path: String? = nil, detail: String, openedAt: Timestamp, openedBy: String
    ) {
        self.number = number
        self.reason = reason
        self.path = path
        self.detail = detail
        self.openedAt = openedAt
        self.openedBy = openedBy
    }

    /// The hold's number.
    public var key: Int64 { number }
    /// Not closed yet.
    public var isOpen: Bool { closedAt == nil }
}

/// How a hold was closed.
public enum HoldClosing: String, Hashable, Sendable, CaseIterable {
    /// By a person, as no longer needed.
    case released
    /// What was wrong is right now.
    case fixed
    /// By a person with the right to, in spite of the reason.
    case overridden
    /// With its order.
    case cancelled

    /// Somebody has decided to go on.
    var isByPerson: Bool { self == .released || self == .overridden }
}

/// What kind of people work on a hold.
public enum HoldFamily: String, Hashable, Sendable, CaseIterable {
    /// The order's own data.
    case data
    /// Who may order.
    case entitlement
    /// Stock and sourcing.
    case stock
    /// Asked by a rule or a person.
    case review
    /// Money.
    case payment
    /// Warehouses and carriers.
    case fulfilment
    /// The order flow itself.
    case flow
}

/// Why an order is held.
public enum HoldReason: String, Hashable, Sendable, CaseIterable {
    case receiverIncomplete = "receiver_incomplete"
    case unknownSKU = "unknown_sku"
    case unlistedSKU = "unlisted_sku"
    case amountMismatch = "amount_mismatch"
    case priceMismatch = "price_mismatch"
    case noLines = "no_lines"
    case malformed
    case channelUnknown = "channel_unknown"
    case partnerUnknown = "partner_unknown"
    case partnerSuspended = "partner_suspended"
    case outOfStock = "out_of_stock"
    case noWarehouse = "no_warehouse"
    case stockLost = "stock_lost"
    case noCarrier = "no_carrier"
    case manual
    case buyerRemark = "buyer_remark"
    case highValue = "high_value"
    case suspectedFraud = "suspected_fraud"
    case unusualQuantity = "unusual_quantity"
    case firstOrder = "first_order"
    case blockedArea = "blocked_area"
    case blockedPerson = "blocked_person"
    case belowFloor = "below_floor"
    case suspectedDouble = "suspected_double"
    case ruleViolated = "rule_violated"
    case currencyMismatch = "currency_mismatch"
    case refundFailed = "refund_failed"
    case captureFailed = "capture_failed"
    case paymentLost = "payment_lost"
    case chargedBack = "charged_back"
    case codUnsettled = "cod_unsettled"
    case warehouseRejected = "warehouse_rejected"
    case shortShipped = "short_shipped"
    case cancelRefused = "cancel_refused"
    case amendRefused = "amend_refused"
    case shippedAfterCancel = "shipped_after_cancel"
    case noAnswer = "no_answer"
    case returnedToSender = "returned_to_sender"
    case lost
    case parkedTooLong = "parked_too_long"
    case impossibleTransition = "impossible_transition"
    case cancelling

    /// The family it belongs to.
    public var family: HoldFamily {
        switch self {
        case .receiverIncomplete, .unknownSKU, .unlistedSKU, .amountMismatch, .priceMismatch, .noLines, .malformed,
            .ruleViolated:
            .data
        case .channelUnknown, .partnerUnknown, .partnerSuspended: .entitlement
        case .outOfStock, .noWarehouse, .stockLost: .stock
        case .manual, .buyerRemark, .highValue, .suspectedFraud, .unusualQuantity, .firstOrder, .blockedArea,
            .blockedPerson, .belowFloor, .suspectedDouble:
            .review
        case .currencyMismatch, .refundFailed, .captureFailed, .paymentLost, .chargedBack, .codUnsettled: .payment
        case .noCarrier, .warehouseRejected, .shortShipped, .cancelRefused, .amendRefused, .shippedAfterCancel,
            .noAnswer, .returnedToSender, .lost:
            .fulfilment
        case .parkedTooLong, .impossibleTransition, .cancelling: .flow
        }
    }

    /// Whether rules of operations may hold an order for it; the other reasons are found by the flow itself.
    public var isGivenByRules: Bool { family == .review || self == .ruleViolated }

    /// Raised by the validation of an order's content: while one is open nothing is reserved and no excess sent back.
    public var isValidation: Bool {
        switch family {
        case .data, .entitlement: true
        case .stock: self != .stockLost
        default: false
        }
    }

    /// Part of the order has lost its warehouse: it goes on when that is sourced again.
    public var isSourcing: Bool {
        self == .warehouseRejected || self == .shortShipped || self == .stockLost
    }

    /// Whether staff may go on in spite of it; what could not be read, sold or found in a warehouse can't be shipped.
    public var isOverridable: Bool {
        switch self {
        case .malformed, .noLines, .outOfStock, .noWarehouse, .cancelling, .impossibleTransition: false
        default: true
        }
    }
}

/// What a sender got wrong: a code of the documents, where it stands in the message, and what is meant.
public struct Reason: Hashable, Sendable {
    /// The code.
    public var code: HoldReason
    /// The path in the message's data (`lines[2].sku`).
    public var path: String?
    /// What a person needs to know; no personal data.
    public var detail: String

    /// Makes a reason.
    public init(_ code: HoldReason, path: String? = nil, _ detail: String) {
        self.code = code
        self.path = path
        self.detail = detail
    }
}
