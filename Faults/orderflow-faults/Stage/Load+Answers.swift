import TestSite

// What the others say when they hear of something. Each answers a request once: what it answered can't be lost.
extension Load {
    func answer(_ told: Told) {
        guard let number = told.data["orderNumber"] as? String else { return }
        // Of others' orders too: who asks for money is given it.
        if (told.receiver, told.type) == ("payments", "refund.requested.v1") { return refund(told, number) }
        guard let order = orders[number] else { return }
        switch (told.receiver, told.type) {
        case ("wms", "fulfilment.requested.v1"): fulfil(told, order)
        case ("wms", "fulfilment.cancel_requested.v1"): stop(told, order)
        case ("wms", "fulfilment.amend_requested.v1"): amend(told, order)
        case ("storefront", "order.released.v1") where order.story == .cancelledLate:
            once("cancel \(number)") {
                after(20) { try $0.ask("cancel", number, request: "late", id: "cancel \(number)") }
            }
        default: break
        }
    }

    private func fulfil(_ told: Told, _ order: LoadOrder) {
        guard let id = told.data["fulfilmentId"] as? String, let warehouse = told.data["warehouse"] as? String,
            let all = told.lines
        else { return }
        once("fulfil \(id)") {
            after(10) { try $0.report("accepted", id, warehouse: warehouse, id: "accepted \(id)") }
            let pause = order.isThoughtOver ? 600 : 0
            let (first, rest) = order.isParted ? Self.part(all) : (all, [])
            ship(first, of: id, order, warehouse, parcel: 1, after: 150 + pause)
            if !rest.isEmpty { ship(rest, of: id, order, warehouse, parcel: 2, after: 250 + pause) }
        }
        once("change \(order.number)") { change(order) }
    }

    /// What staff want of it, now that a warehouse has it.
    private func change(_ order: LoadOrder) {
        let number = order.number
        switch order.story {
        case .fewerUnits:
            after(20) {
                try $0.command("cancel_lines", number, id: "change \(number)") {
                    $0["lines"] = [["line": 1, "quantity": 1]]
                }
            }
        case .otherReceiver:
            after(20) {
                try $0.command("edit_receiver", number, id: "change \(number)") {
                    $0["receiver"] = [
                        "name": "Wang", "phone": "2", "country": "CN", "city": "Shanghai", "address": "2 Road",
                    ]
                }
            }
        default: break
        }
    }

    /// One unit first, then the rest, where there is a rest.
    private static func part(_ lines: [(Int, Int)]) -> (first: [(Int, Int)], rest: [(Int, Int)]) {
        guard let head = lines.first, lines.reduce(0, { $0 + $1.1 }) > 1 else { return (lines, []) }
        let left = head.1 > 1 ? [(head.0, head.1 - 1)] : []
        return ([(head.0, 1)], left + lines.dropFirst())
    }

    private func ship(
        _ lines: [(Int, Int)], of id: String, _ order: LoadOrder, _ warehouse: String, parcel: Int,
        after milliseconds: Int
    ) {
        let shipment = "\(id)-P\(parcel)"
        let edition = editions[id, default: 0]
        after(milliseconds) { [self] site in
            guard !stopped.contains(id), edition == editions[id, default: 0] else { return }
            shipped.insert(id)
            try site.report(
                "shipped", id, warehouse: warehouse, shipment: shipment, lines: lines, id: "shipped \(shipment)"
            ) { $0["orderNumber"] = order.number }
            after(100) {
                try $0.report("delivered", id, warehouse: warehouse, shipment: shipment, id: "delivered \(shipment)")
            }
        }
    }

    private func stop(_ told: Told, _ order: LoadOrder) {
        guard let id = told.data["fulfilmentId"] as? String, let warehouse = told.data["warehouse"] as? String,
            let request = told.data["requestId"] as? String
        else { return }
        once("stop \(request)") {
            let agrees = order.isStoppable && !shipped.contains(id)
            if agrees { stopped.insert(id) }
            after(30) {
                try $0.report(agrees ? "cancelled" : "cancel_refused", id, warehouse: warehouse, id: "stop \(request)")
                {
                    $0["requestId"] = request
                }
            }
        }
    }

    /// Who agrees ships what is asked for from then on; who refuses, or has begun to ship, what was asked for before.
    private func amend(_ told: Told, _ order: LoadOrder) {
        guard let id = told.data["fulfilmentId"] as? String, let warehouse = told.data["warehouse"] as? String,
            let request = told.data["requestId"] as? String, let lines = told.lines
        else { return }
        once("amend \(request)") {
            let agrees = order.isStoppable && !shipped.contains(id) && !stopped.contains(id)
            if agrees {
                editions[id, default: 0] += 1
                ship(lines, of: id, order, warehouse, parcel: 1, after: 150)
            }
            after(30) {
                try $0.report(agrees ? "amended" : "amend_refused", id, warehouse: warehouse, id: "amend \(request)") {
                    $0["requestId"] = request
                }
            }
        }
    }

    private func refund(_ told: Told, _ number: String) {
        guard let request = told.data["requestId"] as? String, let gateway = told.data["gateway"] as? String,
            let transaction = told.data["transactionId"] as? String, let amount = told.data["amountMinor"] as? Int
        else { return }
        once("refund \(request)") {
            after(30) {
                try $0.pay(number, amount, transaction: transaction, kind: "refunded", id: "refund \(request)") {
                    $0["gateway"] = gateway
                    $0["operationId"] = nil
                    $0["refundId"] = request
                    $0["requestId"] = request
                }
            }
        }
    }
}

extension Told {
    /// The lines that it names, with their quantities.
    fileprivate var lines: [(Int, Int)]? {
        (data["lines"] as? [[String: Any]])?.compactMap { line in
            guard let number = line["line"] as? Int, let quantity = line["quantity"] as? Int else { return nil }
            return (number, quantity)
        }
    }
}
