/// `order.cancel`, `order.received`, `order.reviewed`: a wish of the buyer, brought by storefront or partner.
public struct OrderRequest: Hashable, Sendable {
    /// What is wished.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case cancel
        case received
        case reviewed
    }

    /// What is wished.
    public var kind: Kind
    /// The order.
    public var orderNumber: String
    /// The sender's id of the wish.
    public var requestID: String
    /// Why, for people.
    public var reason: String?
    /// When, by the sender's clock.
    public var occurredAt: Timestamp

    /// Makes a request.
    public init(kind: Kind, orderNumber: String, requestID: String, reason: String? = nil, occurredAt: Timestamp) {
        self.kind = kind
        self.orderNumber = orderNumber
        self.requestID = requestID
        self.reason = reason
        self.occurredAt = occurredAt
    }
}

/// `order.command`: what staff want done, with who and why.
public struct StaffCommand: Hashable, Sendable {
    /// What is to be done.
    public enum Action: Hashable, Sendable {
        /// Close the open holds that a person may close; `nil`: all of them, else those with this reason.
        case release(HoldReason?)
        /// Close holds in spite of their reason.
        case override(HoldReason?)
        /// Validate and source again, ask again for what got no answer.
        case retry
        /// Other receiver: of what a warehouse has, if it agrees.
        case editReceiver(Receiver)
        /// End all that is not shipped.
        case cancel
        /// Send money back; `nil`: all that was received.
        case refund(amount: Int64?)
        /// Open a hold.
        case hold(detail: String)
        /// Write a note into the journal.
        case note(String)
        /// Another carrier for what is not handed over; `fulfilment`: only of this part.
        case changeCarrier(String, fulfilment: String?)
        /// All that is not handed over, or was refused, from this warehouse.
        case source(warehouse: String)
        /// End so many units of some lines: of what a warehouse has, if it agrees.
        case cancelLines([LineQuantity])
        /// Ship these units of what is not handed over as a parcel of their own; `fulfilment`: of this part.
        case split([LineQuantity], fulfilment: String?)
        /// Other lines, before anything is handed over.
        case editLines([LineEdit])
        /// Hand it over in one parcel with these orders.
        case merge(with: [String])
        /// Take it out of the parcel that it goes in with others.
        case unmerge
        /// Let what receivers have not got of it go out before all that waits.
        case retryOutput
        /// Let go on with an order whose rows read back impossible and have been mended.
        case liftQuarantine
    }

    /// The order.
    public var orderNumber: String
    /// What is to be done.
    public var action: Action
    /// Who wants it.
    public var by: String
    /// Why.
    public var reason: String
    /// The version of the order it was decided on; another version refuses it.
    public var expectedVersion: Int64?

    /// Makes a command.
    public init(orderNumber: String, action: Action, by: String, reason: String, expectedVersion: Int64? = nil) {
        self.orderNumber = orderNumber
        self.action = action
        self.by = by
        self.reason = reason
        self.expectedVersion = expectedVersion
    }
}

extension StaffCommand {
    /// Orders that it is about beside its own.
    public var others: [String] {
        guard case .merge(let others) = action else { return [] }
        return others.filter { $0 != orderNumber }
    }
}

/// `message.replay`, `message.drop`: what becomes of dead letters.
public struct DeadLetterCommand: Hashable, Sendable {
    /// Process them again under the same identity, or give them up.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case replay
        case drop
    }

    /// What becomes of them.
    public var kind: Kind
    /// Ids of dead messages.
    public var ids: [Int64]
    /// All of this fingerprint, where no ids are given.
    public var fingerprint: String?
    /// Who wants it.
    public var by: String
    /// Why.
    public var reason: String

    /// Makes a command.
    public init(kind: Kind, ids: [Int64], fingerprint: String?, by: String, reason: String) {
        self.kind = kind
        self.ids = ids
        self.fingerprint = fingerprint
        self.by = by
        self.reason = reason
    }
}

