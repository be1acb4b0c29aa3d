public import OrderCore
internal import Postgres

extension Store {
    /// Begins the transaction of a batch: takes its messages into the inbox, locks and reads what they name.
    ///
    /// Two flights: the first locks orders and reads, the second locks what others wait for. One more where an order to be
    /// placed is there already.
    /// Locks are taken in the order buyers, inbox, orders, fulfilments, stock, work of warehouses, due rows, parked
    /// facts, each in key order.
    public func load(_ request: LoadRequest) throws(StoreError) -> LoadedBatch {
        inboxRows.removeAll(keepingCapacity: true)
        lookedAt.removeAll()
        var flight = LoadFlight(request, readsReference: reference.isStale)
        flight.needsEventIDs = eventIDs.left < EventIDBlock.size
        flight.plansAnew = planAge.isOver(at: lastTime)
        let calls = flight.calls(inbox: inboxColumns(request.arrivals))
        let answers = try database { () throws(PostgresError) in
            try connection.pipeline { (pipeline) throws(PostgresError) in
                try pipeline.begin()
                for call in calls { try pipeline.send(call.statement, call.parameters) }
            }
        }
        var batch = try flight.read(answers)
        batchTime = batch.now
        lastTime = batch.now
        if let first = flight.firstEventID { eventIDs.add(startingAt: first) }
        if let range = flight.referenceRange { try reference.take(answers[range]) }
        if !flight.placedThatExist.isEmpty { try readPlaced(flight.placedThatExist, into: &batch) }
        try lock(&batch, request, newArrivals: flight.newArrivals)
        if flight.referenceRange == nil, isUnknown(in: batch, request) { try readReference() }
        let products = batch.workingSet.reference.products
        batch.workingSet.reference = reference.data
        batch.workingSet.reference.products = products
        for identity in batch.claimedFacts { inboxRows[identity] = false }
        for fact in batch.parked {
            inboxRows[fact.identity] = false
            if fact.waitsFor == ParkedFacts.order { lookedAt[fact.identity] = fact.orderNumber }
        }
        for (number, fault) in batch.unreadable {
            if batch.workingSet.quarantined[number] == nil { batch.newlyUnreadable[number] = fault }
            batch.workingSet.quarantined[number] = fault
        }
        return batch
    }

    /// Products that a batch needs beside those it has asked for: reference data, which nobody locks.
    public func products(_ skus: Set<String>) throws(StoreError) -> [Product] {
        guard !skus.isEmpty else { return [] }
        return try Product.all(
            try database { () throws(PostgresError) in
                try connection.run(LoadFlight.readProductsOfSKUs, [.textArray(skus.sortedByBytes())])
            })
    }

    /// Those of these business keys that have taken effect, beside those that a batch has asked for.
    public func businessKeys(_ keys: Set<String>) throws(StoreError) -> [String: ContentHash] {
        guard !keys.isEmpty else { return [:] }
        return try database { () throws(PostgresError) in
            var found: [String: ContentHash] = [:]
            for row in try connection.run(LoadFlight.readKeys, [.textArray(keys.sortedByBytes())]) {
                found[try row.text(0)] = ContentHash(try row.uuid(1))
            }
            return found
        }
    }

    /// The order numbers of parcels, for messages that name a parcel and no order: several where orders travel together.
    /// Runs before `load`, on its own.
    public func orders(ofParcels parcels: [ParcelName]) throws(StoreError) -> [ParcelName: [String]] {
        guard !parcels.isEmpty else { return [:] }
        let shipments = ArrayColumn(.text, parcels.map(\.shipment))
        let warehouses = ArrayColumn(.text)
        for parcel in parcels { warehouses.append(parcel.warehouse) }
        let rows = try database { () throws(PostgresError) in
            try connection.run(Self.findParcels, [.array(shipments), .array(warehouses)])
        }
        return try database { () throws(PostgresError) in
            var found: [ParcelName: [String]] = [:]
            for row in rows { found[parcels[try row.int(0) - 1], default: []].append(try row.text(1)) }
            return found
        }
    }

