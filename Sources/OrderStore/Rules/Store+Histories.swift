public import OrderCore
internal import Postgres

/// An order of which rules ask how many others its buyer placed.
public struct BuyerOrder: Hashable, Sendable {
    /// Its number; earlier orders are those of the same shop.
    public var number: String
    /// The buyer's id at the shop.
    public var buyer: String
    /// Earlier is what was placed before.
    public var placedAt: Timestamp
    /// What it holds, as `BuyerHistory.goods(of:)` writes it.
    public var goods: String

    /// Asks for an order.
    public init(number: String, buyer: String, placedAt: Timestamp, goods: String) {
        self.number = number
        self.buyer = buyer
        self.placedAt = placedAt
        self.goods = goods
    }

    /// Asks for an order that is there; nil where nobody knows its buyer.
    public init?(_ order: Order, _ contact: OrderContact?, _ lines: [OrderLine]) {
        guard let buyer = contact?.buyer else { return nil }
        self.init(
            number: order.number, buyer: buyer, placedAt: order.placedAt, goods: BuyerHistory.goods(of: lines))
    }
}

extension Store {
    /// How many orders the buyers of these orders placed before, as far as rules ask for it. Rejected ones don't count. Of
    /// the same goods, one that was placed later counts too, where it was let go already: else both would be.
    ///
    /// One statement for all orders and all questions; read within the batch's transaction, without locks.
    public func histories(
        of orders: [BuyerOrder], _ asked: Set<BuyerHistory>
    ) throws(StoreError) -> [String: [BuyerHistory: Int64]] {
        try Self.histories(of: orders, asked, connection)
    }

    static func histories(
        of orders: [BuyerOrder], _ asked: Set<BuyerHistory>, _ connection: PostgresConnection
    ) throws(StoreError) -> [String: [BuyerHistory: Int64]] {
        guard !orders.isEmpty, let longest = asked.map(\.seconds).max() else { return [:] }
        let times = ArrayColumn(.timestamptz)
        for order in orders { times.append(order.placedAt.microseconds) }
        let rows = try database { () throws(PostgresError) in
            try connection.run(
                Self.earlierOrders,
                [
                    .textArray(orders.map(\.number)), .textArray(orders.map(\.buyer)), .array(times), .int8(longest),
                    .bool(asked.contains { $0.hasSameGoods }),
                ])
        }
        var goods: [String: String] = [:]
        for order in orders { goods[order.number] = order.goods }
        var counts = goods.mapValues { _ in BuyerHistory.none(of: asked) }
        for row in rows {
            let (number, apart, isEarlier, theirs) = try database { () throws(PostgresError) in
                (try row.text(0), try row.int64(1), try row.bool(2), try row.optionalText(3))
            }
            for history in asked where apart <= history.seconds {
                guard history.hasSameGoods ? theirs == goods[number] : isEarlier else { continue }
                counts[number, default: [:]][history, default: 0] += 1
            }
        }
        return counts
    }

    /// Every earlier order of the buyer at the same shop, and later ones that were let go, with how many seconds they are apart
    /// and what they hold.
    ///
    /// `OFFSET 0` keeps the ways apart: from the order to what its buyer placed, by the index's own sequence, and from there
    /// to each of those. A plan made while the tables were empty otherwise goes through all orders for each that asks.
    private static let earlierOrders = Statement(
        "read earlier orders",
        """
        SELECT u.number, abs(extract(epoch FROM u.placed_at - o.placed_at))::bigint, o.is_earlier,
            CASE WHEN $5 THEN (
                SELECT string_agg(l.sku || ' ' || l.quantity, ',' ORDER BY (l.sku || ' ' || l.quantity) COLLATE "C")
                FROM order_lines AS l WHERE l.order_number = o.number AND l.gift IS NULL) END
        FROM unnest($1, $2, $3) AS u (number, buyer, placed_at)
        CROSS JOIN LATERAL (
            SELECT t.number, t.placed_at, t.is_screened,
                (t.placed_at, t.number) < (u.placed_at, u.number COLLATE "C") AS is_earlier
            FROM (
                SELECT order_number FROM order_contacts WHERE buyer = u.buyer ORDER BY buyer, order_number OFFSET 0
            ) AS c
            CROSS JOIN LATERAL (SELECT * FROM orders WHERE number = c.order_number OFFSET 0) AS t
            WHERE c.order_number <> u.number AND split_part(c.order_number, '/', 1) = split_part(u.number, '/', 1)
                AND t.status <> 'rejected' AND t.placed_at >= u.placed_at - make_interval(secs => $4)
                AND t.placed_at <= u.placed_at + make_interval(secs => $4)
            OFFSET 0
        ) AS o
        WHERE o.is_earlier OR $5 AND o.is_screened AND NOT EXISTS (
            SELECT FROM holds AS h WHERE h.order_number = o.number AND h.closed_at IS NULL)
        """)
}
