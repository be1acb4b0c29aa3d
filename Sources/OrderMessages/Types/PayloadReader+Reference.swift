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
        hasher.add(product.sku)
        hasher.add(product.isListed)
        hasher.add(product.type.rawValue)
        hasher.add(product.priceCurrency)
        hasher.add(product.title)
        for (seller, price) in product.prices.sorted(by: { $0.key < $1.key }) {
            hasher.add(seller)
            hasher.add(price)
        }
        return product
    }

    /// Prices by channel or partner code; `*` stands for any.
    private func prices() throws(FieldProblem) -> [String: Int64] {
        guard let object = try json.object("pricesMinor", in: root) else { return [:] }
        var prices: [String: Int64] = [:]
        for (key, value) in json.members(of: object) {
            guard let seller = try json.text(at: key, .seller) else {
                throw json.problem(at: object, "expected channel or partner codes as keys, got an empty one")
            }
            if prices[seller] != nil { throw json.problem(at: key, "is given twice") }
            prices[seller] = try json.integer(at: value, Self.amounts)
            if prices.count > 1_000 { throw json.problem(at: object, "expected at most 1000 prices") }
        }
        return prices
    }

    private func warehouse(_ revision: Int64, _ hasher: inout ContentHasher) throws(FieldProblem) -> Warehouse {
        var warehouse = Warehouse(
            code: try json.requiredText("code", in: root, .code), revision: revision,
            isActive: try json.flag("active", in: root) ?? true,
            priority: try json.integer("priority", in: root, 0...1_000_000) ?? 100)
        warehouse.title = try json.text("title", in: root, .personal)
        hasher.add(warehouse.code)
        hasher.add(warehouse.isActive)
        hasher.add(warehouse.priority)
        hasher.add(warehouse.title)
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
