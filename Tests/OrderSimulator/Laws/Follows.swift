import OrderCore

// How a row may differ from what it was: the past of an order is never changed.

extension Order {
    func follows(_ before: Order, isEdit: Bool) -> Bool {
        guard number == before.number, version == before.version + 1, reversed >= before.reversed else { return false }
        // A rejected order that is placed again starts afresh.
        guard attempt == before.attempt else { return attempt == before.attempt + 1 && before.status == .rejected }
        return kind == before.kind && paymentTerm == before.paymentTerm && currency == before.currency
            && (isEdit || amounts == before.amounts && payable == before.payable) && contentHash == before.contentHash
            && (!before.isProductionRequested || isProductionRequested)
            && (!before.isReceiptAnnounced || isReceiptAnnounced) && (!before.isReviewDone || isReviewDone)
            && (before.receivedAt == nil || receivedAt == before.receivedAt)
    }
}

extension OrderLine {
    func follows(_ before: OrderLine, isEdit: Bool) -> Bool {
        sku == before.sku
            && (isEdit || quantity == before.quantity && unitPrice == before.unitPrice && share == before.share)
            && shipped >= before.shipped && cancelled >= before.cancelled && returned >= before.returned
            && produced >= before.produced
    }
}

extension MoneyRequest {
    func follows(_ before: MoneyRequest) -> Bool {
        kind == before.kind && gateway == before.gateway && transaction == before.transaction
            && amount == before.amount && tries >= before.tries && (before.state != .settled || state == .settled)
    }
}

extension Hold {
    func follows(_ before: Hold) -> Bool {
        guard before.isOpen else { return self == before }
        return reason == before.reason && path == before.path && openedAt == before.openedAt
            && openedBy == before.openedBy
    }
}

extension Fulfilment {
    func follows(_ before: Fulfilment) -> Bool {
        warehouse == before.warehouse && orderNumber == before.orderNumber && requestNumber >= before.requestNumber
            && (state != .planned || before.state == .planned)
            && (before.state == .planned || travelsIn == before.travelsIn)
    }
}

extension FulfilmentLine {
    func follows(_ before: FulfilmentLine) -> Bool {
        sku == before.sku && quantity >= before.quantity && shipped >= before.shipped
            && cancelled >= before.cancelled
    }
}

extension Parcel {
    func follows(_ before: Parcel) -> Bool {
        fulfilment == before.fulfilment && lines == before.lines && quantities == before.quantities
            && stopped == before.stopped && (before.state != .delivered || self == before)
    }
}
