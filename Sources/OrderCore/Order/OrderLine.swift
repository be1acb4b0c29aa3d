/// A line of an order, known by its number, never by its SKU.
public struct OrderLine: Hashable, Sendable, Keyed {
    /// The sender's line number, unique in the order.
    public let number: Int64
    /// Case-sensitive.
    public var sku: String
    /// Where it comes from.
    public var type: LineType
    /// Units ordered.
    public var quantity: Int64
    /// Minor units.
    public var unitPrice: Int64
    /// The line's part of what is payable without shipping, minor units (`Allocation`).
    public var share: Int64 = 0
    /// Units that will not be shipped any more.
    public var cancelled: Int64 = 0
    /// Units that left a warehouse, or were delivered by event.
    public var shipped: Int64 = 0
    /// Shipped units that came back before receipt.
    public var returned: Int64 = 0
    /// Units that production has finished, of a made-to-order line.
    public var produced: Int64 = 0
    /// The rule that gave it, of a line that was added at price 0.
    public var gift: String?

    /// Makes a line of which nothing has happened yet.
    public init(number: Int64, sku: String, type: LineType, quantity: Int64, unitPrice: Int64) {
        self.number = number
        self.sku = sku
        self.type = type
        self.quantity = quantity
        self.unitPrice = unitPrice
    }

    /// The line's number.
    public var key: Int64 { number }

    /// Units neither shipped nor cancelled.
    public var open: Int64 { quantity - shipped - cancelled }

    /// The line as if only what is left of it had been ordered.
    var rest: OrderLine {
        var line = self
        line.quantity -= cancelled
        line.share -= cancelledShare
        line.cancelled = 0
        return line
    }

    /// What the cancelled units take off the order's due, minor units.
    public var cancelledShare: Int64 { Allocation.firstUnits(cancelled, of: quantity, amount: share) }
}

/// The person who gets the goods. Personal data: it stands in the order's contact row and in message bodies only.
public struct Receiver: Hashable, Sendable {
    /// Name of the person.
    public var name: String?
    /// Telephone number, as written.
    public var phone: String?
    /// ISO 3166 code or name.
    public var country: String?
    /// Province or state.
    public var province: String?
    /// City.
    public var city: String?
    /// District or county.
    public var district: String?
    /// Street, house and flat.
    public var address: String?
    /// Postal code.
    public var postalCode: String?

    /// Makes a receiver of whom nothing is known.
    public init() {}

    /// The names of the fields that a physical delivery can't do without and that are missing or blank.
    public var missingFields: [String] {
        let needed = [("name", name), ("phone", phone), ("city", city), ("address", address)]
        return needed.filter { $0.1?.allSatisfy(\.isWhitespace) ?? true }.map(\.0)
    }
}

/// The personal data of an order, kept in one row so that it can be encrypted and erased with one key.
public struct OrderContact: Hashable, Sendable, Keyed {
    /// The order it belongs to.
    public let orderNumber: String
    /// The key it is stored under; 0 is plain text.
    public var keyID: Int64 = 0
    /// Who gets the goods.
    public var receiver: Receiver
    /// The buyer's id at the shop.
    public var buyer: String?
    /// The buyer's remark.
    public var remark: String?

    /// Makes the personal data of an order.
    public init(orderNumber: String, receiver: Receiver) {
        self.orderNumber = orderNumber
        self.receiver = receiver
    }

    /// The order's number.
    public var key: String { orderNumber }
}
