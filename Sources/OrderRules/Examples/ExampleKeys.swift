/// What an example may have.
enum ExampleKey: String, CaseIterable {
    case name, phase, given, expect
}

/// What the order of an example may have: the fields of `order.placed`, and what stands beside the order.
enum GivenKey: String, CaseIterable {
    case orderNumber, kind, channel, partner, at, currency, paymentTerm, paymentState, amounts, lines, receiver, buyer
    case remark, history, products, stock, event, part
}

/// The amounts of `order.placed`, and what was received.
enum GivenAmountKey: String, CaseIterable {
    case discountMinor, deductionMinor, shippingMinor, taxMinor, payableMinor, receivedMinor
}

/// A line of `order.placed`.
enum GivenLineKey: String, CaseIterable {
    case line, sku, type, quantity, unitPriceMinor
}

/// The receiver of `order.placed`.
enum GivenReceiverKey: String, CaseIterable {
    case name, phone, country, province, city, district, address, postalCode
}

/// A product that lines name.
enum GivenProductKey: String, CaseIterable {
    case title, type, supplier, temperature, weight, volume, floorPriceMinor
}

/// An earlier order of the buyer.
enum GivenHistoryKey: String, CaseIterable {
    case ago, sameGoods
}

/// The part in hand.
enum GivenPartKey: String, CaseIterable {
    case warehouse, quantities
}

/// What is expected of a phase.
enum ExpectKey: String, CaseIterable {
    case rules, then
}
