/// What orders are checked and sourced against. Owned by other systems, told by `*.updated` with a growing revision.
public enum ReferenceKind: String, Hashable, Sendable, CaseIterable {
    case product
    case warehouse
    case channel
    case partner
}

/// A thing that can be sold.
public struct Product: Hashable, Sendable {
    /// Case-sensitive.
    public let sku: String
    /// The owner's revision; an older one has no effect.
    public var revision: Int64
    /// May be sold now.
    public var isListed: Bool
    /// Where it comes from.
    public var type: LineType
    /// List price by channel or partner code; `*` stands for any. Minor units of `priceCurrency`.
    public var prices: [String: Int64] = [:]
    /// ISO 4217 code of `prices`.
    public var priceCurrency: String?
    /// What people call it.
    public var title: String?
    /// Grams of a unit; 0 where nobody told.
    public var weight: Int64 = 0
    /// Cubic centimetres of a unit; 0 where nobody told.
    public var volume: Int64 = 0
    /// Who ships it himself (一件代发); none where it comes from our warehouses.
    public var supplier: String?
    /// The temperature class it travels in.
    public var temperature: String?
    /// The lowest price it may be sold at, minor units of `priceCurrency`.
    public var floorPrice: Int64?
    /// Sold before it is there: shipped from then on.
    public var presaleUntil: Timestamp?

    /// Makes a product.
    public init(sku: String, revision: Int64 = 1, isListed: Bool = true, type: LineType = .physical) {
        self.sku = sku
        self.revision = revision
        self.isListed = isListed
        self.type = type
    }
}

/// A place that ships.
public struct Warehouse: Hashable, Sendable {
    /// Its code.
    public let code: String
    /// The owner's revision.
    public var revision: Int64
    /// May be given orders now.
    public var isActive: Bool
    /// The smaller, the earlier it is asked.
    public var priority: Int64
    /// What people call it.
    public var title: String?
    /// Where it ships to: names of countries, provinces, cities or districts as receivers write them; empty: everywhere.
    public var areas: Set<String> = []
    /// What a parcel costs by area, minor units of one currency for all warehouses; `*` stands for any. Empty: nothing; of an
    /// area that is not in it nobody knows, and it does not ship there.
    public var parcelCosts: [String: Int64] = [:]

    /// Makes a warehouse.
    public init(code: String, revision: Int64 = 1, isActive: Bool = true, priority: Int64 = 100) {
        self.code = code
        self.revision = revision
        self.isActive = isActive
        self.priority = priority
    }

    /// It has neither areas nor costs.
    public var shipsEverywhere: Bool { areas.isEmpty && parcelCosts.isEmpty }

    /// What a parcel to this receiver costs; `nil`: it does not ship there.
    public func parcelCost(to receiver: Receiver?) -> Int64? {
        if shipsEverywhere { return 0 }
        // The narrowest area counts.
        let names = [receiver?.district, receiver?.city, receiver?.province, receiver?.country].compactMap { $0 }
        guard areas.isEmpty || names.contains(where: areas.contains) else { return nil }
        return parcelCosts.isEmpty ? 0 : names.lazy.compactMap { parcelCosts[$0] }.first ?? parcelCosts["*"]
    }
}

/// Who sells: a channel, which is a storefront of our own, or a partner or marketplace that sells for us.
public struct Seller: Hashable, Sendable, Keyed {
    /// Known by the kind of its orders and its code, the first part of their numbers.
    public let key: SellerKey
    /// The owner's revision.
    public var revision: Int64
    /// May place orders now.
    public var isActive: Bool
    /// How its orders flow.
    public var policy: StorePolicy
    /// What people call it.
    public var title: String?

    /// Makes a seller; without a policy of its own it has the one of its kind.
    public init(
        _ kind: OrderKind, code: String, revision: Int64 = 1, isActive: Bool = true, policy: StorePolicy? = nil
    ) {
        key = SellerKey(kind, code)
        self.revision = revision
        self.isActive = isActive
        self.policy = policy ?? StorePolicy(of: kind)
    }
}

/// What a seller is known by: a channel and a partner may have the same code.
public struct SellerKey: Hashable, Sendable {
    /// Channels sell internal orders, partners external ones.
    public let kind: OrderKind
    /// Its code: the first part of its order numbers.
    public let code: String

    /// Makes a key.
    public init(_ kind: OrderKind, _ code: String) {
        self.kind = kind
        self.code = code
    }
}

/// How the orders of a channel or partner flow. Times are in seconds and count from when we hear of what starts them,
/// so that a backlog or an imported history does not time out while it is read.
public struct StorePolicy: Hashable, Sendable {
    /// What becomes of an order that is not valid.
    public enum OnInvalid: String, Hashable, Sendable, CaseIterable {
        case reject
        case hold
    }

    /// Who captures an authorised payment, and when.
    public enum Capture: String, Hashable, Sendable, CaseIterable {
        /// The gateway by itself.
        case gateway
        case onRelease = "on_release"
        case onShip = "on_ship"
    }

    /// What becomes of a quantity that a warehouse is short of.
    public enum OnShort: String, Hashable, Sendable, CaseIterable {
        case cancel
        case hold
    }

    /// When an order counts as received.
    public enum Receipt: String, Hashable, Sendable, CaseIterable {
        /// When the last parcel is delivered: a store of our own.
        case delivered
        /// When the buyer confirms, or after `autoReceiveAfterDelivery`: a marketplace.
        case confirmed
    }

    /// What becomes of an order that is not valid.
    public var onInvalid: OnInvalid = .reject
    /// Unpaid for so long after placing: cancelled.
    public var paymentTimeout: Int64 = 30 * 60
    /// Accepted difference between what is due and what is paid, minor units.
    public var paymentTolerance: Int64 = 0
    /// Accepted difference between list price and claimed price, in basis points of the list price.
    public var priceTolerance: Int64 = 0
    /// Waits so long before it is handed to a warehouse (反悔期).
    public var releaseDelay: Int64 = 0
    /// Who captures.
    public var capture: Capture = .gateway
    /// What becomes of a short quantity.
    public var onShort: OnShort = .cancel
    /// Reserves the lines that can be, and lets the rest wait for stock; else all of an order or nothing.
    public var allowsSplitBackorders = false
    /// When it counts as received.
    public var receipt: Receipt = .delivered
    /// Counts as received so long after delivery, where `receipt` is `confirmed`.
    public var autoReceiveAfterDelivery: Int64 = 7 * 86_400
    /// Counts as received so long after shipping, whatever else.
    public var autoReceiveAfterShipping: Int64 = 30 * 86_400
    /// How long reviews are taken after receipt; 0: the store has no reviews.
    public var reviewWindow: Int64 = 0
    /// How long a warehouse may think about a wish to stop.
    public var noAnswerAfter: Int64 = 24 * 3_600
    /// How long a warehouse may think about a hand-over.
    public var handOverInDoubtAfter: Int64 = 4 * 3_600
    /// How long the payment side may think about a request.
    public var inDoubtAfter: Int64 = 3_600
    /// How long after delivery cash must be there.
    public var cashWithin: Int64 = 7 * 86_400

    /// The policy of a storefront of our own.
    public init() {}

    /// The policy of who sells orders of this kind: what a partner sold already is held where it is invalid.
    public init(of kind: OrderKind) {
        if kind == .external { onInvalid = .hold }
    }
}
