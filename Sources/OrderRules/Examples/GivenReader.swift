internal import OrderCore

/// Reads `given:`, an order in the shape of `order.placed`; what is left out is as usual.
struct GivenReader {
    func read(_ node: RuleNode) -> ExampleOrder? {
        guard let members = node.members(GivenKey.keys) else { return nil }
        let sellers = ["channel", "partner"].compactMap { members[$0] }
        if sellers.count > 1 { node.error("an order is sold by a `channel` or by a `partner`") }
        let seller = sellers.first.flatMap { $0.text() } ?? "shop"
        let kind =
            members["kind"].flatMap { $0.choice("kind", of: OrderKind.self) }
            ?? (members["partner"] == nil ? .internal : .external)
        let number = members["orderNumber"].flatMap { $0.text() } ?? "\(seller)/1"
        let now = members["at"].flatMap { $0.moment() } ?? Self.usualTime
        let term = members["paymentTerm"].flatMap { $0.choice("payment term", of: PaymentTerm.self) }
        var order = Order(
            number: number, kind: kind, paymentTerm: term ?? (kind == .internal ? .online : .prepaid),
            currency: currency(members["currency"]), status: .awaitingPayment,
            contentHash: ContentHash(high: 0, low: 0), placedAt: now)
        order.paymentState =
            members["paymentState"].flatMap { $0.choice("payment state", of: PaymentState.self) } ?? .unpaid
        let products = products(members["products"])
        var lines = lines(members["lines"], products)
        readAmounts(members["amounts"], &order, &lines)

        var contact = OrderContact(orderNumber: number, receiver: receiver(members["receiver"]))
        contact.remark = members["remark"].flatMap { $0.text() }
        contact.buyer = members["buyer"].flatMap { $0.members(["id"]) }?["id"].flatMap { $0.text() }
        var given = ExampleOrder(order: order, lines: lines, contact: contact, products: products, now: now)
        given.available = counts(members["stock"])
        given.event = members["event"].flatMap { $0.text() }
        given.part = members["part"].flatMap { part($0, lines) }
        given.earlier = (members["history"]?.elements() ?? []).compactMap(earlier)
        return given
    }

    /// A Saturday, noon in UTC.
    private static let usualTime = Timestamp(microseconds: 1_795_262_400_000_000)

    private func currency(_ node: RuleNode?) -> Currency {
        guard let node, let code = node.text() else { return Currency(code: "CNY") ?? .none }
        if let currency = Currency(code: code) { return currency }
        node.error("`\(code)` is no currency of ISO 4217, as CNY")
        return .none
    }

    private func products(_ node: RuleNode?) -> [String: Product] {
        var products: [String: Product] = [:]
        for (sku, value) in node?.members() ?? [] {
            guard let members = value.members(GivenProductKey.keys) else { continue }
            var product = Product(sku: sku)
            product.type = members["type"].flatMap { $0.choice("type", of: LineType.self) } ?? .physical
            product.title = members["title"].flatMap { $0.text() }
            product.supplier = members["supplier"].flatMap { $0.text() }
            product.temperature = members["temperature"].flatMap { $0.text() }
            product.weight = members["weight"].flatMap { $0.integer(RuleBounds.counts) } ?? 0
            product.volume = members["volume"].flatMap { $0.integer(RuleBounds.counts) } ?? 0
            product.floorPrice = members["floorPriceMinor"].flatMap { $0.integer(RuleBounds.counts) }
            products[sku] = product
        }
        return products
    }

    private func lines(_ node: RuleNode?, _ products: [String: Product]) -> [OrderLine] {
        (node?.elements() ?? []).enumerated().compactMap { index, element in
            guard let members = element.members(GivenLineKey.keys) else { return nil }
            guard let sku = members["sku"] else {
                element.error("a line says its `sku`")
                return nil
            }
            guard let sku = sku.text() else { return nil }
            let type = members["type"].flatMap { $0.choice("type", of: LineType.self) }
            return OrderLine(
                number: members["line"].flatMap { $0.integer(RuleBounds.units) } ?? Int64(index + 1), sku: sku,
                type: type ?? products[sku]?.type ?? .physical,
                quantity: members["quantity"].flatMap { $0.integer(RuleBounds.units) } ?? 1,
                unitPrice: members["unitPriceMinor"].flatMap { $0.integer(RuleBounds.counts) } ?? 0)
        }
    }

