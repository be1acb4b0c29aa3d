internal import OrderCore
internal import Postgres

/// A day's work of a warehouse, as it is locked and changed.
struct WarehouseDayRow: WrittenRow {
    let day: WarehouseDay
    /// By how much what is promised changes.
    var change: Int64 = 0

    static let table = Table(
        "warehouse_days", [.key("warehouse", .text), .key("day", .int8), .integer("taken")])

    func write(to sink: inout some FieldSink) {
        sink.put(day.warehouse)
        sink.put(day.day)
        sink.put(change)
    }

    /// Days that are not there yet are made, so that they can be locked.
    static let make = Statement(
        "make warehouse days",
        """
        INSERT INTO warehouse_days (warehouse, day, taken)
        SELECT warehouse, day, taken FROM unnest($1, $2, $3) AS u (warehouse, day, taken)
        ON CONFLICT (warehouse, day) DO NOTHING
        """)

    /// Locks days, in key order, after the stock.
    static let lock = Statement(
        "lock warehouse days",
        """
        SELECT t.warehouse, t.day, t.taken
        FROM unnest($1, $2, $3) AS u (warehouse, day, taken)
        JOIN warehouse_days AS t ON t.warehouse = u.warehouse AND t.day = u.day
        ORDER BY t.warehouse, t.day FOR NO KEY UPDATE OF t
        """)

    /// Changes what is promised of days that are locked.
    static let change = Statement(
        "change warehouse days",
        """
        UPDATE warehouse_days AS t SET taken = t.taken + u.taken
        FROM unnest($1, $2, $3) AS u (warehouse, day, taken)
        WHERE t.warehouse = u.warehouse AND t.day = u.day
        """)
}
