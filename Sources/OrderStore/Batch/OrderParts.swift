internal import OrderCore
internal import Postgres

/// The rows that belong to orders, read in one flight and put together by order.
///
/// Sent after the orders were locked, as statements of their own: a statement's snapshot is older than its lock wait.
struct OrderParts {
    /// Fulfilments have locks of their own, taken after the orders'. They belong to an order by their lines.
    static let lockFulfilments = Statement(
        "lock fulfilments",
        """
        SELECT l.order_number, \(Fulfilment.table.list("f"))
        FROM (SELECT DISTINCT order_number, fulfilment_id FROM fulfilment_lines WHERE order_number = ANY ($1)) AS l
        JOIN fulfilments AS f ON f.id = l.fulfilment_id
        ORDER BY f.id, l.order_number FOR NO KEY UPDATE OF f
        """)

    static let readFulfilments = Statement(
        "read fulfilments",
        """
        SELECT l.order_number, \(Fulfilment.table.list("f"))
        FROM (SELECT DISTINCT order_number, fulfilment_id FROM fulfilment_lines WHERE order_number = ANY ($1)) AS l
        JOIN fulfilments AS f ON f.id = l.fulfilment_id
        ORDER BY f.id, l.order_number
        """)

    /// In the order in which the domain wants the rows of an order.
    static let readParts = [
        read(OrderContact.table, "order_number"),
        read(OrderLine.table, "order_number, number"),
        read(PaymentFact.table, "order_number, sequence"),
        read(MoneyRequest.table, "order_number, requested_at, request_id"),
        read(Hold.table, "order_number, number"),
        read(FulfilmentLine.table, "order_number, fulfilment_id, line"),
        read(Parcel.table, "order_number, shipped_at, warehouse, shipment"),
    ]

    private static func read(_ table: Table, _ order: String) -> Statement {
        Statement(
            "read \(table.name)",
            "SELECT \(table.list("t")) FROM \(table.name) AS t WHERE order_number = ANY ($1) ORDER BY \(order)")
    }

    private(set) var states: [String: OrderState] = [:]
    private(set) var unreadable: [String: String] = [:]
    /// The first row that read back impossible.
    private(set) var fault: ImpossibleRow?

    /// Puts together what was read: the heads, then the answers to the fulfilments' statement and to `readParts`.
    init(orders: Postgres.Rows, fulfilments: Postgres.Rows?, parts: ArraySlice<Postgres.Rows>) throws(StoreError) {
        for row in orders {
            var fields = FieldReader(row, Order.table)
            do {
                let order = try Order.read(&fields)
                states[order.number] = OrderState(stored: order)
            } catch {
                try note(error)
            }
        }
        guard let fulfilments else { return }
        try add(Fulfilment.self, fulfilments, numberFirst: true) { $0.fulfilments = OrderCore.Rows(stored: $1) }
        let first = parts.startIndex
        try add(OrderContact.self, parts[first]) { $0.contact = OrderCore.Rows(stored: $1) }
        try add(OrderLine.self, parts[first + 1]) { $0.lines = OrderCore.Rows(stored: $1) }
        try add(PaymentFact.self, parts[first + 2]) { $0.facts = OrderCore.Rows(stored: $1) }
        try add(MoneyRequest.self, parts[first + 3]) { $0.requests = OrderCore.Rows(stored: $1) }
        try add(Hold.self, parts[first + 4]) { $0.holds = OrderCore.Rows(stored: $1) }
        try add(FulfilmentLine.self, parts[first + 5]) { $0.fulfilmentLines = OrderCore.Rows(stored: $1) }
        try add(Parcel.self, parts[first + 6]) { $0.parcels = OrderCore.Rows(stored: $1) }
    }

    private mutating func add<Row: StoredRow>(
        _: Row.Type, _ rows: Postgres.Rows, numberFirst: Bool = false,
        _ set: (inout OrderState, [Row]) -> Void
    ) throws(StoreError) {
        var byOrder: [String: [Row]] = [:]
        for row in rows {
            let number = try database { () throws(PostgresError) in try row.text(0) }
            let column = Row.table.isOwned ? 1 : 0
            var fields = FieldReader(row, Row.table, from: numberFirst ? 1 : column, column: column)
            do {
                byOrder[number, default: []].append(try Row.read(&fields))
            } catch {
                try note(error, of: number)
            }
        }
        for (number, rows) in byOrder {
            if let place = states.index(forKey: number) { set(&states.values[place], rows) }
        }
    }

    /// Leaves out the orders whose rows can each be read, but not stand together.
    mutating func leaveOutImpossible() {
        for (number, state) in states {
            guard let impossibility = state.impossibility else { continue }
            unreadable[number] = impossibility
            states[number] = nil
        }
    }

    /// An order with an impossible row is left out; the rest of the batch goes on.
    private mutating func note(_ error: StoreError, of number: String? = nil) throws(StoreError) {
        guard case .impossibleRow(let row) = error, let number = number ?? row.orderNumber else { throw error }
        unreadable[number] = row.description
        fault = fault ?? row
        states[number] = nil
    }
}
