public import OrderCore
internal import Postgres

/// Stored orders, as rules would have been asked about them when they were placed.
extension Queries {
    /// The numbers of the orders that were placed within so many seconds, newest first.
    public func orders(placedWithin seconds: Int64) throws(StoreError) -> [String] {
        try all(
            "SELECT number FROM orders WHERE placed_at > now() - make_interval(secs => $1) ORDER BY placed_at DESC",
            [.int8(seconds)]
        ) { (row) throws(StoreError) in try Fields(row: row).text(0) }
    }

    /// Subjects of these orders, at the moments they were placed: what was cancelled or shipped since is as it was ordered.
    /// Stock is not known of the past: it counts as not there.
    public func subjects(
        _ numbers: [String], _ histories: Set<BuyerHistory>, products: inout [String: Product]
    ) throws(StoreError) -> [RuleSubject] {
        let keys = Parameter.textArray(numbers)
        let tables = [Order.table, OrderContact.table, OrderLine.table]
        let answers = try database { () throws(PostgresError) in
            try connection.pipeline { (pipeline) throws(PostgresError) in
                for table in tables {
                    let key = table.name == "orders" ? "number" : "order_number"
                    let order = table.isOwned ? " ORDER BY order_number, number" : ""
                    try pipeline.send(
                        Statement(
                            "simulate \(table.name)",
                            "SELECT \(table.list("t")) FROM \(table.name) AS t WHERE \(key) = ANY ($1)\(order)"), [keys]
                    )
                }
            }
        }
        var contacts: [String: OrderContact] = [:]
        for contact in try OrderContact.all(answers[1]) { contacts[contact.orderNumber] = contact }
        var lines: [String: [OrderLine]] = [:]
        for row in answers[2] {
            var fields = FieldReader(row, OrderLine.table, from: 1)
            lines[try Fields(row: row).text(0), default: []].append(try OrderLine.read(&fields))
        }
        try read(Set(lines.values.joined().map(\.sku)), into: &products)
        var subjects: [RuleSubject] = []
        var buyers: [BuyerOrder] = []
        for order in try Order.all(answers[0]) {
            // What rules gave is theirs again.
            let own = (lines[order.number] ?? []).filter { $0.gift == nil }
            let contact = contacts[order.number]
            subjects.append(
                RuleSubject(order, lines: own, contact: contact, products: products, now: order.placedAt))
            if !histories.isEmpty, let buyer = BuyerOrder(order, contact, own) { buyers.append(buyer) }
        }
        let counts = try Store.histories(of: buyers, histories, connection)
        for index in subjects.indices {
            subjects[index].history = counts[subjects[index].order.number] ?? BuyerHistory.none(of: histories)
        }
        return subjects
    }

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
