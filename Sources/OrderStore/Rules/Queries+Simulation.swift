public import OrderCore
internal import Postgres

/// An order as rules would have been asked about it when it was placed.
public struct PlacedOrder: Sendable {
    /// The order.
    public var subject: RuleSubject
    /// What was planned of it since.
    public var parts: [RuleSubject.Part] = []
}

/// Stored orders, as rules would have been asked about them when they were placed.
extension Queries {
    /// The numbers of the orders that were placed within so many seconds, newest first.
    public func orders(placedWithin seconds: Int64) throws(StoreError) -> [String] {
        try all(
            "SELECT number FROM orders WHERE placed_at > now() - make_interval(secs => $1) ORDER BY placed_at DESC",
            [.int8(seconds)]
        ) { (row) throws(StoreError) in try Fields(row: row).text(0) }
    }

    /// These orders, at the moments they were placed: what was cancelled or shipped since is as it was ordered, the receiver
    /// the first one. Stock is not known of the past: it counts as not there.
    ///
    /// - Parameter read: What a kept message says. Rejected orders have no lines but there; those whose message is not kept
    ///   any more are left out.
    public func placedOrders(
        _ numbers: [String], _ histories: Set<BuyerHistory>, products: inout [String: Product],
        reading read: (RawMessage) -> OrderPlaced?
    ) throws(StoreError) -> [PlacedOrder] {
        let keys = Parameter.textArray(numbers)
        let answers = try database { () throws(PostgresError) in
            try connection.pipeline { (pipeline) throws(PostgresError) in
                for statement in Self.readPlaced { try pipeline.send(statement, [keys]) }
            }
        }
        let orders = try Order.all(answers[0])
        let contacts = try OrderContact.all(answers[1]) + OrderContact.all(answers[2])
        let contactsByOrder = Dictionary(contacts.map { ($0.orderNumber, $0) }) { _, first in first }
        var lines: [String: [OrderLine]] = [:]
        for row in answers[3] {
            var fields = FieldReader(row, OrderLine.table, from: 1)
            lines[try Fields(row: row).text(0), default: []].append(try OrderLine.read(&fields))
        }
        let rejected = try placingMessages(of: orders.filter { $0.status == .rejected }.map(\.number))
            .compactMapValues(read)
        let skus = lines.values.joined().map(\.sku) + rejected.values.flatMap { $0.lines.map(\.sku) }
        try self.read(Set(skus), into: &products)
        for (number, placed) in rejected { lines[number] = Self.lines(placed, products) }
        let parts = try Self.parts(answers[4])

        var found: [PlacedOrder] = []
        var buyers: [BuyerOrder] = []
        for order in orders where order.status != .rejected || rejected[order.number] != nil {
            // What rules gave is theirs again.
            let own = (lines[order.number] ?? []).filter { $0.gift == nil }
            let contact = contactsByOrder[order.number]
            let subject = RuleSubject(order, lines: own, contact: contact, products: products, now: order.placedAt)
            found.append(PlacedOrder(subject: subject, parts: parts[order.number] ?? []))
            if !histories.isEmpty, let buyer = BuyerOrder(order, contact, own) { buyers.append(buyer) }
        }
        let counts = try Store.histories(of: buyers, histories, connection)
        for index in found.indices {
            found[index].subject.history = counts[found[index].subject.order.number] ?? BuyerHistory.none(of: histories)
        }
        return found
    }

    private static let readPlaced = [
        Statement("simulate orders", "SELECT \(Order.table.list("t")) FROM orders AS t WHERE t.number = ANY ($1)"),
        Statement(
            "simulate contacts",
            "SELECT \(OrderContact.table.list("t")) FROM order_contacts AS t WHERE t.order_number = ANY ($1)"),
        // The receiver may have been edited since. Where an order was rejected and placed again, the first entry is another's.
        Statement(
            "simulate first contacts",
            """
            SELECT \(OrderContact.table.list("r")) FROM order_journal AS j
            JOIN orders AS o ON o.number = j.order_number AND o.attempt = 1
            CROSS JOIN LATERAL jsonb_populate_recordset(
                \(OrderContact.table.journalDefaults), (j.rows -> 'order_contacts')::jsonb) AS r
            WHERE j.order_number = ANY ($1) AND j.version = 1
            """),
        Statement(
            "simulate lines",
            """
            SELECT \(OrderLine.table.list("t")) FROM order_lines AS t WHERE t.order_number = ANY ($1)
            ORDER BY t.order_number, t.number
            """),
        Statement(
            "simulate parts",
            """
            SELECT l.order_number, l.fulfilment_id, f.warehouse, l.line, l.quantity
            FROM fulfilment_lines AS l JOIN fulfilments AS f ON f.id = l.fulfilment_id
            WHERE l.order_number = ANY ($1) ORDER BY l.order_number, l.fulfilment_id
            """),
    ]

    /// As the order would have them, had it not been rejected; of two under one number the first one stands.
    private static func lines(_ placed: OrderPlaced, _ products: [String: Product]) -> [OrderLine] {
        var numbers: Set<Int64> = []
        return placed.lines.filter { numbers.insert($0.number).inserted }.map { line in
            let type = line.type ?? products[line.sku]?.type ?? .physical
            return OrderLine(
                number: line.number, sku: line.sku, type: type, quantity: line.quantity, unitPrice: line.unitPrice)
        }
    }

    private static func parts(_ rows: Postgres.Rows) throws(StoreError) -> [String: [RuleSubject.Part]] {
        var parts: [String: [RuleSubject.Part]] = [:]
        var last: String?
        for row in rows {
            let fields = Fields(row: row)
            let (order, fulfilment) = (try fields.text(0), try fields.text(1))
            // A parcel may hold several orders: one part of each.
            if last != order + " " + fulfilment {
                parts[order, default: []].append(RuleSubject.Part(warehouse: try fields.text(2), quantities: [:]))
            }
            last = order + " " + fulfilment
            let place = parts[order, default: []].count - 1
            parts[order]?[place].quantities[try fields.integer(3)] = try fields.integer(4)
        }
        return parts
    }

    /// The messages that orders were placed by, as long as they are kept; of one that was placed again the last.
    private func placingMessages(of numbers: [String]) throws(StoreError) -> [String: RawMessage] {
        guard !numbers.isEmpty else { return [:] }
        let rows = try database { () throws(PostgresError) in
            try connection.run(Self.readPlacing, [.textArray(numbers)])
        }
        return try database { () throws(PostgresError) in
            var messages: [String: RawMessage] = [:]
            for row in rows {
                messages[try row.text(0)] = RawMessage(
                    queue: try row.text(1), type: try row.text(2), headers: try row.texts(3), body: try row.bytes(4))
            }
            return messages
        }
    }

    private static let readPlacing = Statement(
        "read placing messages",
        """
        SELECT DISTINCT ON (order_number) order_number, coalesce(queue, ''), type, coalesce(headers, '{}'), body
        FROM message_log
        WHERE order_number = ANY ($1) AND type LIKE 'order.placed.%' AND outcome = 'done' AND body IS NOT NULL
        ORDER BY order_number, received_at DESC
        """)

    /// Products that were not read before.
    func read(_ skus: Set<String>, into products: inout [String: Product]) throws(StoreError) {
        let unknown = skus.filter { products[$0] == nil }.sorted()
        guard !unknown.isEmpty else { return }
        let rows = try database { () throws(PostgresError) in
            try connection.query(
                "SELECT \(Product.table.list("p")) FROM products AS p WHERE sku = ANY ($1)", [.textArray(unknown)])
        }
        for product in try Product.all(rows) { products[product.sku] = product }
    }
}
