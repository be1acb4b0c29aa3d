/// A shop or partner took an order. Whatever could not be read stands in `defects`: the order exists all the same.
public struct OrderPlaced: Hashable, Sendable {
    /// A line as claimed by the sender.
    public struct Line: Hashable, Sendable {
        /// The sender's line number, unique in the order.
        public var number: Int64
        /// Case-sensitive.
        public var sku: String
        /// Where it comes from; as the product says where the message does not.
        public var type: LineType?
        /// Units.
        public var quantity: Int64
        /// Minor units.
        public var unitPrice: Int64

        /// Makes a line.
        public init(number: Int64, sku: String, type: LineType? = nil, quantity: Int64, unitPrice: Int64) {
            self.number = number
            self.sku = sku
            self.type = type
            self.quantity = quantity
            self.unitPrice = unitPrice
        }
    }

    /// `<channel or partner code>/<their number>`.
    public var orderNumber: String
    /// Who sold: known by the queue.
    public var kind: OrderKind
    /// When the buyer placed it.
    public var placedAt: Timestamp
    /// ISO 4217.
    public var currency: Currency
    /// When it is paid.
    public var paymentTerm: PaymentTerm
    /// The lines, in the sender's order.
    public var lines: [Line] = []
    /// The sums as claimed; `goods` as claimed where it is.
    public var claimed = Amounts()
    /// The claimed sum of the lines.
    public var claimedGoods: Int64?
    /// What the sender says is payable.
    public var claimedPayable: Int64?
    /// Who gets the goods.
    public var receiver = Receiver()
    /// The buyer's id at the shop.
    public var buyer: String?
    /// The buyer's remark.
    public var remark: String?
    /// What could not be read, with its path.
    public var defects: [Reason] = []

    /// Makes an order of which only the head is known.
    public init(
        orderNumber: String, kind: OrderKind, placedAt: Timestamp, currency: Currency, paymentTerm: PaymentTerm
    ) {
        self.orderNumber = orderNumber
        self.kind = kind
        self.placedAt = placedAt
        self.currency = currency
        self.paymentTerm = paymentTerm
    }
}
