/// What an event says. The names on the wire are in `type`; the fields are written by `OrderMessages`.
public enum EventPayload: Hashable, Sendable {
    case orderAccepted(OrderSummary, [Reason])
    case orderRejected(OrderSummary, [Reason])
    case orderEdited(OrderSummary)
    case orderCancelled(OrderSummary, reason: String)
    case orderCompleted(OrderSummary)
    case orderReleased(OrderSummary)
    case orderReceived(OrderSummary)
    case orderCancelRefused(OrderSummary, reason: String, lines: [LineQuantity])
    case paymentRecorded(OrderSummary, PaymentFact)
    case orderPaid(OrderSummary)
    case paymentFailed(OrderSummary, PaymentFact, reason: String?)
    case paymentInsufficient(OrderSummary)
    case moneyRequested(OrderSummary, MoneyRequest)
    case refundSettled(OrderSummary, MoneyRequest)
    case refundFailed(OrderSummary, MoneyRequest, reason: String?)
    case settlementLine(OrderSummary, SettlementLine)
    case fulfilmentRequested(FulfilmentRequest)
    case fulfilmentCancelRequested(Fulfilment, requestID: String, reason: String, orders: [String] = [])
    case fulfilmentAmendRequested(AmendRequest)
    case productionRequested(orderNumber: String, requestID: String, line: Int64, sku: String, quantity: Int64)
    case orderShipped(OrderSummary, Parcel)
    case orderDelivered(OrderSummary, Parcel)
    case trackingUpdated(OrderSummary, TrackingCheckpoint)
    case virtualDelivered(OrderSummary, lines: [LineQuantity])
    case stockChanged(StockKey, available: Int64, parts: [StockPart] = [])
    case holdOpened(orderNumber: String, Hold)
    case holdClosed(orderNumber: String, Hold)
    case stockShort(StockKey?, sku: String, orderNumber: String, missing: Int64)
    case stockLow(StockKey, available: Int64, threshold: Int64)
    case conflictFound(Conflict)
    case messageDead(MessageIdentity, reason: String, fingerprint: String, count: Int64)
    case deliveryUnroutable(receiver: String, count: Int64)

    /// What stands in an order's events beside what happened.
    public struct OrderSummary: Hashable, Sendable {
        /// The order after the change.
        public var order: Order
        /// Its lines after the change.
        public var lines: [OrderLine]
        /// What travels apart, where an event tells it; empty where all of it travels together.
        public var parts: [Part] = []

        /// A part of an order as it is planned.
        public struct Part: Hashable, Sendable {
            /// The fulfilment's id.
            public var fulfilment: String
            /// The warehouse that is to ship it.
            public var warehouse: String
            /// What it holds.
            public var lines: [LineQuantity]
            /// What it is worth.
            public var worth = Worth()
            /// What its carrier is to collect, minor units, of cash on delivery.
            public var collect: Int64?
        }

        /// What a part of an order is worth, minor units.
        public struct Worth: Hashable, Sendable {
            /// Goods, less discounts and deductions.
            public var goods: Int64 = 0
            /// Its share of shipping.
            public var shipping: Int64 = 0
            /// Its share of tax.
            public var tax: Int64 = 0
            /// All of it.
            public var payable: Int64 = 0
        }

        /// Makes a summary.
        public init(order: Order, lines: [OrderLine]) {
            self.order = order
            self.lines = lines
        }
    }

    /// What a warehouse needs to know to ship.
    public struct FulfilmentRequest: Hashable, Sendable {
        /// The fulfilment.
        public var fulfilment: Fulfilment
        /// What it is to ship: of each line, as `quantity`, what is open.
        public var lines: [FulfilmentLine]
        /// To whom: the one event with personal data.
        public var receiver: Receiver
        /// How the order is paid: the carrier collects cash on delivery.
        public var paymentTerm: PaymentTerm
        /// What the carrier collects, minor units, of cash on delivery.
        public var collect: Int64
        /// ISO 4217.
        public var currency: Currency
        /// The buyer's remark.
        public var remark: String?
        /// The id of the request.
        public var requestID: String
        /// What other orders have in the same parcel.
        public var others: [Other] = []

        /// What another order has in the parcel.
        public struct Other: Hashable, Sendable {
            /// The order.
            public var orderNumber: String
            /// Of each line, as `quantity`, what is open.
            public var lines: [FulfilmentLine]
            /// What the carrier collects for it, minor units.
            public var collect: Int64
            /// Its buyer's remark.
            public var remark: String?

            /// Makes what an order has in a parcel.
            public init(orderNumber: String, lines: [FulfilmentLine], collect: Int64, remark: String?) {
                self.orderNumber = orderNumber
                self.lines = lines
                self.collect = collect
                self.remark = remark
            }
        }
    }

