public import OrderCore
internal import Postgres

/// Which orders are meant; what is not said does not count.
public struct OrderFilter: Hashable, Sendable {
    /// Where it stands.
    public var status: OrderStatus?
    /// A hold with this reason is open.
    public var hold: HoldReason?
    /// The code of its channel or partner.
    public var seller: String?
    /// Some of it is to be shipped, or was, from this warehouse.
    public var warehouse: String?
    /// Placed before; with a hold, held since before.
    public var before: Timestamp?
    /// Not placed before; with a hold, not held since before.
    public var since: Timestamp?

    /// Every order.
    public init() {}
}

/// Orders that a person chooses.
extension Queries {
    /// The orders that are meant, the oldest first.
    public func orders(_ filter: OrderFilter, limit: Int) throws(StoreError) -> [Order] {
        try all(
            """
            SELECT \(Order.table.list("t")) FROM orders AS t
            WHERE ($1 IS NULL OR t.status = $1)
                AND ($2 IS NULL AND ($5::timestamptz IS NULL OR t.placed_at < $5)
                    AND ($7::timestamptz IS NULL OR t.placed_at >= $7) OR EXISTS (
                    SELECT FROM holds AS h WHERE h.order_number = t.number AND h.closed_at IS NULL AND h.reason = $2
                        AND ($5::timestamptz IS NULL OR h.opened_at < $5)
                        AND ($7::timestamptz IS NULL OR h.opened_at >= $7)))
                AND ($3 IS NULL OR starts_with(t.number, $3 || '/'))
                AND ($4 IS NULL OR EXISTS (
                    SELECT FROM fulfilments AS f WHERE f.order_number = t.number AND f.warehouse = $4))
            ORDER BY t.placed_at, t.number LIMIT $6
            """,
            [
                .text(filter.status?.rawValue), .text(filter.hold?.rawValue), .text(filter.seller),
                .text(filter.warehouse), .timestamptz(filter.before?.microseconds), .int8(Int64(limit)),
                .timestamptz(filter.since?.microseconds),
            ], head)
    }

    /// The orders with these numbers that there are.
    public func orders(_ numbers: [String]) throws(StoreError) -> [Order] {
        try all(
            "SELECT \(Order.table.list("t")) FROM orders AS t WHERE t.number = ANY ($1)", [.textArray(numbers)], head)
    }

    private func head(_ row: Postgres.Row) throws(StoreError) -> Order {
        var fields = FieldReader(row, Order.table)
        return try Order.read(&fields)
    }
}
