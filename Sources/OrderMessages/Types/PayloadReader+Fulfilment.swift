internal import OrderCore

extension PayloadReader {
    private enum QuantityMeaning: String, CaseIterable {
        case thisParcel = "this_parcel"
        case cumulative
    }

    /// `fulfilment.*`
    func fulfilment(_ kind: FulfilmentReport.Kind) throws(FieldProblem) -> DecodedPart {
        let requestID = try json.text("requestId", in: root, .identifier)
        let fulfilment =
            try json.text("fulfilmentId", in: root, .identifier) ?? requestID.flatMap(fulfilment(ofRequest:))
        let warehouse = try json.text("warehouse", in: root, .code)
        let occurredAt = try occurredAt()
        // A parcel of several orders is known by its shipment once it has left: it need not hold goods of each.
        let isJourney = [.delivered, .lost, .returnedToSender].contains(kind)
        let isShared = fulfilment.map(Fulfilment.isMerged) == true
        let orderNumber = try isShared && isJourney ? orderNumber(in: root) : orderNumber(orOf: fulfilment)
        var report = FulfilmentReport(
            kind: kind, orderNumber: orderNumber, fulfilment: fulfilment, warehouse: warehouse,
            occurredAt: occurredAt.time)
        report.requestID = requestID
        report.shipment = try json.text("shipment", in: root, .identifier)
        let meaning = try json.choice("quantities", in: root, QuantityMeaning.self)
        report.isCumulative = meaning == .cumulative
        let range = report.isCumulative ? 0...Limits.quantity : Self.quantities
        (report.lines, report.others) = try lines(range, of: orderNumber, isShared: isShared)
        report.carrier = try json.text("carrier", in: root, .code)
        report.trackingNumber = try json.text("trackingNumber", in: root, .identifier)
        report.weight = try json.integer("weightGrams", in: root, Self.measures)
        report.freight = try json.integer("freightMinor", in: root, Self.amounts)
        report.reason = try json.text("reason", in: root, .free)
        let document = try json.text("document", in: root, .identifier)
        return DecodedPart(
            payload: .fulfilment(report), businessKey: try businessKey(of: report, document: document),
            contentHash: hash(of: report, document: document, occurredAt: occurredAt.told))
    }

    /// Lines of the order, and of others that travel in the same parcel: those say whose they are.
    private func lines(
        _ range: ClosedRange<Int64>, of order: String?, isShared: Bool
    ) throws(FieldProblem) -> (own: [LineQuantity], others: [OrderLines]) {
        let nodes = try json.objects("lines", in: root, atMost: Limits.lines) ?? []
        var isOwn = true
        for node in nodes {
            guard let number = try orderNumber(in: node), number != order else { continue }
            guard isShared else { throw json.problem("orderNumber", in: node, "expected the order of the fulfilment") }
            isOwn = false
        }
        if isOwn { return (try lineQuantities(range), []) }
        var parts: [OrderLines] = []
        for node in nodes {
            let number = try orderNumber(in: node) ?? order ?? ""
            let line = LineQuantity(
                line: try json.requiredInteger("line", in: node, Self.lineNumbers),
                quantity: try json.requiredInteger("quantity", in: node, range))
            let place = parts.firstIndex { $0.orderNumber == number } ?? parts.count
            if place == parts.count { parts.append(OrderLines(orderNumber: number, lines: [])) }
            if let known = parts[place].lines.firstIndex(where: { $0.line == line.line }) {
                parts[place].lines[known].quantity += line.quantity
            } else {
                parts[place].lines.append(line)
            }
        }
        return (parts.first { $0.orderNumber == order }?.lines ?? [], parts.filter { $0.orderNumber != order })
    }

    /// The fulfilment that a request of ours is about: `shop/1-F1` of `shop/1-F1.2`.
    private func fulfilment(ofRequest id: String) -> String? {
        guard let dot = id.lastIndex(of: "."), id[dot...].dropFirst().allSatisfy(\.isNumber) else { return nil }
        let fulfilment = String(id[..<dot])
        return Fulfilment.orderNumber(ofIdentifier: fulfilment) == nil ? nil : fulfilment
    }

