internal import OrderCore
internal import Postgres

/// The statements of the first flight, and what their answers say. Each statement is left out where it has nothing to do.
struct LoadFlight {
    static let lockOrders = Statement(
        "lock orders",
        "SELECT \(Order.table.list("t")) FROM orders AS t WHERE number = ANY ($1) ORDER BY number FOR NO KEY UPDATE")

    private static let readProducts = Statement(
        "read products",
        """
        SELECT \(Product.table.list("p")) FROM products AS p WHERE sku = ANY ($1)
        UNION SELECT \(Product.table.list("p")) FROM products AS p
            WHERE sku IN (SELECT l.sku FROM order_lines AS l WHERE l.order_number = ANY ($2))
        """)

    static let readProductsOfSKUs = Statement(
        "read products of SKUs", "SELECT \(Product.table.list("p")) FROM products AS p WHERE sku = ANY ($1)")

    static let readKeys = Statement(
        "read business keys", "SELECT key, content_hash FROM business_keys WHERE key = ANY ($1)")

    private static let readQuarantine = Statement(
        "read quarantine", "SELECT order_number, fault FROM quarantined_orders WHERE order_number = ANY ($1)")

    private let request: LoadRequest
    private let readsReference: Bool
    var needsEventIDs = false
    var plansAnew = false

    private var places: [String: Int] = [:]
    private(set) var firstEventID: Int64?
    private(set) var newArrivals: Set<MessageIdentity> = []
    private(set) var placedThatExist: [String] = []
    private(set) var referenceRange: Range<Int>?

    init(_ request: LoadRequest, readsReference: Bool) {
        self.request = request
        self.readsReference = readsReference
    }

    mutating func calls(inbox: RowColumns) -> [Call] {
        let orders = request.orders.sortedByBytes()
        let named = request.orders.union(request.placed).sortedByBytes()
        var calls: [Call] = []
        // The answer to BEGIN stands before all others.
        func add(_ statement: Statement, _ parameters: [Parameter] = []) {
            places[statement.name] = calls.count + 1
            calls.append(Call(statement, parameters))
        }
        add(Self.clock)
        if plansAnew { add(PlanAge.discard) }
        // Before all rows: who waits here keeps nobody else waiting.
        if !request.buyers.isEmpty { add(Self.lockBuyers, [.textArray(request.buyers.sortedByBytes())]) }
        if inbox.count > 0 { add(Inbox.insert, inbox.parameters) }
        if needsEventIDs { add(EventIDBlock.take) }
        if !named.isEmpty { add(Self.lockOrders, [.textArray(named)]) }
        if !orders.isEmpty {
            add(OrderParts.lockFulfilments, [.textArray(orders)])
            for statement in OrderParts.readParts { add(statement, [.textArray(orders)]) }
        }
        if !named.isEmpty {
            if !request.leavesFacts { add(ParkedFacts.read, [.textArray(named)]) }
            add(Self.readQuarantine, [.textArray(named)])
        }
        if !request.businessKeys.isEmpty { add(Self.readKeys, [.textArray(request.businessKeys.sortedByBytes())]) }
        let readsLines = request.stockOfLines.union(request.productsOfLines)
        if !readsLines.isEmpty {
            add(
                Self.readProducts,
                [.textArray(request.skus.sortedByBytes()), .textArray(readsLines.sortedByBytes())])
        } else if !request.skus.isEmpty {
            add(Self.readProductsOfSKUs, [.textArray(request.skus.sortedByBytes())])
        }
        if readsReference {
            referenceRange = calls.count + 1..<calls.count + 1 + ReferenceCache.statements.count
            for statement in ReferenceCache.statements { add(statement) }
        }
        return calls
    }

    private static let clock = Statement("read clock", "SELECT now()")

    /// Two numbers make one key, in the order of which all take them: of other advisory locks the key is one number.
    private static let lockBuyers = Statement(
        "lock buyers",
        """
        SELECT pg_advisory_xact_lock(k.class, k.buyer)
        FROM (
            SELECT DISTINCT hashtext('buyer') AS class, hashtext(u.buyer) AS buyer FROM unnest($1) AS u (buyer)
            ORDER BY 2 OFFSET 0
        ) AS k
        """)

    mutating func read(_ answers: [Postgres.Rows]) throws(StoreError) -> LoadedBatch {
        func answer(_ statement: Statement) -> Postgres.Rows? { places[statement.name].map { answers[$0] } }
        var batch = try readSmall(answers)
        if let orders = answer(Self.lockOrders) {
            let firstPart = places[OrderParts.readParts[0].name] ?? answers.endIndex
            var parts = try OrderParts(
                orders: orders, fulfilments: answer(OrderParts.lockFulfilments), parts: answers[firstPart...])
            parts.leaveOutImpossible()
            batch.workingSet.orders = parts.states
            batch.unreadable = parts.unreadable
            placedThatExist = request.placed.filter { !request.orders.contains($0) && parts.states[$0] != nil }
                .sortedByBytes()
        }
        if let rows = answer(Self.readQuarantine) { try quarantine(rows, in: &batch) }
        for statement in [Self.readProducts, Self.readProductsOfSKUs] {
            guard let rows = answer(statement) else { continue }
            for product in try Product.all(rows) { batch.workingSet.reference.products[product.sku] = product }
        }
        if let rows = answer(ParkedFacts.read) {
            batch.parked = try ParkedFacts.records(rows).filter { !request.facts.contains($0.identity) }
        }
        return batch
    }

    private func quarantine(_ rows: Postgres.Rows, in batch: inout LoadedBatch) throws(StoreError) {
        for row in rows {
            let (number, fault) = try database { () throws(PostgresError) in (try row.text(0), try row.text(1)) }
            batch.workingSet.quarantined[number] = fault
        }
    }

    private mutating func readSmall(_ answers: [Postgres.Rows]) throws(StoreError) -> LoadedBatch {
        func answer(_ statement: Statement) -> Postgres.Rows? { places[statement.name].map { answers[$0] } }
        var isNew: Set<MessageIdentity> = []
        var eventID: Int64?
        let batch = try database { () throws(PostgresError) in
            let now = try answers[1].only().timestamp(0)
            var batch = LoadedBatch(now: Timestamp(microseconds: now))
            for row in answer(Inbox.insert) ?? answers[0] { isNew.insert(try Inbox.identity(row)) }
            eventID = try answer(EventIDBlock.take)?.only().int64(0)
            for row in answer(Self.readKeys) ?? answers[0] {
                batch.workingSet.businessKeys[try row.text(0)] = ContentHash(try row.uuid(1))
            }
            return batch
        }
        newArrivals = isNew
        firstEventID = eventID
        return batch
    }
}
