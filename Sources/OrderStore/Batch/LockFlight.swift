internal import OrderCore
internal import Postgres

/// The statements of the second flight: what other lanes wait for is locked last, when all else has been read and it is known
/// what is needed. With them the outcomes of messages that were taken before.
struct LockFlight {
    /// All keys are found first, then locked in their order.
    private static let lockStock = Statement(
        "lock stock",
        """
        SELECT \(StockLevel.table.list("s"))
        FROM (
            SELECT sku, warehouse FROM stock WHERE sku = ANY ($1)
            UNION SELECT sku, warehouse FROM unnest($2, $3) AS u (sku, warehouse)
        ) AS k JOIN stock AS s ON s.sku = k.sku AND s.warehouse = k.warehouse
        ORDER BY s.sku, s.warehouse FOR NO KEY UPDATE OF s
        """)

    private(set) var calls: [Call] = []
    private var places: [String: Int] = [:]
    private let request: LoadRequest

    init(_ request: LoadRequest, _ stock: StockNeeds) {
        self.request = request
        if !stock.isEmpty {
            let keys = stock.keys.sorted()
            let skus = stock.skus.union(keys.map(\.sku)).sortedByBytes()
            add(
                Self.lockStock,
                [
                    .textArray(stock.skus.sortedByBytes()), .textArray(keys.map(\.sku)),
                    .textArray(keys.map(\.warehouse)),
                ])
            // Under the locks, and before the due rows are taken that say who is called.
            add(BackorderRows.kept, [.textArray(skus)])
        }
        if !stock.days.isEmpty {
            let days = RowColumns(WarehouseDayRow.table.columns)
            for day in stock.days.sorted() { days.append(WarehouseDayRow(day: day)) }
            add(WarehouseDayRow.make, days.parameters)
            add(WarehouseDayRow.lock, days.parameters)
        }
        if !request.claimed.isEmpty { add(DueRows.take, DueRows.parameters(request.claimed)) }
        if !request.facts.isEmpty {
            let keys = RowColumns(ParkedFacts.keyColumns)
            for identity in request.facts.sorted() { keys.append(identity: identity) }
            add(ParkedFacts.lock, keys.parameters)
        }
    }

    private mutating func add(_ statement: Statement, _ parameters: [Parameter]) {
        places[statement.name] = calls.count
        calls.append(Call(statement, parameters))
    }

    /// Asks for the outcomes of messages that were taken before.
    mutating func read(seen keys: RowColumns) {
        guard keys.count > 0 else { return }
        add(Inbox.read, Array(keys.parameters.prefix(3)))
    }

    func read(_ answers: [Postgres.Rows], into batch: inout LoadedBatch) throws(StoreError) {
        func answer(_ statement: Statement) -> Postgres.Rows? { places[statement.name].map { answers[$0] } }
        if let rows = answer(Self.lockStock) {
            for level in try StockLevel.all(rows) { batch.workingSet.stock.load(level) }
        }
        if let rows = answer(WarehouseDayRow.lock) {
            for row in rows {
                let (warehouse, day, taken) = try database { () throws(PostgresError) in
                    (try row.text(0), try row.int64(1), try row.int64(2))
                }
                batch.workingSet.work.load(WarehouseDay(warehouse: warehouse, day: day), taken: taken)
            }
        }
        if let rows = answer(BackorderRows.kept) { batch.workingSet.queue = try BackorderRows.queue(rows) }
        if let rows = answer(DueRows.take) { batch.fired = try DueRows.fired(rows, of: request.claimed) }
        if let rows = answer(ParkedFacts.lock) {
            batch.claimedFacts = try database { () throws(PostgresError) in
                Set(try rows.map { (row) throws(PostgresError) in try Inbox.identity(row) })
            }
        }
        if let rows = answer(Inbox.read) { batch.seen = try Inbox.seen(rows) }
    }
}
