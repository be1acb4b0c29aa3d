internal import OrderCore

extension PayloadReader {
    /// `stock.*`: one part a line of the document.
    func stock(_ kind: StockReport.Kind) throws(FieldProblem) -> [DecodedPart] {
        let document = try json.requiredText("document", in: root, .identifier)
        let warehouse = try json.text("warehouse", in: root, .code)
        // What a count leaves untouched hangs on its time: the envelope's won't do.
        let time =
            try kind == .counted
            ? (time: json.requiredTime("countedAt", in: root), told: json.time("countedAt", in: root)) : occurredAt()
        guard let nodes = try json.objects("lines", in: root, atMost: Self.mostParts), !nodes.isEmpty else {
            throw json.missing("lines", in: root, "a list of at least one line")
        }
        var seen: Set<String> = []
        var parts: [DecodedPart] = []
        for node in nodes {
            let line = try json.requiredInteger("line", in: node, Self.lineNumbers)
            let report = try stockLine(kind, node, warehouse, "\(document)/\(line)", time.time)
            let key = BusinessKeyText.make("stock", [report.key.warehouse, document, String(line)])
            guard seen.insert(key).inserted else {
                throw json.problem("line", in: node, "line \(line) is given twice")
            }
            parts.append(
                DecodedPart(
                    payload: .stock(report), businessKey: key, contentHash: hash(of: report, occurredAt: time.told)))
        }
        return parts
    }

    private func stockLine(
        _ kind: StockReport.Kind, _ node: JSONDocument.Node, _ warehouse: String?, _ document: String,
        _ occurredAt: Timestamp
    ) throws(FieldProblem) -> StockReport {
        guard let warehouse = try json.text("warehouse", in: node, .code) ?? warehouse else {
            throw json.missing("warehouse", in: node, "a text, in the line or beside the lines")
        }
        let range: ClosedRange<Int64> =
            switch kind {
            case .received: Self.quantities
            case .adjusted: -Limits.quantity...Limits.quantity
            case .counted: 0...Limits.quantity
            }
        let sku = try json.requiredText("sku", in: node, .sku)
        var report = StockReport(
            kind: kind, key: StockKey(sku: sku, warehouse: warehouse),
            quantity: try json.requiredInteger("quantity", in: node, range), document: document,
            occurredAt: occurredAt)
        report.safety = try json.integer("safety", in: node, 0...Limits.quantity)
        report.lowThreshold = try json.integer("lowThreshold", in: node, 0...Limits.quantity)
        return report
    }

    private func hash(of report: StockReport, occurredAt: Timestamp?) -> ContentHash {
        var hasher = ContentHasher(type)
        hasher.add(report.key.sku)
        hasher.add(report.key.warehouse)
        hasher.add(report.document)
        hasher.add(report.quantity)
        hasher.add(report.safety)
        hasher.add(report.lowThreshold)
        hasher.add(occurredAt)
        return hasher.finish()
    }

    /// `production.done`
    func productionDone() throws(FieldProblem) -> DecodedPart {
        let requestID = try json.text("requestId", in: root, .identifier)
        guard let production = try json.text("productionOrder", in: root, .identifier) ?? requestID else {
            throw json.missing("productionOrder", in: root, "a text, or our requestId")
        }
        guard let orderNumber = try orderNumber(orOf: requestID) else {
            throw json.missing("orderNumber", in: root, "an order number, or our requestId")
        }
        let occurredAt = try occurredAt()
        let done = ProductionDone(
            orderNumber: orderNumber, line: try json.requiredInteger("line", in: root, Self.lineNumbers),
            quantity: try json.requiredInteger("quantity", in: root, Self.quantities),
            warehouse: try json.requiredText("warehouse", in: root, .code),
            document: try json.requiredText("document", in: root, .identifier), occurredAt: occurredAt.time)
        var hasher = ContentHasher(type)
        hasher.add(production)
        hasher.add(done.orderNumber)
        hasher.add(done.line)
        hasher.add(done.quantity)
        hasher.add(done.warehouse)
        hasher.add(done.document)
        hasher.add(occurredAt.told)
        return DecodedPart(
            payload: .productionDone(done),
            businessKey: BusinessKeyText.make("production", [production, done.document]),
            contentHash: hasher.finish())
    }
}
