import OrderCore

/// Messages in one line, with the business keys of the contract.
extension Bench {
    mutating func message(
        _ payload: Payload, key: String? = nil, content: Int, source: String = "test", sender: Sender = .owner(of: nil)
    ) -> Message {
        messageCount += 1
        return Message(
            identity: MessageIdentity(source: source, id: "m\(messageCount)"), receivedAt: now,
            contentHash: ContentHash(high: 0, low: UInt64(bitPattern: Int64(content))), payload: payload,
            businessKey: key, sender: sender)
    }

    mutating func placing(
        _ number: String = "web/1", _ lines: [OrderPlaced.Line] = [.of("A", 2, at: 100)], term: PaymentTerm? = nil,
        edit: (inout OrderPlaced) -> Void = { _ in }
    ) -> Message {
        let kind: OrderKind = number.hasPrefix("tm/") ? .external : .internal
        var order = OrderPlaced(
            orderNumber: number, kind: kind, placedAt: Timestamp(microseconds: 1_800_000_000_000_000), currency: .cny,
            paymentTerm: term ?? (kind == .external ? .prepaid : .online))
        order.lines = lines.enumerated().map { index, line in
            var line = line
            if line.number == 0 { line.number = Int64(index) + 1 }
            return line
        }
        order.receiver = .someone
        edit(&order)
        return message(.orderPlaced(order), content: order.hashValue)
    }

    mutating func paying(
        _ kind: PaymentFactKind, _ number: String = "web/1", _ amount: Int64, _ transaction: String = "T1",
        reference: String = "1", gateway: String = "pay", isCumulative: Bool = false, currency: Currency = .cny,
        at occurredAt: Timestamp? = nil, answering requestID: String? = nil
    ) -> Message {
        let key = PaymentFact.Key(gateway: gateway, transaction: transaction, kind: kind, reference: reference)
        let report = PaymentReport(
            orderNumber: number, key: key, amount: amount, isCumulative: isCumulative, currency: currency,
            occurredAt: occurredAt ?? now, requestID: requestID)
        var hasher = Hasher()
        hasher.combine(amount)
        hasher.combine(currency)
        return message(
            .payment(report), key: "payment \(gateway) \(transaction) \(kind) \(reference) \(number)",
            content: hasher.finalize(), source: gateway)
    }

    mutating func reporting(
        _ kind: FulfilmentReport.Kind, _ number: String = "web/1", from warehouse: String? = "N",
        parcel: String? = nil, _ lines: [Int64: Int64] = [:], fulfilment: String? = nil, isCumulative: Bool = false,
        document: String? = nil, answering requestID: String? = nil, at occurredAt: Timestamp? = nil
    ) -> Message {
        var report = FulfilmentReport(
            kind: kind, orderNumber: number, fulfilment: fulfilment, warehouse: warehouse,
            occurredAt: occurredAt ?? now)
        report.shipment = parcel
        report.lines = lines.sorted { $0.key < $1.key }.map { LineQuantity(line: $0.key, quantity: $0.value) }
        report.isCumulative = isCumulative
        report.requestID = requestID
        let reference = parcel ?? requestID ?? document ?? ""
        let subject = fulfilment ?? number
        var hasher = Hasher()
        hasher.combine(report.lines)
        return message(
            .fulfilment(report), key: "\(kind) \(warehouse ?? "") \(parcel == nil ? subject : "") \(reference)",
            content: hasher.finalize(), source: "wms")
    }

    mutating func asking(
        _ kind: OrderRequest.Kind, _ number: String = "web/1", id: String = "1", sender: Sender = .owner(of: nil)
    ) -> Message {
        let request = OrderRequest(kind: kind, orderNumber: number, requestID: id, occurredAt: now)
        return message(.request(request), key: "\(kind) \(number) \(id)", content: 0, source: "shop", sender: sender)
    }

    mutating func commanding(
        _ action: StaffCommand.Action, _ number: String = "web/1", by roles: Set<StaffRole> = [.administrator],
        reason: String = "because", version: Int64? = nil
    ) -> Message {
        let command = StaffCommand(
            orderNumber: number, action: action, by: "li", reason: reason, expectedVersion: version)
        return message(.command(command), content: 0, source: "console", sender: .staff(roles: roles))
    }

    mutating func stocking(
        _ kind: StockReport.Kind, _ sku: String, _ warehouse: String, _ quantity: Int64, document: String? = nil,
        at occurredAt: Timestamp? = nil
    ) -> Message {
        let report = StockReport(
            kind: kind, key: StockKey(sku: sku, warehouse: warehouse), quantity: quantity,
            document: document ?? "D\(messageCount)", occurredAt: occurredAt ?? now)
        return message(
            .stock(report), key: "\(kind) \(warehouse) \(sku) \(report.document)", content: Int(quantity),
            source: "wms")
    }
}

