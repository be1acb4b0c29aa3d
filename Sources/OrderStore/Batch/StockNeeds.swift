internal import OrderCore

/// The stock that a batch may touch, worked out from the orders it has read: no more is locked, since others wait for it.
struct StockNeeds {
    /// In all warehouses.
    private(set) var skus: Set<String>
    /// In one.
    private(set) var keys: Set<StockKey>
    /// The work of warehouses that may be promised or given back.
    private(set) var days: Set<WarehouseDay> = []

    init(_ request: LoadRequest, _ batch: LoadedBatch) {
        skus = request.skus
        keys = request.stock
        let orders = batch.workingSet.orders
        for number in request.stockOfFulfilments {
            guard let order = orders[number] else { continue }
            addReserved(order)
            // A parcel without a fulfilment was not planned, and may come back.
            for parcel in order.parcels.all where parcel.fulfilment.isEmpty {
                for line in order.lines.all { keys.insert(StockKey(sku: line.sku, warehouse: parcel.key.warehouse)) }
            }
        }
        for number in request.stockOfLines { skus.formUnion(orders[number]?.lines.all.map(\.sku) ?? []) }
        // What an order waits for is changed, and read, under the locks of that stock.
        for order in orders.values {
            if let place = order.order.backorder { keys.formUnion(place.units.keys) }
        }
        for fact in batch.parked {
            guard let order = fact.orderNumber.flatMap({ orders[$0] }) else { continue }
            add(fact, order)
        }
        for number in request.stockOfLines { if let order = orders[number] { addWork(order) } }
        if let rules = request.workRules, !skus.isEmpty { days.formUnion(rules.workdays(at: batch.now)) }
        if request.reviewsStock {
            for order in orders.values where order.order.status.isBeforeRelease && !order.order.isScreened {
                skus.formUnion(order.lines.all.map(\.sku))
            }
        }
    }

    var isEmpty: Bool { skus.isEmpty && keys.isEmpty }

    /// Most facts touch no stock, and must not wait for who does; but one may let through what is parked for its order,
    /// which does. It may take from a warehouse that the order was not planned for; of one that was put off undecided the
    /// row does not say which.
    private mutating func add(_ fact: ParkedRecord, _ order: OrderState) {
        addReserved(order)
        if let warehouse = fact.warehouse {
            for line in order.lines.all { keys.insert(StockKey(sku: line.sku, warehouse: warehouse)) }
        } else if fact.message.type.hasPrefix("fulfilment.") {
            skus.formUnion(order.lines.all.map(\.sku))
        }
    }

    /// What is not handed over yet may be given back.
    private mutating func addWork(_ order: OrderState) {
        for part in order.fulfilments.all where part.state == .planned {
            if let day = part.workday { days.insert(WarehouseDay(warehouse: part.warehouse, day: day)) }
        }
    }

    private mutating func addReserved(_ order: OrderState) {
        addWork(order)
        for line in order.fulfilmentLines.all {
            guard let warehouse = order.fulfilments[line.key.fulfilment]?.warehouse else { continue }
            keys.insert(StockKey(sku: line.sku, warehouse: warehouse))
        }
    }
}