    /// An order of a parcel that has not taken in yet that it left, being in quarantine, is one of those in it: the fact
    /// that waits says so.
    private static let findParcels = Statement(
        "find parcels",
        """
        WITH found AS (
            SELECT u.place, p.shipment, p.warehouse, p.order_number, \(travelled) AS travelled
            FROM unnest($1, $2) WITH ORDINALITY AS u (shipment, warehouse, place)
            JOIN parcels AS p ON p.shipment = u.shipment AND (u.warehouse IS NULL OR p.warehouse = u.warehouse)
            LEFT JOIN fulfilments AS f ON f.id = p.fulfilment_id
        ), clear AS (
            SELECT place FROM found GROUP BY place HAVING min(travelled) = max(travelled)
        )
        SELECT place, order_number FROM found JOIN clear USING (place)
        UNION
        SELECT t.place, k.order_number
        FROM found AS t JOIN clear USING (place)
        JOIN fulfilments AS f ON f.travels_in = t.travelled
        JOIN parked AS k ON k.order_number = f.order_number AND k.shipment = t.shipment
            AND (k.warehouse IS NULL OR k.warehouse = t.warehouse)
        ORDER BY place, order_number
        """)

    /// What makes parcels of two orders the same: the orders travel together.
    static let travelled = "coalesce(f.travels_in, p.order_number)"

    private func inboxColumns(_ arrivals: [LoadRequest.Arrival]) -> RowColumns {
        let columns = emptyColumns("inbox", Inbox.columns)
        for arrival in arrivals.sorted(by: { $0.identity < $1.identity }) { columns.append(arrival) }
        return columns
    }

    /// The second flight.
    private func lock(
        _ batch: inout LoadedBatch, _ request: LoadRequest, newArrivals: Set<MessageIdentity>
    ) throws(StoreError) {
        for identity in newArrivals { inboxRows[identity] = true }
        let stock = StockNeeds(request, batch)
        batch.workingSet.stock.complete = stock.skus
        var flight = LockFlight(request, stock)
        let known = emptyColumns("known", Inbox.columns)
        // The same message twice in one batch is new once.
        for arrival in request.arrivals where !newArrivals.contains(arrival.identity) { known.append(arrival) }
        flight.read(seen: known)
        guard !flight.calls.isEmpty else { return }
        let answers = try database { () throws(PostgresError) in try connection.run(flight.calls) }
        try flight.read(answers, into: &batch)
        // A part of a message that is replayed may be dead with the whole of it, and have another outcome now.
        for (identity, seen) in batch.seen where seen.outcome == .dead { inboxRows[identity] = false }
    }

    private func readPlaced(_ numbers: [String], into batch: inout LoadedBatch) throws(StoreError) {
        let keys = Parameter.textArray(numbers)
        let calls = [OrderParts.lockFulfilments, LoadFlight.lockOrders] + OrderParts.readParts
        let answers = try database { () throws(PostgresError) in try connection.run(calls.map { Call($0, [keys]) }) }
        var parts = try OrderParts(orders: answers[1], fulfilments: answers[0], parts: answers[2...])
        parts.leaveOutImpossible()
        batch.workingSet.orders.merge(parts.states) { _, new in new }
        batch.unreadable.merge(parts.unreadable) { _, new in new }
    }
}

/// What a message names a parcel by, where it names no order.
public struct ParcelName: Hashable, Sendable {
    /// The warehouse, where it is named.
    public var warehouse: String?
    /// The warehouse's number for the parcel.
    public var shipment: String

    /// Makes a name.
    public init(warehouse: String?, shipment: String) {
        self.warehouse = warehouse
        self.shipment = shipment
    }
}

extension Store {
    /// Whether a batch names a seller or a warehouse that was not known when reference data were read last: it may have
    /// become known a moment ago, and an order must not be refused for that.
    private func isUnknown(in batch: LoadedBatch, _ request: LoadRequest) -> Bool {
        let isSellerUnknown = request.placed.contains { number in
            let seller = OrderNumber.seller(of: number)
            return OrderKind.allCases.allSatisfy { reference.data.sellers[SellerKey($0, seller)] == nil }
        }
        return isSellerUnknown
            || batch.workingSet.stock.keys.contains { reference.data.warehouses[$0.warehouse] == nil }
    }

    private func readReference() throws(StoreError) {
        let answers = try database { () throws(PostgresError) in
            try connection.run(ReferenceCache.statements.map { Call($0) })
        }
        try reference.take(answers[...])
    }
}
