internal import OrderCore

extension PayloadReader {
    private static let durations: ClosedRange<Int64> = 0...315_360_000

    /// `*.updated`
    func reference(_ kind: ReferenceKind) throws(FieldProblem) -> DecodedPart {
        let revision = try json.requiredInteger("revision", in: root, 1...Int64.max)
        var hasher = ContentHasher(type)
        hasher.add(revision)
        let update: ReferenceUpdate =
            switch kind {
            case .product: .product(try product(revision, &hasher))
            case .warehouse: .warehouse(try warehouse(revision, &hasher))
            case .channel: .seller(try seller(.internal, revision, &hasher))
            case .partner: .seller(try seller(.external, revision, &hasher))
            }
        return DecodedPart(
            payload: .reference(update),
            businessKey: BusinessKeyText.make(kind.rawValue, [update.code, String(revision)]),
            contentHash: hasher.finish())
    }

    private func product(_ revision: Int64, _ hasher: inout ContentHasher) throws(FieldProblem) -> Product {
        var product = Product(
            sku: try json.requiredText("sku", in: root, .sku), revision: revision,
            isListed: try json.flag("listed", in: root) ?? true,
            type: try json.choice("type", in: root, LineType.self) ?? .physical)
        product.prices = try prices()
        if !product.prices.isEmpty { product.priceCurrency = try json.currency("currency", in: root).code }
        product.title = try json.text("title", in: root, .personal)
        try readTravel(&product)
        hasher.add(product.sku)
        hasher.add(product.isListed)
        hasher.add(product.type.rawValue)
        hasher.add(product.priceCurrency)
        hasher.add(product.title)
        for (seller, price) in product.prices.sorted(by: { $0.key < $1.key }) {
            hasher.add(seller)
            hasher.add(price)
        }
        hasher.add(product.weight)
        hasher.add(product.volume)
        hasher.add(product.supplier)
        hasher.add(product.temperature)
        hasher.add(product.floorPrice)
        hasher.add(product.presaleUntil)
        return product
    }

    /// What rules ask of a product: how it travels, whose it is, what it may cost.
    private func readTravel(_ product: inout Product) throws(FieldProblem) {
        product.weight = try json.integer("weightGrams", in: root, Self.measures) ?? 0
        product.volume = try json.integer("volumeCubicCentimetres", in: root, Self.measures) ?? 0
        product.supplier = try json.text("supplier", in: root, .code)
        product.temperature = try json.text("temperature", in: root, .code)
        product.presaleUntil = try json.time("presaleUntil", in: root)
        product.floorPrice = try json.integer("floorPriceMinor", in: root, Self.amounts)
        if product.floorPrice != nil { product.priceCurrency = try json.currency("currency", in: root).code }
    }

    /// Prices by channel or partner code; `*` stands for any.
    private func prices() throws(FieldProblem) -> [String: Int64] {
        try amounts("pricesMinor", .seller, "channel or partner codes")
    }

    /// Amounts by a text, each of which is there once.
    private func amounts(
        _ name: StaticString, _ rule: TextRule, _ what: String
    ) throws(FieldProblem) -> [String: Int64] {
        guard let object = try json.object(name, in: root) else { return [:] }
        var amounts: [String: Int64] = [:]
        for (key, value) in json.members(of: object) {
            guard let text = try json.text(at: key, rule) else {
                throw json.problem(at: object, "expected \(what) as keys, got an empty one")
            }
            if amounts[text] != nil { throw json.problem(at: key, "is given twice") }
            amounts[text] = try json.integer(at: value, Self.amounts)
            if amounts.count > 1_000 { throw json.problem(at: object, "expected at most 1000 amounts") }
        }
        return amounts
    }

