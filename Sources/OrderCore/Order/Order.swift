/// The head of an order: identity, status, sums and clocks. Its parts stand in `OrderState`.
public struct Order: Hashable, Sendable, Keyed {
    /// `<channel or partner code>/<their number>`.
    public let number: String
    /// Who sold.
    public var kind: OrderKind
    /// When it is paid.
    public var paymentTerm: PaymentTerm
    /// ISO 4217; one order, one currency.
    public var currency: Currency
    /// Where it stands.
    public var status: OrderStatus
    /// Counts the journal entries of this order; the first is 1.
    public var version: Int64 = 0
    /// 1, and one more each time a rejected order is placed again under its number.
    public var attempt: Int64 = 1
    /// Hash of the content it was placed with: the same again is a repeat, another a conflict.
    public var contentHash: ContentHash
    /// When the buyer placed it.
    public var placedAt: Timestamp

    /// Sums as recomputed by us.
    public var amounts = Amounts()
    /// What the buyer owes for the whole order, minor units.
    public var payable: Int64 = 0
    /// What the sender claimed to be payable, minor units.
    public var claimedPayable: Int64?
    /// `payable` less the shares of cancelled quantities, minor units.
    public var due: Int64 = 0
    /// What finance was told to take back from what is settled with the partner, minor units: of a prepaid order only.
    public var reversed: Int64 = 0

    /// Sums over the payments, minor units, derived from their facts.
    public var money = OrderMoney()
    /// How much of the money is there.
    public var paymentState: PaymentState = .unpaid
    /// What had been received of a cash order before a carrier was told to collect the rest, minor units.
    public var paidBefore: Int64 = 0

    /// Reserved or otherwise sourced, and validated: `false` while validation holds keep it from reserving stock.
    public var isValidated = false
    /// The buyer's wish to end all that is not shipped is being settled with the warehouses.
    public var isCancelling = false
    /// `order.received` came while parcels were missing: it counts when the last one is there.
    public var isReceiptAnnounced = false
    /// The rules of review were asked, so that what they hold is held once.
    public var isScreened = false
    /// ERP was asked to produce what is made to order.
    public var isProductionRequested = false
    /// The buyer has reviewed it, or the window is over.
    public var isReviewDone = false
    /// When the last parcel was handed over.
    public var shippedAt: Timestamp?
    /// When the last parcel was delivered.
    public var deliveredAt: Timestamp?
    /// When the buyer had it.
    public var receivedAt: Timestamp?
    /// The earliest time of release, where the channel's policy delays it.
    public var releaseAt: Timestamp?
    /// When its presale goods may go out.
    public var shipsFrom: Timestamp?
    /// Its place among those that wait for stock, as long as it waits.
    public var backorder: Backorder?
    /// Whether it goes out in one parcel with other orders.
    public var merging = Merging.undecided
    /// How many events each receiver was told about this order, by receiver.
    public var eventCounts: [String: Int64] = [:]

    /// Makes the head of a new order.
    public init(
        number: String, kind: OrderKind, paymentTerm: PaymentTerm, currency: Currency, status: OrderStatus,
        contentHash: ContentHash, placedAt: Timestamp
    ) {
        self.number = number
        self.kind = kind
        self.paymentTerm = paymentTerm
        self.currency = currency
        self.status = status
        self.contentHash = contentHash
        self.placedAt = placedAt
    }

    /// The order's number.
    public var key: String { number }

    /// The code of the channel or partner: what stands before the first `/` of the number.
    public var seller: String { OrderNumber.seller(of: number) }
}

/// Order numbers: `<channel or partner code>/<their number>`.
public enum OrderNumber {
    /// The code before the first `/`.
    public static func seller(of number: String) -> String {
        let end = number.utf8.firstIndex(of: UInt8(ascii: "/")) ?? number.endIndex
        return String(number[..<end])
    }

    /// Whether a text has the form of an order number.
    public static func isValid(_ number: String) -> Bool {
        guard let slash = number.utf8.firstIndex(of: UInt8(ascii: "/")) else { return false }
        return slash > number.startIndex && number.utf8.index(after: slash) < number.endIndex
            && number.utf8.count <= 200
    }
}

/// The sums over an order's payments, minor units; each is derived from facts and requests, never set by hand.
public struct OrderMoney: Hashable, Sendable {
    /// Authorised, not captured nor voided.
    public var authorized: Int64 = 0
    /// Captured, refunds not taken off.
    public var captured: Int64 = 0
    /// Refunds that succeeded.
    public var refunded: Int64 = 0
    /// Refunds that were asked for and not answered with success.
    public var refundPending: Int64 = 0
    /// Charged back and not won.
    public var chargedBack: Int64 = 0

    /// Makes sums of zero.
    public init() {}

    /// `captured − refunded or asked back − charged back`.
    public var received: Int64 { captured - refunded - refundPending - chargedBack }
}

/// 128 bits of a hash over a message's decoded content; equal content has an equal hash.
public struct ContentHash: Hashable, Sendable {
    /// The first eight bytes, big-endian.
    public let high: UInt64
    /// The last eight bytes, big-endian.
    public let low: UInt64

    /// Makes a hash from its two halves.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}
