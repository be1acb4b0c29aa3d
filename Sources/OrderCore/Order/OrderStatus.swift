/// Where an order stands. An exception is an open hold beside the status, never a status of its own.
public enum OrderStatus: String, Hashable, Sendable, CaseIterable {
    /// Accepted, stock reserved, not fully paid.
    case awaitingPayment = "awaiting_payment"
    /// Paid, or needs no payment first; not yet handed to a warehouse.
    case awaitingRelease = "awaiting_release"
    /// Every fulfilment handed to its warehouse, none shipped.
    case released
    /// Some quantity shipped, some not.
    case partiallyShipped = "partially_shipped"
    /// Everything that will ship has.
    case shipped
    /// Received; the review window is open.
    case awaitingReview = "awaiting_review"
    /// Nothing more will happen but after-sales.
    case completed
    /// Ended before anything shipped.
    case cancelled
    /// Never accepted; the reasons are recorded and told.
    case rejected

    /// No step of ours follows.
    public var isFinal: Bool { self == .completed || self == .cancelled || self == .rejected }

    /// Handed to warehouses and not all of it shipped.
    public var isWithWarehouse: Bool { self == .released || self == .partiallyShipped }

    /// Everything that will ship has shipped.
    public var isAfterShipping: Bool { self == .shipped || self == .awaitingReview || self == .completed }

    /// Not yet handed to any warehouse, and still alive.
    public var isBeforeRelease: Bool { self == .awaitingPayment || self == .awaitingRelease }
}

/// How much of an order's money is there.
public enum PaymentState: String, Hashable, Sendable, CaseIterable {
    /// Nothing captured.
    case unpaid
    /// Captured less than due.
    case partiallyPaid = "partially_paid"
    /// Captured what is due, within the tolerance.
    case paid
    /// Captured more than due and tolerance, and not sent back yet: of a cancelled order until its refund has succeeded.
    case overpaid
    /// Part of what was captured went back.
    case partiallyRefunded = "partially_refunded"
    /// All that was captured went back.
    case refunded
}

/// Who sold: the shop's own storefront, or a partner.
public enum OrderKind: String, Hashable, Sendable, CaseIterable {
    /// 自建商城: the shop takes the payment, the consumer waits.
    case `internal`
    /// 分销/平台订单: paid on the partner's side, settled by statement.
    case external
}

/// When an order is paid.
public enum PaymentTerm: String, Hashable, Sendable, CaseIterable {
    /// Through a gateway, before release.
    case online
    /// By the carrier, after delivery.
    case cashOnDelivery = "cash_on_delivery"
    /// Paid to the partner already.
    case prepaid
    /// Settled by statement.
    case onAccount = "on_account"
}

/// What kind of thing a line sells.
public enum LineType: String, Hashable, Sendable, CaseIterable {
    /// From a warehouse.
    case physical
    /// Delivered by an event, without a warehouse.
    case virtual
    /// Produced for this order, then shipped from a warehouse.
    case madeToOrder = "made_to_order"
}