/// `delivery.resend`: a receiver lost events and asks for them again.
public struct DeliveryResend: Hashable, Sendable {
    /// Who lost them.
    public var receiver: String
    /// The subject of the events.
    public var subject: String
    /// The first number to send again.
    public var fromNumber: Int64
    /// The epoch that it counts in; the one that lasts where none is given.
    public var epoch: Int64?
    /// The subject is an order: all of its fulfilments' events come, too, and those of the parcels that they travel in.
    public var withFulfilments: Bool

    /// Makes a wish.
    public init(
        receiver: String, subject: String, fromNumber: Int64, epoch: Int64? = nil, withFulfilments: Bool = false
    ) {
        self.epoch = epoch
        self.withFulfilments = withFulfilments
        self.receiver = receiver
        self.subject = subject
        self.fromNumber = fromNumber
    }
}

/// `*.updated`: the owner of reference data tells its newest revision.
public enum ReferenceUpdate: Hashable, Sendable {
    case product(Product)
    case warehouse(Warehouse)
    case seller(Seller)

    /// What kind of thing.
    public var kind: ReferenceKind {
        switch self {
        case .product: .product
        case .warehouse: .warehouse
        case .seller(let seller): seller.key.kind == .internal ? .channel : .partner
        }
    }

    /// Its SKU or code.
    public var code: String {
        switch self {
        case .product(let product): product.sku
        case .warehouse(let warehouse): warehouse.code
        case .seller(let seller): seller.key.code
        }
    }

    /// The owner's revision.
    public var revision: Int64 {
        switch self {
        case .product(let product): product.revision
        case .warehouse(let warehouse): warehouse.revision
        case .seller(let seller): seller.revision
        }
    }
}

/// A due row that fell due.
public struct Timer: Hashable, Sendable {
    /// What is due.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The order is unpaid for too long.
        case paymentTimeout = "payment_timeout"
        /// The release delay is over.
        case releaseDelay = "release_delay"
        /// The order counts as received.
        case autoReceive = "auto_receive"
        /// The review window is over.
        case reviewWindow = "review_window"
        /// The order waits no longer for others to go with; `reference`: what they share.
        case merge
        /// A parcel of several orders is to be another at its warehouse; `reference`: the parcel.
        case amendParcel = "amend_parcel"
        /// A warehouse did not answer a wish to stop; `reference`: the fulfilment.
        case cancelUnanswered = "cancel_unanswered"
        /// A warehouse did not answer a wish to change what it has; `reference`: the fulfilment.
        case amendUnanswered = "amend_unanswered"
        /// A warehouse did not answer a hand-over; `reference`: the fulfilment.
        case handOverInDoubt = "hand_over_in_doubt"
        /// The payment side did not answer; `reference`: the request.
        case inDoubt = "in_doubt"
        /// Cash on delivery is not there.
        case cashUnsettled = "cash_unsettled"
        /// A fact waits for too long; `reference`: its identity.
        case parkedTooLong = "parked_too_long"
        /// A product became known: validate the order again.
        case revalidate
        /// A warehouse has refused what a rule sourced: another is asked; `reference`: the fulfilment.
        case sourceAgain = "source_again"
        /// What waits for stock has waited for as long as its rule lets it.
        case backorder
        /// Stock that it waits for was given to an order of a later turn; `reference`: the SKU.
        case passedOver = "passed_over"
        /// More orders wait for stock that has come than one pass has called: the next; `reference`: the SKU.
        case giveOut = "give_out"
        /// A count took promised units away; `reference`: SKU@warehouse.
        case takeAway = "take_away"
        /// What is available has changed; `reference`: SKU@warehouse.
        case stockChanged = "stock_changed"
    }

    /// What is due.
    public var kind: Kind
    /// The order it is about.
    public var orderNumber: String?
    /// What of it.
    public var reference: String
    /// When it was due.
    public var dueAt: Timestamp
    /// Other orders that it is about: not part of the row, but looked up when it falls due, to be locked with it.
    public var others: [String] = []

    /// Makes a timer.
    public init(kind: Kind, orderNumber: String?, reference: String = "", dueAt: Timestamp) {
        self.kind = kind
        self.orderNumber = orderNumber
        self.reference = reference
        self.dueAt = dueAt
    }
}