/// Said and decided at once: a batch of one each.
extension Bench {
    @discardableResult
    mutating func place(
        _ number: String = "web/1", _ lines: [OrderPlaced.Line] = [.of("A", 2, at: 100)], term: PaymentTerm? = nil,
        edit: (inout OrderPlaced) -> Void = { _ in }
    ) -> Outcome {
        feed(placing(number, lines, term: term, edit: edit))
    }

    @discardableResult
    mutating func pay(_ amount: Int64, _ number: String = "web/1", _ transaction: String = "T1") -> Outcome {
        feed(paying(.captured, number, amount, transaction))
    }

    @discardableResult
    mutating func report(
        _ kind: FulfilmentReport.Kind, _ number: String = "web/1", from warehouse: String? = "N",
        parcel: String? = nil, _ lines: [Int64: Int64] = [:], document: String? = nil
    ) -> Outcome {
        feed(reporting(kind, number, from: warehouse, parcel: parcel, lines, document: document))
    }

    @discardableResult
    mutating func report(
        _ kind: FulfilmentReport.Kind, from warehouse: String? = "N", _ lines: [Int64: Int64], document: String
    ) -> Outcome {
        report(kind, "web/1", from: warehouse, lines, document: document)
    }

    @discardableResult
    mutating func ship(
        _ parcel: String = "P1", _ lines: [Int64: Int64] = [:], _ number: String = "web/1", from warehouse: String = "N"
    ) -> Outcome {
        report(.shipped, number, from: warehouse, parcel: parcel, lines)
    }

    @discardableResult
    mutating func deliver(_ parcel: String = "P1", _ number: String = "web/1", from warehouse: String = "N") -> Outcome
    {
        report(.delivered, number, from: warehouse, parcel: parcel)
    }

    @discardableResult
    mutating func ask(_ kind: OrderRequest.Kind, _ number: String = "web/1", id: String = "1") -> Outcome {
        feed(asking(kind, number, id: id))
    }

    @discardableResult
    mutating func command(_ action: StaffCommand.Action, _ number: String = "web/1") -> Outcome {
        feed(commanding(action, number))
    }

    mutating func receive(_ sku: String, _ warehouse: String, _ quantity: Int64) {
        feed(stocking(.received, sku, warehouse, quantity))
    }

    mutating func count(_ sku: String, _ warehouse: String, _ quantity: Int64, at time: Timestamp? = nil) {
        feed(stocking(.counted, sku, warehouse, quantity, at: time))
    }

    @discardableResult
    mutating func produce(_ line: Int64, _ quantity: Int64, document: String = "D1", in warehouse: String = "N")
        -> Outcome
    {
        let done = ProductionDone(
            orderNumber: "web/1", line: line, quantity: quantity, warehouse: warehouse, document: document,
            occurredAt: now)
        return feed(
            message(.productionDone(done), key: "production \(document)", content: done.hashValue, source: "erp"))
    }

    /// Lets a timer fall due and fire; `nil` where none is set.
    @discardableResult
    mutating func fire(_ kind: Timer.Kind, _ number: String = "web/1", _ reference: String? = nil) -> Outcome? {
        let found = timers.first { key, _ in
            key.kind == kind && key.orderNumber == number && (reference == nil || key.reference == reference)
        }
        guard let (key, timer) = found else { return nil }
        timers[key] = nil
        now = max(now, timer.dueAt)
        return feed(message(.timer(timer), content: 0, source: "timer", sender: .system))
    }

    /// Fires a timer that a store sets by itself.
    @discardableResult
    mutating func fire(own kind: Timer.Kind, _ number: String = "web/1", _ reference: String = "") -> Outcome {
        let timer = Timer(kind: kind, orderNumber: number, reference: reference, dueAt: now)
        return feed(message(.timer(timer), content: 0, source: "timer", sender: .system))
    }

    /// What a store does with stock that has less than is promised: the newest unshipped orders lose it.
    mutating func runTakeAways() {
        let keys = takeAways
        takeAways = []
        for key in keys {
            for number in placed.reversed() where (set.stock[key]?.missing ?? 0) > 0 {
                fire(own: .takeAway, number, key.subject)
            }
        }
    }
}

extension OrderPlaced.Line {
    /// A line; without a number it is numbered by its place.
    static func of(_ sku: String, _ quantity: Int64, at price: Int64, line: Int64 = 0) -> OrderPlaced.Line {
        OrderPlaced.Line(number: line, sku: sku, quantity: quantity, unitPrice: price)
    }
}

extension Currency {
    static let cny = Currency(code: "CNY") ?? .none
    static let usd = Currency(code: "USD") ?? .none
}

extension Receiver {
    static let someone: Receiver = {
        var receiver = Receiver()
        receiver.name = "王小明"
        receiver.phone = "13800000000"
        receiver.city = "杭州"
        receiver.address = "文三路 1 号"
        return receiver
    }()
}
