/// What rules are asked about: an order as it stands, with what it is looked at beside.
public struct RuleSubject: Sendable {
    /// The head.
    public var order: Order
    /// Its seller never changes.
    private let seller: String
    /// What the goods were to cost, and what the buyer owes for them after discounts: as ordered, whatever was cancelled.
    private let price: (listed: Int64, agreed: Int64)
    /// Its lines.
    public var lines: [OrderLine]
    /// Personal data, where it is at hand.
    public var contact: OrderContact?
    /// The products that its lines name.
    public var products: [String: Product]
    /// The database's clock.
    public var now: Timestamp
    /// How many orders the buyer placed before; what was not counted is not there, and passes no test.
    public var history: [BuyerHistory: Int64] = [:]
    /// Units by SKU that can be promised; what was not read is not there, and passes no test.
    public var available: [String: Int64] = [:]
    /// The type of the event that is about to be told, without its version.
    public var event: String?
    /// The part in hand.
    public var part: Part?

    /// One warehouse's part of the order.
    public struct Part: Hashable, Sendable {
        /// The warehouse.
        public var warehouse: String
        /// Units by line.
        public var quantities: [Int64: Int64]

        /// Makes a part.
        public init(warehouse: String, quantities: [Int64: Int64]) {
            self.warehouse = warehouse
            self.quantities = quantities
        }
    }

    /// Looks at an order.
    public init(
        _ order: Order, lines: [OrderLine], contact: OrderContact?, products: [String: Product], now: Timestamp
    ) {
        self.order = order
        seller = order.seller
        let amounts = order.amounts
        price = (amounts.goods, amounts.goods - amounts.discount - amounts.deduction)
        self.lines = lines
        self.contact = contact
        self.products = products
        self.now = now
    }

    /// Takes off what was cancelled, as if only what is left had been ordered.
    public mutating func leaveOutCancelled() {
        guard lines.contains(where: { $0.cancelled > 0 }) else { return }
        lines = lines.map(\.rest).filter { $0.quantity > 0 }
        order.amounts.goods = lines.reduce(0) { $0.addingHeld($1.quantity.timesHeld($1.unitPrice)) }
        order.payable = order.due
    }

    /// The value of a field that is a text.
    func text(_ field: OrderField, zoneSeconds: Int64) -> String? {
        switch field {
        case .kind: order.kind.rawValue
        case .channel: order.kind == .internal ? seller : nil
        case .partner: order.kind == .external ? seller : nil
        case .currency: order.currency.code
        case .paymentTerm: order.paymentTerm.rawValue
        case .paymentState: order.paymentState.rawValue
        case .buyer: contact?.buyer
        case .remark: contact?.remark
        case .receiverName: contact?.receiver.name
        case .receiverPhone: contact?.receiver.phone
        case .country: contact?.receiver.country
        case .province: contact?.receiver.province
        case .city: contact?.receiver.city
        case .district: contact?.receiver.district
        case .address: contact?.receiver.address
        case .postalCode: contact?.receiver.postalCode
        case .weekday: Weekday.name(at: now, zoneSeconds: zoneSeconds)
        case .event: event
        case .warehouse: part?.warehouse
        default: nil
        }
    }

    /// The value of a field that is a number.
    func number(_ field: OrderField, zoneSeconds: Int64) -> Int64? {
        switch field {
        case .paymentReceived: order.money.received
        case .goods: order.amounts.goods
        case .discount: order.amounts.discount
        case .deduction: order.amounts.deduction
        case .shipping: order.amounts.shipping
        case .tax: order.amounts.tax
        case .payable: order.payable
        case .lineCount: Int64(lines.count)
        case .quantity: lines.reduce(0) { $0.addingHeld($1.quantity) }
        case .weight: measure { $0.weight }
        case .volume: measure { $0.volume }
        case .timeOfDay: Weekday.minute(at: now, zoneSeconds: zoneSeconds)
        case .partWeight: partMeasure { $0.weight }
        case .partVolume: partMeasure { $0.volume }
        case .partQuantity: part.map { $0.quantities.values.reduce(0) { $0.addingHeld($1) } }
        case .partValue: partValue
        default: nil
        }
    }

    /// The value of a line's field that is a text.
    func text(_ field: LineField, of line: OrderLine) -> String? {
        switch field {
        case .sku: line.sku
        case .type: line.type.rawValue
        case .title: products[line.sku]?.title
        case .supplier: products[line.sku]?.supplier
        case .temperature: products[line.sku]?.temperature
        default: nil
        }
    }

    /// The value of a line's field that is a number; flags are 1 or 0.
    func number(_ field: LineField, of line: OrderLine) -> Int64? {
        switch field {
        case .quantity: line.quantity
        case .count: 1
        case .unitPrice: line.unitPrice
        case .amount: line.quantity.timesHeld(line.unitPrice)
        case .weight: products[line.sku].map { $0.weight.timesHeld(line.quantity) }
        case .volume: products[line.sku].map { $0.volume.timesHeld(line.quantity) }
        case .floorPrice: floor(of: line)
        case .isBelowFloor: isBelowFloor(line) ? 1 : 0
        case .available: available[line.sku]
        default: nil
        }
    }

    /// In the order's currency; in another it says nothing of its prices.
    private func floor(of line: OrderLine) -> Int64? {
        guard let product = products[line.sku] else { return nil }
        return product.priceCurrency.map { $0 == order.currency.code } ?? true ? product.floorPrice : nil
    }

    /// Whether a unit costs less after the discounts of the order, which lie on all its goods alike.
    private func isBelowFloor(_ line: OrderLine) -> Bool {
        guard let floor = floor(of: line), line.unitPrice > 0 else { return false }
        guard price.agreed < price.listed else { return line.unitPrice < floor }
        return Int128(line.unitPrice) * Int128(price.agreed) < Int128(floor) * Int128(price.listed)
    }

    private func measure(_ of: (Product) -> Int64) -> Int64 {
        lines.reduce(0) { sum, line in
            sum.addingHeld(products[line.sku].map { of($0).timesHeld(line.quantity) } ?? 0)
        }
    }

    private func partMeasure(_ of: (Product) -> Int64) -> Int64? {
        part.map { part in
            lines.reduce(0) { sum, line in
                let units = part.quantities[line.number, default: 0]
                return sum.addingHeld(products[line.sku].map { of($0).timesHeld(units) } ?? 0)
            }
        }
    }

    private var partValue: Int64? {
        part.map { part in
            lines.reduce(0) { sum, line in
                let units = min(part.quantities[line.number, default: 0], line.quantity)
                return sum.addingHeld(Allocation.firstUnits(units, of: line.quantity, amount: line.share))
            }
        }
    }
}

extension Int64 {
    /// The sum, or the largest number: what is compared with bounds need not be exact beyond them.
    func addingHeld(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }

    /// The product, or the largest number.
    func timesHeld(_ other: Int64) -> Int64 {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? .max : product
    }
}
