internal import OrderCore

extension JSONWriter {
    mutating func writeGoodsEvent(_ payload: EventPayload) {
        switch payload {
        case .fulfilmentRequested(let request): write(request)
        case .fulfilmentCancelRequested(let fulfilment, let requestID, let reason, let orders):
            write("fulfilmentId", fulfilment.subject)
            write("requestId", requestID)
            write("warehouse", fulfilment.warehouse)
            write("reason", reason)
            write(orders)
        case .fulfilmentAmendRequested(let request): write(request)
        case .productionRequested(_, let requestID, let line, let sku, let quantity):
            write("requestId", requestID)
            write("line", line)
            write("sku", sku)
            write("quantity", quantity)
        case .orderShipped(let summary, let parcel), .orderDelivered(let summary, let parcel):
            writeHead(summary.order)
            write(parcel)
        case .trackingUpdated(let summary, let checkpoint):
            writeHead(summary.order)
            write(checkpoint)
        default: break
        }
    }

    /// With personal data.
    private mutating func write(_ request: EventPayload.FulfilmentRequest) {
        write("fulfilmentId", request.fulfilment.subject)
        write("requestId", request.requestID)
        write("warehouse", request.fulfilment.warehouse)
        write("carrier", request.fulfilment.carrier)
        write(request.receiver)
        let orders = request.orders
        let isShared = request.fulfilment.travelsIn != nil
        let lines = orders.flatMap { order in order.lines.map { (order: order.orderNumber, line: $0) } }
        list("lines", lines) { json, line in
            json.write("orderNumber", isShared ? line.order : nil)
            json.write("line", line.line.key.line)
            json.write("sku", line.line.sku)
            json.write("quantity", line.line.quantity)
        }
        write("paymentTerm", request.paymentTerm.rawValue)
        write("collectMinor", orders.reduce(0) { $0 + $1.collect })
        write("currency", request.currency.code)
        let remarks = orders.compactMap(\.remark)
        write("remark", remarks.isEmpty ? nil : remarks.joined(separator: "\n"))
        guard isShared else { return }
        list("orders", orders) { json, order in
            json.write("orderNumber", order.orderNumber)
            json.write("collectMinor", order.collect)
            json.write("remark", order.remark)
        }
    }

    /// With personal data, where the receiver has changed.
    private mutating func write(_ request: EventPayload.AmendRequest) {
        write("fulfilmentId", request.fulfilment.subject)
        write("requestId", request.requestID)
        write("warehouse", request.fulfilment.warehouse)
        if let receiver = request.receiver { write(receiver) }
        list("lines", request.lines) { json, line in
            json.write("orderNumber", line.orderNumber)
            json.write("line", line.line)
            json.write("sku", line.sku)
            json.write("quantity", line.quantity)
        }
        write("collectMinor", request.collect)
        write("currency", request.currency.code)
        write("reason", request.reason)
        if request.fulfilment.travelsIn != nil { write(request.orders) }
    }

    /// The orders of a parcel that has several.
    private mutating func write(_ orders: [String]) {
        guard !orders.isEmpty else { return }
        list("orders", orders) { json, order in json.write("orderNumber", order) }
    }

    private mutating func write(_ receiver: Receiver) {
        object("receiver") { json in
            json.write("name", receiver.name)
            json.write("phone", receiver.phone)
            json.write("country", receiver.country)
            json.write("province", receiver.province)
            json.write("city", receiver.city)
            json.write("district", receiver.district)
            json.write("address", receiver.address)
            json.write("postalCode", receiver.postalCode)
        }
    }

    private mutating func write(_ parcel: Parcel) {
        object("parcel") { json in
            json.write("warehouse", parcel.key.warehouse)
            json.write("shipment", parcel.key.shipment)
            json.write("fulfilmentId", parcel.fulfilment)
            json.write("state", parcel.state.rawValue)
            json.write("carrier", parcel.carrier)
            json.write("trackingNumber", parcel.trackingNumber)
            json.write("weightGrams", parcel.weight)
            json.write("freightMinor", parcel.freight)
            json.write("shippedAt", parcel.shippedAt)
            json.write("deliveredAt", parcel.deliveredAt)
            json.write(zip(parcel.lines, parcel.quantities).map { LineQuantity(line: $0, quantity: $1) })
        }
    }

    private mutating func write(_ checkpoint: TrackingCheckpoint) {
        object("checkpoint") { json in
            json.write("warehouse", checkpoint.warehouse)
            json.write("shipment", checkpoint.shipment)
            json.write("code", checkpoint.code)
            json.write("text", checkpoint.text)
            json.write("place", checkpoint.place)
            json.write("occurredAt", checkpoint.occurredAt)
        }
    }
}

extension EventPayload.AmendRequest {
    /// Those that it ships something of, each once.
    fileprivate var orders: [String] {
        var seen: Set<String> = []
        return lines.map(\.orderNumber).filter { seen.insert($0).inserted }
    }
}

extension EventPayload.FulfilmentRequest {
    /// What each order has in it, its own first.
    fileprivate var orders: [Other] {
        [Other(orderNumber: fulfilment.orderNumber, lines: lines, collect: collect, remark: remark)] + others
    }
}