    private func warehouse(_ revision: Int64, _ hasher: inout ContentHasher) throws(FieldProblem) -> Warehouse {
        var warehouse = Warehouse(
            code: try json.requiredText("code", in: root, .code), revision: revision,
            isActive: try json.flag("active", in: root) ?? true,
            priority: try json.integer("priority", in: root, 0...1_000_000) ?? 100)
        warehouse.title = try json.text("title", in: root, .personal)
        warehouse.parcelCosts = try amounts("parcelCostsMinor", .identifier, "areas")
        for area in try json.list("areas", in: root, atMost: 1_000) ?? [] {
            guard let name = try json.text(at: area, .identifier) else {
                throw json.problem(at: area, "expected the name of an area, got an empty text")
            }
            warehouse.areas.insert(name)
        }
        hasher.add(warehouse.code)
        hasher.add(warehouse.isActive)
        hasher.add(warehouse.priority)
        hasher.add(warehouse.title)
        // In an order of their own: the same areas are the same content.
        for area in warehouse.areas.sorted() { hasher.add(area) }
        hasher.add(Int64(warehouse.areas.count))
        for (area, cost) in warehouse.parcelCosts.sorted(by: { $0.key < $1.key }) {
            hasher.add(area)
            hasher.add(cost)
        }
        return warehouse
    }

    private func seller(
        _ kind: OrderKind, _ revision: Int64, _ hasher: inout ContentHasher
    ) throws(FieldProblem) -> Seller {
        var seller = Seller(
            kind, code: try json.requiredText("code", in: root, .seller), revision: revision,
            isActive: try json.flag("active", in: root) ?? true, policy: try policy(StorePolicy(of: kind)))
        seller.title = try json.text("title", in: root, .personal)
        hasher.add(seller.key.code)
        hasher.add(seller.isActive)
        hasher.add(seller.title)
        hasher.add(seller.policy)
        return seller
    }

    /// A store's policy; what is not named is as the default.
    private func policy(_ defaults: StorePolicy) throws(FieldProblem) -> StorePolicy {
        var policy = defaults
        guard let object = try json.object("policy", in: root) else { return policy }
        func read<Choice: RawRepresentable & CaseIterable>(
            _ name: StaticString, _ choice: inout Choice
        ) throws(FieldProblem) where Choice.RawValue == String {
            choice = try json.choice(name, in: object, Choice.self) ?? choice
        }
        func read(_ name: StaticString, _ value: inout Int64, _ range: ClosedRange<Int64>) throws(FieldProblem) {
            value = try json.integer(name, in: object, range) ?? value
        }
        try read("onInvalid", &policy.onInvalid)
        try read("capture", &policy.capture)
        try read("onShort", &policy.onShort)
        policy.allowsSplitBackorders =
            try json.flag("allowsSplitBackorders", in: object) ?? policy.allowsSplitBackorders
        try read("receipt", &policy.receipt)
        try read("paymentToleranceMinor", &policy.paymentTolerance, Self.amounts)
        try read("priceToleranceBasisPoints", &policy.priceTolerance, 0...10_000)
        try read("paymentTimeoutSeconds", &policy.paymentTimeout, Self.durations)
        try read("releaseDelaySeconds", &policy.releaseDelay, Self.durations)
        try read("autoReceiveAfterDeliverySeconds", &policy.autoReceiveAfterDelivery, Self.durations)
        try read("autoReceiveAfterShippingSeconds", &policy.autoReceiveAfterShipping, Self.durations)
        try read("reviewWindowSeconds", &policy.reviewWindow, Self.durations)
        try read("noAnswerAfterSeconds", &policy.noAnswerAfter, Self.durations)
        try read("handOverInDoubtAfterSeconds", &policy.handOverInDoubtAfter, Self.durations)
        try read("inDoubtAfterSeconds", &policy.inDoubtAfter, Self.durations)
        try read("cashWithinSeconds", &policy.cashWithin, Self.durations)
        return policy
    }
}

extension ContentHasher {
    fileprivate mutating func add(_ policy: StorePolicy) {
        for word in [
            policy.onInvalid.rawValue, policy.capture.rawValue, policy.onShort.rawValue, policy.receipt.rawValue,
        ] {
            add(word)
        }
        add(policy.allowsSplitBackorders)
        for number in [
            policy.paymentTolerance, policy.priceTolerance, policy.paymentTimeout, policy.releaseDelay,
            policy.autoReceiveAfterDelivery, policy.autoReceiveAfterShipping, policy.reviewWindow,
            policy.noAnswerAfter, policy.handOverInDoubtAfter, policy.inDoubtAfter, policy.cashWithin,
        ] {
            add(number)
        }
    }
}
