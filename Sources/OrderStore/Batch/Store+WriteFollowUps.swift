internal import OrderCore
internal import Postgres

/// Reference data, timers, and what has to be done to orders other than the batch's own: due rows, never late locks.
extension Store {
    func writeReference(_ updates: [ReferenceUpdate], _ flight: inout WriteFlight) {
        guard !updates.isEmpty else { return }
        // The newest revision of each, sorted: a key twice in one statement is an error.
        var newest: [ReferenceKind: [String: ReferenceUpdate]] = [:]
        for update in updates where update.revision >= newest[update.kind]?[update.code]?.revision ?? .min {
            newest[update.kind, default: [:]][update.code] = update
        }
        let products = emptyColumns(Product.table.name, Product.table.columns)
        let warehouses = emptyColumns(Warehouse.table.name, Warehouse.table.columns)
        let sellers = emptyColumns(Seller.table.name, Seller.table.columns)
        for kind in ReferenceKind.allCases {
            for code in (newest[kind] ?? [:]).keys.sortedByBytes() {
                switch newest[kind]?[code] {
                case .product(let product): products.append(product)
                case .warehouse(let warehouse): warehouses.append(warehouse)
                case .seller(let seller): sellers.append(seller)
                case nil: break
                }
            }
        }
        flight.add(Product.table.upsertNewer, products)
        flight.add(Warehouse.table.upsertNewer, warehouses)
        flight.add(Seller.table.upsertNewer, sellers)
    }

    func writeTimers(_ batch: BatchWrite, _ flight: inout WriteFlight) {
        let dropped = emptyColumns(DueRows.drop.name, DueRows.keyColumns)
        for key in batch.changes.timersDropped.sorted(by: { $0.precedes($1) }) { DueRows.append(key, to: dropped) }
        flight.add(DueRows.drop, dropped)
        let set = emptyColumns(DueRows.set.name, DueRows.columns)
        for timer in batch.changes.timersSet.sorted(by: { $0.key.precedes($1.key) }) { DueRows.append(timer, to: set) }
        flight.add(DueRows.set, set)
        writeStockToTell(batch, &flight)
    }

    /// How long changes of stock are gathered before they are told, in microseconds.
    private static let stockIsToldAfter: Int64 = 1_000_000

    private func writeStockToTell(_ batch: BatchWrite, _ flight: inout WriteFlight) {
        guard let now = batchTime else { return }
        let dueAt = Timestamp(microseconds: now.microseconds + Self.stockIsToldAfter)
        let once = emptyColumns(DueRows.setOnce.name, DueRows.columns)
        for subject in Set(batch.changes.stockToTell.map(\.subject)).sortedByBytes() {
            DueRows.append(Timer(kind: .stockChanged, orderNumber: nil, reference: subject, dueAt: dueAt), to: once)
        }
        flight.add(DueRows.setOnce, once)
    }

    /// - Parameter risen: SKUs of which more can be promised than before.
    func writeFollowUps(_ batch: BatchWrite, risen: Set<String>, _ flight: inout WriteFlight) {
        if !batch.changes.takeAways.isEmpty {
            let keys = Set(batch.changes.takeAways).sorted()
            flight.add(FollowUps.takeAway, [.textArray(keys.map(\.sku)), .textArray(keys.map(\.warehouse))])
        }
        writeLooks(batch.changes, risen: risen, &flight)
        if !risen.isEmpty { flight.add(FollowUps.handOut, [.textArray(risen.sortedByBytes())]) }
        for sku in batch.changes.givesOn.subtracting(risen).sortedByBytes() {
            flight.add(FollowUps.handOn, [.textArray([sku])])
        }
        var skus: Set<String> = []
        var sellers: Set<String> = []
        var hasOpened = false
        for update in batch.changes.reference {
            switch update {
            case .product: skus.insert(update.code)
            case .seller: sellers.insert(update.code)
            case .warehouse(let warehouse): hasOpened = hasOpened || warehouse.isActive
            }
        }
        if hasOpened { flight.add(FollowUps.sweepStockHolds, []) }
        if !skus.isEmpty || !sellers.isEmpty {
            flight.add(
                FollowUps.revalidate, [.textArray(skus.sortedByBytes()), .textArray(sellers.sortedByBytes())])
        }
        if !batch.clearedMarks.isEmpty {
            flight.add(FollowUps.clearMarks, [.textArray(Set(batch.clearedMarks).sortedByBytes())])
        }
        if !batch.quarantined.isEmpty {
            let numbers = batch.quarantined.keys.sortedByBytes()
            flight.add(
                FollowUps.quarantine,
                [.textArray(numbers), .textArray(numbers.map { batch.quarantined[$0] ?? "" })])
        }
        if !batch.changes.lifted.isEmpty {
            flight.add(FollowUps.lift, [.textArray(batch.changes.lifted.sortedByBytes())])
        }
    }
}

