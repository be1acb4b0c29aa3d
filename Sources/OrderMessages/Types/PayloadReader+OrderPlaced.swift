internal import OrderCore

extension PayloadReader {
    /// `order.placed`: once its number can be read it is an order, whatever else is wrong with it.
    func orderPlaced() throws(FieldProblem) -> DecodedPart {
        let number = try requiredOrderNumber(in: root)
        let kind: OrderKind = queue == "orders.external" ? .external : .internal
        var defects = Defects()
        let placedAt = defects.read { () throws(FieldProblem) in try occurredAt("placedAt") }
        let currency = defects.read { () throws(FieldProblem) in try json.currency("currency", in: root) }
        let term = defects.read { () throws(FieldProblem) in
            try json.choice("paymentTerm", in: root, PaymentTerm.self)
        }
        var placed = OrderPlaced(
            orderNumber: number, kind: kind, placedAt: placedAt?.time ?? sentAt ?? receivedAt,
            currency: currency ?? .none, paymentTerm: (term ?? nil) ?? (kind == .internal ? .online : .prepaid))
        readAmounts(into: &placed, &defects)
        readPeople(into: &placed, &defects)
        placed.lines = lines(&defects)
        if let node = json.unreadable, node > root, node < Int(json.tokens[root].next) {
            defects.add(json.mismatch(at: node, expected: "a text"))
        }
        placed.defects = defects.reasons
        return DecodedPart(
            payload: .orderPlaced(placed), businessKey: nil,
            contentHash: hash(of: placed, placedAt: placedAt?.told))
    }

    private func readAmounts(into placed: inout OrderPlaced, _ defects: inout Defects) {
        let object = defects.read { () throws(FieldProblem) in try json.object("amounts", in: root) }
        guard let amounts = object ?? nil else { return }
        func amount(_ name: StaticString, _ defects: inout Defects) -> Int64? {
            defects.read { () throws(FieldProblem) in try json.integer(name, in: amounts, Self.amounts) } ?? nil
        }
        placed.claimedGoods = amount("goodsMinor", &defects)
        placed.claimed.goods = placed.claimedGoods ?? 0
        placed.claimed.discount = amount("discountMinor", &defects) ?? 0
        placed.claimed.deduction = amount("deductionMinor", &defects) ?? 0
        placed.claimed.shipping = amount("shippingMinor", &defects) ?? 0
        placed.claimed.tax = amount("taxMinor", &defects) ?? 0
        placed.claimedPayable = amount("payableMinor", &defects)
    }

    private func readPeople(into placed: inout OrderPlaced, _ defects: inout Defects) {
        let buyer = defects.read { () throws(FieldProblem) in try json.object("buyer", in: root) }
        if let buyer = buyer ?? nil {
            placed.buyer =
                defects.read { () throws(FieldProblem) in try json.text("id", in: buyer, .personal) } ?? nil
        }
        let receiver = defects.read { () throws(FieldProblem) in try json.object("receiver", in: root) }
        if let receiver = receiver ?? nil { placed.receiver = self.receiver(receiver, &defects) }
        placed.remark = defects.read { () throws(FieldProblem) in try json.text("remark", in: root, .free) } ?? nil
    }

    /// A receiver, as far as it can be read.
    func receiver(_ object: JSONDocument.Node, _ defects: inout Defects) -> Receiver {
        func field(_ name: StaticString, _ defects: inout Defects) -> String? {
            defects.read { () throws(FieldProblem) in try json.text(name, in: object, .personal) } ?? nil
        }
        var receiver = Receiver()
        receiver.name = field("name", &defects)
        receiver.phone = field("phone", &defects)
        receiver.country = field("country", &defects)
        receiver.province = field("province", &defects)
        receiver.city = field("city", &defects)
        receiver.district = field("district", &defects)
        receiver.address = field("address", &defects)
        receiver.postalCode = field("postalCode", &defects)
        return receiver
    }

    /// The lines that can be read as a whole.
    private func lines(_ defects: inout Defects) -> [OrderPlaced.Line] {
        let list = defects.read { () throws(FieldProblem) in try json.list("lines", in: root, atMost: Limits.lines) }
        guard let nodes = list ?? nil else { return [] }
        var lines: [OrderPlaced.Line] = []
        lines.reserveCapacity(nodes.count)
        var largest: Int64 = 0
        for node in nodes where !defects.isFull {
            guard let line = defects.read({ () throws(FieldProblem) in try line(node) }) else { continue }
            // Most senders count upwards: only the others are searched.
            if line.number <= largest, lines.contains(where: { $0.number == line.number }) {
                defects.add(json.problem("line", in: node, "line \(line.number) is given twice"))
                continue
            }
            largest = max(largest, line.number)
            lines.append(line)
        }
        return lines
    }

    private func line(_ node: JSONDocument.Node) throws(FieldProblem) -> OrderPlaced.Line {
        guard json.tokens[node].kind == .object else {
            throw json.mismatch(at: node, expected: "an object", isPersonal: true)
        }
        return OrderPlaced.Line(
            number: try json.requiredInteger("line", in: node, Self.lineNumbers),
            sku: try json.requiredText("sku", in: node, .sku),
            type: try json.choice("type", in: node, LineType.self),
            quantity: try json.requiredInteger("quantity", in: node, Self.quantities),
            unitPrice: try json.requiredInteger("unitPriceMinor", in: node, Self.amounts))
    }

    private func hash(of placed: OrderPlaced, placedAt: Timestamp?) -> ContentHash {
        var hasher = ContentHasher(type)
        hasher.add(placed.orderNumber)
        hasher.add(placed.kind.rawValue)
        hasher.add(placedAt)
        hasher.add(placed.currency.code)
        hasher.add(placed.paymentTerm.rawValue)
        hasher.add(placed.claimedGoods)
        hasher.add(placed.claimedPayable)
        hasher.add(placed.claimed.discount)
        hasher.add(placed.claimed.deduction)
        hasher.add(placed.claimed.shipping)
        hasher.add(placed.claimed.tax)
        hasher.add(placed.buyer)
        hasher.add(placed.remark)
        hasher.add(placed.receiver)
        hasher.add(Int64(placed.lines.count))
        for line in placed.lines {
            hasher.add(line.number)
            hasher.add(line.sku)
            hasher.add(line.type?.rawValue)
            hasher.add(line.quantity)
            hasher.add(line.unitPrice)
        }
        for defect in placed.defects {
            hasher.add(defect.path)
            hasher.add(defect.detail)
        }
        return hasher.finish()
    }
}

extension ContentHasher {
    /// Adds a receiver.
    mutating func add(_ receiver: Receiver) {
        add(receiver.name)
        add(receiver.phone)
        add(receiver.country)
        add(receiver.province)
        add(receiver.city)
        add(receiver.district)
        add(receiver.address)
        add(receiver.postalCode)
    }
}
