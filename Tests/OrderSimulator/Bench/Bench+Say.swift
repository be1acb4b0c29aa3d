package import OrderCore

/// Messages in one line, with the business keys of the contract.
extension Bench {
    package mutating func message(
        _ payload: Payload, key: String? = nil, content: Int, source: String = "test", sender: Sender = .owner(of: nil)
    ) -> Message {
        messageCount += 1
        return Message(
            identity: MessageIdentity(source: source, id: "m\(messageCount)"), receivedAt: now,
            contentHash: ContentHash(high: 0, low: UInt64(bitPattern: Int64(content))), payload: payload,
            businessKey: key, sender: sender)
    }

    package mutating func placing(
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

    package mutating func paying(
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
            .payment(report), key: "payment \(gateway) \(transaction) \(kind.rawValue) \(reference) \(number)",
            content: hasher.finalize(), source: gateway)
    }

    package mutating func reporting(
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
            .fulfilment(report),
            key: "\(kind.rawValue) \(warehouse ?? "") \(parcel == nil ? subject : "") \(reference)",
            content: hasher.finalize(), source: "wms")
    }

    package mutating func asking(
        _ kind: OrderRequest.Kind, _ number: String = "web/1", id: String = "1", sender: Sender = .owner(of: nil)
    ) -> Message {
        let request = OrderRequest(kind: kind, orderNumber: number, requestID: id, occurredAt: now)
        return message(
            .request(request), key: "\(kind.rawValue) \(number) \(id)", content: 0, source: "shop", sender: sender)
    }

    package mutating func commanding(
        _ action: StaffCommand.Action, _ number: String = "web/1", by roles: Set<StaffRole> = [.administrator],
        reason: String = "because", version: Int64? = nil
    ) -> Message {
        let command = StaffCommand(
            orderNumber: number, action: action, by: "li", reason: reason, expectedVersion: version)
        return message(.command(command), content: 0, source: "console", sender: .staff(roles: roles))
    }

    package mutating func stocking(
        _ kind: StockReport.Kind, _ sku: String, _ warehouse: String, _ quantity: Int64, document: String? = nil,
        at occurredAt: Timestamp? = nil, safety: Int64? = nil, lowThreshold: Int64? = nil
    ) -> Message {
        var report = StockReport(
            kind: kind, key: StockKey(sku: sku, warehouse: warehouse), quantity: quantity,
            document: document ?? "D\(messageCount)", occurredAt: occurredAt ?? now)
        (report.safety, report.lowThreshold) = (safety, lowThreshold)
        return message(
            .stock(report), key: "\(kind.rawValue) \(warehouse) \(sku) \(report.document)", content: Int(quantity),
            source: "wms")
    }

    package mutating func producing(
        _ quantity: Int64, of line: Int64, _ number: String = "web/1", in warehouse: String, document: String
    ) -> Message {
        let done = ProductionDone(
            orderNumber: number, line: line, quantity: quantity, warehouse: warehouse, document: document,
            occurredAt: now)
        return message(
            .productionDone(done), key: "production \(number) \(document)", content: Int(line * 1_000 + quantity),
            source: "erp")
    }

    package mutating func tracking(
        _ shipment: String, _ code: String, _ number: String = "web/1", from warehouse: String? = nil
    ) -> Message {
        let checkpoint = TrackingCheckpoint(
            orderNumber: number, warehouse: warehouse, shipment: shipment, code: code, occurredAt: now)
        return message(
            .tracking(checkpoint), key: "checkpoint \(shipment) \(now.microseconds) \(code)", content: 0,
            source: "carrier")
    }

    package mutating func updating(_ update: ReferenceUpdate) -> Message {
        message(.reference(update), content: Int(update.revision), source: "erp", sender: .system)
    }

    package mutating func firing(_ timer: Timer) -> Message {
        message(.timer(named(timer)), content: 0, source: "timer", sender: .system)
    }

    /// More of a SKU comes into a warehouse.
    package mutating func receive(_ sku: String, _ warehouse: String, _ quantity: Int64) {
        feed(stocking(.received, sku, warehouse, quantity))
    }
}

extension OrderPlaced.Line {
    /// A line; without a number it is numbered by its place.
    package static func of(_ sku: String, _ quantity: Int64, at price: Int64, line: Int64 = 0) -> OrderPlaced.Line {
        OrderPlaced.Line(number: line, sku: sku, quantity: quantity, unitPrice: price)
    }
}

extension Currency {
    package static let cny = Currency(code: "CNY") ?? .none
    package static let usd = Currency(code: "USD") ?? .none
}

extension Receiver {
    /// The same person somewhere else.
    package static let someoneElse: Receiver = {
        var receiver = Receiver.someone
        receiver.city = "Elsewhere"
        return receiver
    }()

    package static let someone: Receiver = {
        var receiver = Receiver()
        receiver.name = "王小明"
        receiver.phone = "13800000000"
        receiver.city = "杭州"
        receiver.address = "文三路 1 号"
        return receiver
    }()
}
