/// What the value of a field is.
public enum RuleFieldKind: Hashable, Sendable {
    /// Any text.
    case text
    /// One of these words.
    case word([String])
    /// A count, or a measure in the unit that the field's page names.
    case number
    /// Minor units of the order's currency.
    case amount
    /// Minutes since midnight, written as `HH:MM`.
    case timeOfDay
    /// Yes or no.
    case flag

    /// Compared as a number.
    public var isNumeric: Bool {
        switch self {
        case .number, .amount, .timeOfDay, .flag: true
        case .text, .word: false
        }
    }
}

/// A field of an order that rules may test. The raw values are the keys of the rule language.
public enum OrderField: String, Hashable, Sendable, CaseIterable {
    case kind
    /// The code of the channel that sold it; missing for a partner's order.
    case channel
    /// The code of the partner who sold it; missing for an order of our own.
    case partner
    case currency
    case paymentTerm = "payment.term"
    case paymentState = "payment.state"
    /// Captured, less what went back.
    case paymentReceived = "payment.received"
    case goods = "amounts.goods"
    case discount = "amounts.discount"
    case deduction = "amounts.deduction"
    case shipping = "amounts.shipping"
    case tax = "amounts.tax"
    case payable = "amounts.payable"
    case lineCount = "lines.count"
    /// Units of all lines.
    case quantity = "lines.quantity"
    /// Grams of all lines.
    case weight = "lines.weight"
    /// Cubic centimetres of all lines.
    case volume = "lines.volume"
    /// The buyer's id at the shop.
    case buyer = "buyer.id"
    case remark
    case receiverName = "receiver.name"
    case receiverPhone = "receiver.phone"
    case country = "receiver.country"
    case province = "receiver.province"
    case city = "receiver.city"
    case district = "receiver.district"
    case address = "receiver.address"
    case postalCode = "receiver.postalCode"
    case timeOfDay = "time.ofDay"
    case weekday = "time.weekday"
    /// The type of the event that is about to be told, without its version.
    case event
    /// The warehouse of the part in hand.
    case warehouse
    /// Grams of the part in hand.
    case partWeight = "part.weight"
    /// Cubic centimetres of the part in hand.
    case partVolume = "part.volume"
    /// What the buyer owes for the part in hand.
    case partValue = "part.value"
    /// Units of the part in hand.
    case partQuantity = "part.quantity"

    /// What its value is.
    public var kind: RuleFieldKind {
        switch self {
        case .kind: .word(OrderKind.allCases.map(\.rawValue))
        case .paymentTerm: .word(PaymentTerm.allCases.map(\.rawValue))
        case .paymentState: .word(PaymentState.allCases.map(\.rawValue))
        case .weekday: .word(Weekday.names)
        case .paymentReceived, .goods, .discount, .deduction, .shipping, .tax, .payable, .partValue: .amount
        case .lineCount, .quantity, .weight, .volume, .partWeight, .partVolume, .partQuantity: .number
        case .timeOfDay: .timeOfDay
        case .channel, .partner, .currency, .buyer, .remark, .receiverName, .receiverPhone, .country, .province,
            .city, .district, .address, .postalCode, .event, .warehouse:
            .text
        }
    }

    /// Tells who somebody is: its value is never written down with a decision.
    public var isPersonal: Bool {
        switch self {
        case .buyer, .remark, .receiverName, .receiverPhone, .address: true
        default: false
        }
    }

    /// The phases that know it; the others never pass a test of it.
    public var phases: [RulePhase] {
        switch self {
        case .event: [.output]
        case .warehouse: [.carrier, .output, .merge]
        case .partWeight, .partVolume, .partValue, .partQuantity: [.carrier, .output]
        default: RulePhase.allCases
        }
    }
}

/// A field of a line that rules may test.
public enum LineField: String, Hashable, Sendable, CaseIterable {
    case sku
    case type
    case quantity
    /// One of each line: its sum counts them.
    case count = "lines"
    case unitPrice
    /// Quantity × unit price.
    case amount
    /// What people call the product.
    case title
    /// The supplier who ships it himself (一件代发).
    case supplier
    /// The temperature class it travels in.
    case temperature
    /// Grams of all its units.
    case weight
    /// Cubic centimetres of all its units.
    case volume
    /// The lowest price it may be sold at; missing where there is none.
    case floorPrice
    /// Sold below its floor price.
    case isBelowFloor = "belowFloor"
    /// Units that can be promised, of all warehouses.
    case available = "stock.available"

    /// The phases that know it.
    public var phases: [RulePhase] {
        self == .available ? [.validate, .review, .gift, .source, .backorder, .split] : RulePhase.allCases
    }

    /// What its value is.
    public var kind: RuleFieldKind {
        switch self {
        case .type: .word(LineType.allCases.map(\.rawValue))
        case .quantity, .count, .weight, .volume, .available: .number
        case .unitPrice, .amount, .floorPrice: .amount
        case .isBelowFloor: .flag
        case .sku, .title, .supplier, .temperature: .text
        }
    }
}