    /// What a warehouse is to ship now, instead of what it was asked for before.
    public struct AmendRequest: Hashable, Sendable {
        /// The fulfilment.
        public var fulfilment: Fulfilment
        /// All that it is to ship in all, parcels that have left included; a line that is not here is none of it any more.
        public var lines: [Line]
        /// To whom, where that has changed: personal data.
        public var receiver: Receiver?
        /// What the carrier collects, minor units, of cash on delivery.
        public var collect: Int64
        /// ISO 4217.
        public var currency: Currency
        /// Why.
        public var reason: String
        /// The id of the request.
        public var requestID: String

        /// A whole line as it should be now.
        public struct Line: Hashable, Sendable {
            /// Its order: a fulfilment may carry several.
            public var orderNumber: String
            /// Its number in the order.
            public var line: Int64
            /// Case-sensitive.
            public var sku: String
            /// Units.
            public var quantity: Int64
        }
    }

    /// The type on the wire, with its version.
    public var type: String { name + ".v1" }

    /// The type without its version: what follows the receiver in the routing key.
    public var name: String {
        switch self {
        case .orderAccepted: "order.accepted"
        case .orderRejected: "order.rejected"
        case .orderEdited: "order.edited"
        case .orderCancelled: "order.cancelled"
        case .orderCompleted: "order.completed"
        case .orderReleased: "order.released"
        case .orderReceived: "order.received"
        case .orderCancelRefused: "order.cancel_refused"
        case .paymentRecorded: "payment.recorded"
        case .orderPaid: "order.paid"
        case .paymentFailed: "payment.failed"
        case .paymentInsufficient: "payment.insufficient"
        case .moneyRequested(_, let request): request.kind.rawValue + ".requested"
        case .refundSettled: "refund.settled"
        case .refundFailed: "refund.failed"
        case .settlementLine: "settlement.line"
        case .fulfilmentRequested: "fulfilment.requested"
        case .fulfilmentCancelRequested: "fulfilment.cancel_requested"
        case .fulfilmentAmendRequested: "fulfilment.amend_requested"
        case .productionRequested: "production.requested"
        case .orderShipped: "order.shipped"
        case .orderDelivered: "order.delivered"
        case .trackingUpdated: "tracking.updated"
        case .virtualDelivered: "virtual.delivered"
        case .stockChanged: "stock.changed"
        case .holdOpened: "hold.opened"
        case .holdClosed: "hold.closed"
        case .stockShort: "stock.short"
        case .stockLow: "stock.low"
        case .conflictFound: "conflict.found"
        case .messageDead: "message.dead"
        case .deliveryUnroutable: "delivery.unroutable"
        }
    }

    /// Who hears of it, of an order of this kind: the table of the wire contract.
    public func receivers(of kind: OrderKind) -> [String] {
        let partner = kind == .external ? ["partner"] : []
        switch self {
        case .orderAccepted, .orderRejected, .orderEdited, .orderCancelled, .orderCompleted, .orderReleased,
            .orderReceived, .orderCancelRefused:
            return ["erp"] + partner + ["storefront"]
        case .paymentRecorded, .orderPaid, .paymentFailed, .paymentInsufficient, .refundSettled, .refundFailed:
            return ["erp", "finance", "storefront"]
        case .moneyRequested: return ["payments"]
        case .settlementLine: return ["finance"]
        case .fulfilmentRequested, .fulfilmentCancelRequested, .fulfilmentAmendRequested: return ["wms"]
        case .productionRequested: return ["erp"]
        case .orderShipped, .orderDelivered, .trackingUpdated: return ["erp", "finance"] + partner + ["storefront"]
        case .virtualDelivered: return partner + ["storefront"]
        case .stockChanged: return ["erp", "partner", "storefront"]
        case .holdOpened, .holdClosed, .stockShort, .stockLow, .conflictFound, .messageDead, .deliveryUnroutable:
            return ["ops"]
        }
    }
}

/// The same identity with another content: kept for people to see; nothing is changed by it.
public struct Conflict: Hashable, Sendable {
    /// What kind of identity was met twice, or what was said that cannot be.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// A message's source and id.
        case message
        /// A business key.
        case businessKey = "business_key"
        /// An order number.
        case orderNumber = "order_number"
        /// Who said it may not.
        case forbidden
        /// More than there is: shipped more than ordered, refunded more than captured.
        case quantity
    }

    /// Which.
    public var kind: Kind
    /// The identity that was met twice.
    public var key: String
    /// The message that brought the other content.
    public var message: MessageIdentity
    /// The order it speaks of.
    public var orderNumber: String?
    /// What a person needs to know; no personal data.
    public var detail: String

    /// Makes a conflict.
    public init(kind: Kind, key: String, message: MessageIdentity, orderNumber: String?, detail: String) {
        self.kind = kind
        self.key = key
        self.message = message
        self.orderNumber = orderNumber
        self.detail = detail
    }
}