    /// As the contract has it; a report that names order and warehouse instead of our fulfilment is known by those.
    private func businessKey(of report: FulfilmentReport, document: String?) throws(FieldProblem) -> String {
        let kind = report.kind.rawValue
        switch report.kind {
        case .delivered, .lost, .returnedToSender:
            guard let shipment = report.shipment else { throw json.missing("shipment", in: root, "a text") }
            return BusinessKeyText.make("shipment", [report.warehouse ?? "", shipment, kind])
        case .shipped:
            guard let shipment = report.shipment else { throw json.missing("shipment", in: root, "a text") }
            try requireFulfilment(of: report)
            guard let warehouse = report.warehouse else {
                return BusinessKeyText.make("shipment", ["", report.fulfilment ?? "", shipment, kind])
            }
            return BusinessKeyText.make("shipment", [warehouse, shipment, kind])
        case .short, .cancelled, .cancelRefused, .amended, .amendRefused:
            guard let reference = report.requestID ?? document else {
                throw json.missing("requestId", in: root, "our requestId or a document")
            }
            return try businessKey(of: report, reference: reference)
        case .accepted, .rejected, .picking, .packed:
            return try businessKey(of: report, reference: report.requestID ?? "")
        }
    }

    private func businessKey(of report: FulfilmentReport, reference: String) throws(FieldProblem) -> String {
        try requireFulfilment(of: report)
        let subject = report.fulfilment ?? report.orderNumber ?? ""
        return BusinessKeyText.make(
            "fulfilment", [report.warehouse ?? "", subject, report.kind.rawValue, reference])
    }

    /// Without our fulfilment's id, order and warehouse say which is meant.
    private func requireFulfilment(of report: FulfilmentReport) throws(FieldProblem) {
        if report.fulfilment != nil { return }
        if report.orderNumber == nil {
            throw json.missing("fulfilmentId", in: root, "our fulfilmentId, or orderNumber and warehouse")
        }
        if report.warehouse == nil { throw json.missing("warehouse", in: root, "a text, where fulfilmentId is absent") }
    }

    private func hash(of report: FulfilmentReport, document: String?, occurredAt: Timestamp?) -> ContentHash {
        var hasher = ContentHasher(type)
        hasher.add(report.orderNumber)
        hasher.add(report.fulfilment)
        hasher.add(report.warehouse)
        hasher.add(report.shipment)
        hasher.add(report.isCumulative)
        hasher.add(report.carrier)
        hasher.add(report.trackingNumber)
        hasher.add(report.weight)
        hasher.add(report.freight)
        hasher.add(occurredAt)
        hasher.add(report.requestID)
        hasher.add(document)
        hasher.add(report.reason)
        for line in report.lines {
            hasher.add(line.line)
            hasher.add(line.quantity)
        }
        for other in report.others {
            hasher.add(other.orderNumber)
            for line in other.lines {
                hasher.add(line.line)
                hasher.add(line.quantity)
            }
        }
        return hasher.finish()
    }
}

extension PayloadReader {
    /// `tracking.checkpoint`
    func tracking() throws(FieldProblem) -> DecodedPart {
        var checkpoint = TrackingCheckpoint(
            orderNumber: try orderNumber(in: root), warehouse: try json.text("warehouse", in: root, .code),
            shipment: try json.requiredText("shipment", in: root, .identifier),
            code: try json.requiredText("code", in: root, .code),
            occurredAt: try json.requiredTime("occurredAt", in: root))
        checkpoint.text = try json.text("text", in: root, .free)
        checkpoint.place = try json.text("place", in: root, .personal)
        var hasher = ContentHasher(type)
        hasher.add(checkpoint.orderNumber)
        hasher.add(checkpoint.warehouse)
        hasher.add(checkpoint.shipment)
        hasher.add(checkpoint.code)
        hasher.add(checkpoint.text)
        hasher.add(checkpoint.place)
        hasher.add(checkpoint.occurredAt)
        let time = RFC3339.text(checkpoint.occurredAt)
        return DecodedPart(
            payload: .tracking(checkpoint),
            businessKey: BusinessKeyText.make(
                "tracking", [checkpoint.warehouse ?? "", checkpoint.shipment, time, checkpoint.code]),
            contentHash: hasher.finish())
    }
}
