public import OrderCore
internal import Postgres

extension Queries {
    /// What rules have decided about an order, in the order of its journal.
    public func ruleDecisions(of number: String) throws(StoreError) -> [StoredDecision] {
        try all(
            """
            SELECT version, at, phase, rule, rules, effect,
                coalesce((SELECT string_agg(i.key || ' ' || i.value, ', ' ORDER BY i.key)
                    FROM json_each_text(d.inputs) AS i), '')
            FROM rule_decisions AS d WHERE order_number = $1 ORDER BY version, place
            """, [.text(number)]
        ) { (row) throws(StoreError) in
            let fields = Fields(row: row)
            return StoredDecision(
                version: try fields.integer(0), at: try fields.time(1), phase: try fields.text(2),
                rule: try fields.text(3), rules: try fields.text(4), effect: try fields.text(5),
                inputs: try fields.text(6))
        }
    }

    /// All warehouses, as last told by their owners.
    public func warehouses() throws(StoreError) -> [Warehouse] {
        let rows = try database { () throws(PostgresError) in
            try connection.query("SELECT \(Warehouse.table.list("t")) FROM warehouses AS t ORDER BY code")
        }
        return try Warehouse.all(rows)
    }

    /// The codes of all channels and partners that were ever told of.
    public func sellerCodes() throws(StoreError) -> Set<String> {
        Set(try all("SELECT code FROM sellers") { (row) throws(StoreError) in try Fields(row: row).text(0) })
    }

    /// An order as rules are asked about it now, with all that they look at beside.
    public func subject(_ state: OrderState, asking book: RuleBook) throws(StoreError) -> RuleSubject {
        let skus = Parameter.textArray(Array(Set(state.lines.all.map(\.sku))).sorted())
        let (now, stock) = try database { () throws(PostgresError) in
            (
                try connection.query("SELECT now()").only().timestamp(0),
                try connection.query(
                    """
                    SELECT sku, sum(greatest(0, on_hand - reserved - safety))::bigint FROM stock WHERE sku = ANY ($1)
                    GROUP BY sku
                    """, [skus])
            )
        }
        var products: [String: Product] = [:]
        try read(Set(state.lines.all.map(\.sku)), into: &products)
        var subject = RuleSubject(
            state.order, lines: state.lines.all, contact: state.contact.all.first, products: products,
            now: Timestamp(microseconds: now))
        if state.order.status.isBeforeRelease { subject.leaveOutCancelled() }
        for line in state.lines.all { subject.available[line.sku] = 0 }
        for row in stock {
            let fields = Fields(row: row)
            subject.available[try fields.text(0)] = try fields.integer(1)
        }
        subject.history = BuyerHistory.none(of: book.histories)
        if let order = BuyerOrder(state.order, subject.contact, state.lines.all) {
            let counts = try Store.histories(of: [order], book.histories, connection)
            subject.history.merge(counts[order.number] ?? [:]) { $1 }
        }
        return subject
    }
}

/// What a rule has decided, as it is stored.
public struct StoredDecision: Hashable, Sendable {
    /// The journal version of the order that it belongs to.
    public var version: Int64
    /// When.
    public var at: Timestamp
    /// When the rule was asked.
    public var phase: String
    /// The rule's name.
    public var rule: String
    /// The version of the rules.
    public var rules: String
    /// What followed.
    public var effect: String
    /// The values that its condition looked at.
    public var inputs: String
}