/// Set-based statements that find the orders they concern by themselves.
enum FollowUps {
    /// Due rows for the newest unshipped orders of a stock, until what they have reserved covers what is missing. The
    /// stock's row is locked by the batch, so no reservation of it is under way.
    static let takeAway = Statement(
        "take away",
        """
        INSERT INTO due (kind, order_number, reference, due_at, next_at)
        SELECT 'take_away', t.order_number, t.sku || '@' || t.warehouse, now(), now()
        FROM (
            SELECT s.sku, s.warehouse, s.missing, o.number AS order_number, sum(l.reserved) AS units,
                sum(sum(l.reserved)) OVER (
                    PARTITION BY s.sku, s.warehouse ORDER BY o.placed_at DESC, o.number DESC) AS units_so_far
            FROM unnest($1, $2) AS u (sku, warehouse)
            JOIN stock AS s ON s.sku = u.sku AND s.warehouse = u.warehouse
            JOIN fulfilment_lines AS l ON l.sku = s.sku AND l.reserved > 0
            JOIN fulfilments AS f ON f.id = l.fulfilment_id AND f.warehouse = s.warehouse
            JOIN orders AS o ON o.number = l.order_number
            GROUP BY s.sku, s.warehouse, s.missing, o.number, o.placed_at
        ) AS t
        WHERE t.units_so_far - t.units < t.missing
        ORDER BY t.order_number, t.sku, t.warehouse
        ON CONFLICT (kind, order_number, reference) DO NOTHING
        """)

    private static let heldForProduct = "('unknown_sku', 'unlisted_sku', 'price_mismatch')"
    private static let heldForSeller = "('channel_unknown', 'partner_unknown', 'partner_suspended')"

    /// Due rows for the orders that are held for what has changed.
    static let revalidate = Statement(
        "revalidate",
        """
        INSERT INTO due (kind, order_number, reference, due_at, next_at)
        SELECT 'revalidate', h.order_number, '', now(), now()
        FROM (
            SELECT h.order_number FROM holds AS h
            JOIN order_lines AS l ON l.order_number = h.order_number AND l.sku = ANY ($1)
            WHERE h.closed_at IS NULL AND h.reason IN \(heldForProduct)
            UNION
            SELECT h.order_number FROM holds AS h
            WHERE h.closed_at IS NULL AND h.reason IN \(heldForSeller)
                AND split_part(h.order_number, '/', 1) = ANY ($2)
        ) AS h
        ORDER BY h.order_number
        ON CONFLICT (kind, order_number, reference) DO NOTHING
        """)

    /// The same for all that has changed in the last minute, and orders held about then: by a batch that did not see the
    /// change, while the change did not see the hold. Who was held before was seen.
    static let sweepRevalidations = Statement(
        "sweep revalidations",
        """
        INSERT INTO due (kind, order_number, reference, due_at, next_at)
        SELECT 'revalidate', h.order_number, '', now(), now()
        FROM (
            SELECT h.order_number FROM holds AS h
            JOIN order_lines AS l ON l.order_number = h.order_number
            JOIN products AS p ON p.sku = l.sku AND p.updated_at > now() - interval '1 minute'
            WHERE h.closed_at IS NULL AND h.reason IN \(heldForProduct) AND \(isHeldSince("p.updated_at"))
            UNION
            SELECT h.order_number FROM holds AS h
            JOIN sellers AS s ON s.code = split_part(h.order_number, '/', 1)
                AND s.updated_at > now() - interval '1 minute'
            WHERE h.closed_at IS NULL AND h.reason IN \(heldForSeller) AND \(isHeldSince("s.updated_at"))
        ) AS h
        ORDER BY h.order_number
        ON CONFLICT (kind, order_number, reference) DO NOTHING
        """)

    /// A batch takes its time from its beginning. The second condition follows from the first and the change's age: by it
    /// the few new holds are found first, however much has changed.
    private static func isHeldSince(_ update: String) -> String {
        "h.opened_at > \(update) - interval '1 minute' AND h.opened_at > now() - interval '2 minutes'"
    }

    static let clearMarks = Statement("clear crash marks", "DELETE FROM crash_marks WHERE key = ANY ($1)")

    static let lift = Statement("lift quarantine", "DELETE FROM quarantined_orders WHERE order_number = ANY ($1)")

    static let quarantine = Statement(
        "quarantine",
        """
        INSERT INTO quarantined_orders (order_number, fault) SELECT * FROM unnest($1, $2)
        ON CONFLICT (order_number) DO UPDATE SET fault = excluded.fault
        """)
}