    /// What is payable follows from the lines, unless it is said.
    private func readAmounts(_ node: RuleNode?, _ order: inout Order, _ lines: inout [OrderLine]) {
        let members = node.flatMap { $0.members(GivenAmountKey.keys) } ?? [:]
        func amount(_ key: GivenAmountKey) -> Int64? {
            members[key.rawValue].flatMap { $0.integer(RuleBounds.counts, "an amount in minor units") }
        }
        var goods: Int64 = 0
        for line in lines {
            let (product, overflow) = line.quantity.multipliedReportingOverflow(by: line.unitPrice)
            goods = min(Limits.amountMinor, goods + min(Limits.amountMinor, overflow ? Limits.amountMinor : product))
        }
        order.amounts = Amounts(
            goods: goods, discount: amount(.discountMinor) ?? 0, deduction: amount(.deductionMinor) ?? 0,
            shipping: amount(.shippingMinor) ?? 0, tax: amount(.taxMinor) ?? 0)
        if let payable = amount(.payableMinor) ?? order.amounts.payable {
            order.payable = payable
        } else {
            node?.error("what is payable would be negative")
        }
        order.due = order.payable
        order.money.captured = amount(.receivedMinor) ?? (order.paymentState == .paid ? order.payable : 0)
        let shares = Allocation.split(
            max(0, order.payable - order.amounts.shipping),
            by: lines.map { $0.quantity * min($0.unitPrice, 1_000_000_000) },
            fallback: lines.map(\.quantity))
        for (index, share) in shares.enumerated() { lines[index].share = share }
    }

    private func receiver(_ node: RuleNode?) -> Receiver {
        let members = node.flatMap { $0.members(GivenReceiverKey.keys) } ?? [:]
        func text(_ key: GivenReceiverKey) -> String? { members[key.rawValue].flatMap { $0.text() } }
        var receiver = Receiver()
        receiver.name = text(.name)
        receiver.phone = text(.phone)
        receiver.country = text(.country)
        receiver.province = text(.province)
        receiver.city = text(.city)
        receiver.district = text(.district)
        receiver.address = text(.address)
        receiver.postalCode = text(.postalCode)
        return receiver
    }

    /// `{ago: {days: 3}, sameGoods: true}`
    private func earlier(_ node: RuleNode) -> ExampleOrder.Earlier? {
        guard let members = node.members(GivenHistoryKey.keys) else { return nil }
        guard let ago = members["ago"] else {
            node.error("an earlier order says how long `ago` it was")
            return nil
        }
        guard let seconds = ago.duration(atLeast: 0) else { return nil }
        return ExampleOrder.Earlier(
            secondsAgo: seconds, hasSameGoods: members["sameGoods"].flatMap { $0.flag() } ?? false)
    }

    /// All of the order, where it names no quantities.
    private func part(_ node: RuleNode, _ lines: [OrderLine]) -> RuleSubject.Part? {
        guard let members = node.members(GivenPartKey.keys) else { return nil }
        guard let warehouse = members["warehouse"] else {
            node.error("a part says its `warehouse`")
            return nil
        }
        guard let code = warehouse.text() else { return nil }
        var quantities = Dictionary(lines.map { ($0.number, $0.quantity) }) { first, _ in first }
        if let given = members["quantities"] {
            quantities = [:]
            for (line, value) in given.members() ?? [] {
                guard let number = Int64(line), lines.contains(where: { $0.number == number }) else {
                    value.keyError("the order has no line \(line)")
                    continue
                }
                quantities[number] = value.integer(0...Limits.quantity)
            }
        }
        return RuleSubject.Part(warehouse: code, quantities: quantities)
    }

    private func counts(_ node: RuleNode?) -> [String: Int64] {
        var counts: [String: Int64] = [:]
        for (sku, value) in node?.members() ?? [] { counts[sku] = value.integer() }
        return counts
    }
}

extension RuleBounds {
    /// What can't be negative.
    static let counts: ClosedRange<Int64> = 0...1_000_000_000_000_000
}
