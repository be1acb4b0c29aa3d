/// One warehouse's part of an order (of several orders, once orders are merged into a parcel).
public struct Fulfilment: Hashable, Sendable, Keyed {
    /// `<order number>-F1`: the order that it was made for, and a count.
    public let id: String
    /// The order that it was made for.
    public let orderNumber: String
    /// The warehouse that ships it.
    public let warehouse: String
    /// How far it is.
    public var state: FulfilmentState = .planned
    /// How far a wish to stop it is, beside its state.
    public var cancel: CancelState = .none
    /// A change that its warehouse is asked for.
    public var amend = Amend()
    /// Counts our requests to the warehouse about it; its answers name one.
    public var requestNumber: Int64 = 0
    /// The carrier's code, as a rule or a person chose it; the warehouse's own choice where none is said.
    public var carrier: String?
    /// Staff have chosen its carrier.
    public var isCarrierByStaff = false
    /// The parcel that it travels in with parts of other orders: its warehouse knows it by that.
    public var travelsIn: String?
    /// The number of the request that asks for it to leave that parcel; 0: not asked for yet.
    public var leaveNumber: Int64 = 0
    /// What its carrier was told last to collect of a cash order, as its warehouse has it, minor units.
    public var collect: Int64?
    /// How often it was handed over without an answer; 0 once its warehouse has said anything about it.
    public var unanswered: Int64 = 0
    /// The day whose work it is, of a warehouse that can't take on all that comes: days since 1970 in the rules' zone.
    public var workday: Int64?
    /// How many events each receiver was told with this fulfilment as their subject.
    public var eventCounts: [String: Int64] = [:]

    /// Plans a fulfilment.
    public init(id: String, orderNumber: String, warehouse: String) {
        self.id = id
        self.orderNumber = orderNumber
        self.warehouse = warehouse
    }

    /// The id of the so many-th fulfilment that was made for an order.
    static func id(_ count: Int, of order: String) -> String { "\(order)-F\(count)" }

    /// The fulfilment's id.
    public var key: String { id }

    /// The order number that a fulfilment id, or the id of a request of ours, was made from.
    public static func orderNumber(ofIdentifier id: String) -> String? {
        guard let dash = id.lastIndex(of: "-") else { return nil }
        let suffix = id[id.index(after: dash)...]
        guard let letter = suffix.first, "FMRCVP".contains(letter), suffix.dropFirst().allSatisfy(\.isNumber),
            suffix.count > 1
        else { return nil }
        return String(id[..<dash])
    }
}

/// How far a fulfilment is.
public enum FulfilmentState: String, Hashable, Sendable, CaseIterable {
    /// Reserved in the warehouse, not yet handed over.
    case planned
    /// Handed to the warehouse.
    case released
    case accepted
    case picking
    case packed
    /// Something of it left, something is to come.
    case partiallyShipped = "partially_shipped"
    /// All that will leave has left.
    case shipped
    case delivered
    /// The warehouse won't do it.
    case rejected
    /// Stopped, with nothing shipped.
    case cancelled
    case lost
    case returnedToSender = "returned_to_sender"

    /// At the warehouse, with something still to leave.
    public var isWithWarehouse: Bool {
        switch self {
        case .released, .accepted, .picking, .packed, .partiallyShipped: true
        default: false
        }
    }

    /// How far the work is, for answers that come out of order: a later state is never set back by an earlier one.
    var progress: Int {
        switch self {
        case .planned: 0
        case .released: 1
        case .accepted: 2
        case .picking: 3
        case .packed: 4
        case .partiallyShipped: 5
        case .shipped: 6
        case .delivered, .rejected, .cancelled, .lost, .returnedToSender: 7
        }
    }
}

/// How far a wish to stop a fulfilment (拦截), or to change it, is.
public enum CancelState: String, Hashable, Sendable, CaseIterable {
    case none
    case requested
    /// The warehouse stopped what had not shipped, or changed it.
    case agreed
    /// The warehouse goes on as before.
    case refused
    /// No answer in time; a late one still counts.
    case unanswered
}

/// How much of an order's line a fulfilment carries.
public struct FulfilmentLine: Hashable, Sendable, Keyed {
    /// Fulfilment and line.
    public struct Key: Hashable, Sendable {
        /// The fulfilment's id.
        public var fulfilment: String
        /// The line of the order.
        public var line: Int64

        /// Makes a key.
        public init(_ fulfilment: String, _ line: Int64) {
            self.fulfilment = fulfilment
            self.line = line
        }
    }

    /// Never changes.
    public let key: Key
    /// The SKU, as on the line.
    public let sku: String
    /// Units it is to ship.
    public var quantity: Int64
    /// Units reserved for it in the stock of its warehouse.
    public var reserved: Int64 = 0
    /// Units that left.
    public var shipped: Int64 = 0
    /// Units that it won't ship.
    public var cancelled: Int64 = 0
    /// Units that its warehouse was asked last to leave out.
    public var asked: Int64 = 0

    /// Makes a fulfilment's part of a line.
    public init(key: Key, sku: String, quantity: Int64) {
        self.key = key
        self.sku = sku
        self.quantity = quantity
    }

    /// Units still to leave.
    public var open: Int64 { quantity - shipped - cancelled }
}

/// A parcel: immutable in what it holds, with its journey beside it.
public struct Parcel: Hashable, Sendable, Keyed {
    /// Warehouse and the warehouse's shipment.
    public struct Key: Hashable, Sendable {
        /// The warehouse.
        public var warehouse: String
        /// The warehouse's number for the parcel.
        public var shipment: String

        /// Makes a key.
        public init(warehouse: String, shipment: String) {
            self.warehouse = warehouse
            self.shipment = shipment
        }
    }

    /// How far its journey is.
    public enum State: String, Hashable, Sendable, CaseIterable {
        case shipped
        case delivered
        case lost
        case returnedToSender = "returned_to_sender"
    }

    /// Never changes.
    public let key: Key
    /// The fulfilment it belongs to.
    public let fulfilment: String
    /// The carrier's code.
    public let carrier: String?
    /// The carrier's number.
    public let trackingNumber: String?
    /// What the whole parcel weighs by the warehouse's scales, grams.
    public var weight: Int64?
    /// What the carrier takes for the whole parcel, minor units of the order's currency.
    public var freight: Int64?
    /// When it left.
    public let shippedAt: Timestamp
    /// How far its journey is.
    public var state: State = .shipped
    /// When it was delivered.
    public var deliveredAt: Timestamp?
    /// What it holds, by line: parallel to `quantities`.
    public let lines: [Int64]
    /// Units of each of `lines`.
    public let quantities: [Int64]
    /// Units of each of `lines` that were not to leave: they had been cancelled, were short, or sourced elsewhere.
    public var stopped: [Int64]

    /// Makes a parcel that has just left.
    public init(
        key: Key, fulfilment: String, carrier: String?, trackingNumber: String?, shippedAt: Timestamp, lines: [Int64],
        quantities: [Int64]
    ) {
        self.key = key
        self.fulfilment = fulfilment
        self.carrier = carrier
        self.trackingNumber = trackingNumber
        self.shippedAt = shippedAt
        self.lines = lines
        self.quantities = quantities
        stopped = [Int64](repeating: 0, count: quantities.count)
    }

    /// Nothing in it was to leave.
    var isStopped: Bool { !lines.isEmpty && stopped == quantities }
}
