/// A day's work of a warehouse: so many orders' parts are promised to it, as stock is.
public struct WarehouseDay: Hashable, Comparable, Sendable {
    /// The warehouse's code.
    public var warehouse: String
    /// Days since 1970, in the rules' zone.
    public var day: Int64

    /// Makes a day.
    public init(warehouse: String, day: Int64) {
        self.warehouse = warehouse
        self.day = day
    }

    /// Work is promised for so many days, the one in hand included; beyond nobody knows.
    static let daysAhead: Int64 = 7

    /// The order in which days are locked: by warehouse, byte by byte, then day.
    public static func < (left: WarehouseDay, right: WarehouseDay) -> Bool {
        left.warehouse == right.warehouse
            ? left.day < right.day : left.warehouse.utf8.lexicographicallyPrecedes(right.warehouse.utf8)
    }
}

/// The work that is promised to warehouses, of the days of a batch.
public struct WorkSet: Sendable {
    private var taken: [WarehouseDay: Int64] = [:]
    private var before: [WarehouseDay: Int64] = [:]

    /// Makes an empty set.
    public init() {}

    /// Adds a day as it was loaded.
    public mutating func load(_ day: WarehouseDay, taken: Int64) {
        self.taken[day] = taken
    }

    /// Orders whose parts are promised to this day.
    public subscript(day: WarehouseDay) -> Int64 { taken[day, default: 0] }

    /// The days that are in the set.
    public var days: some Collection<WarehouseDay> { taken.keys }

    mutating func add(_ orders: Int64, to day: WarehouseDay) {
        let now = taken[day, default: 0]
        if before[day] == nil { before[day] = now }
        taken[day] = now + orders
    }

    /// The days that are not as they were loaded, in key order, and by how much.
    public var changed: [(day: WarehouseDay, change: Int64)] {
        before.keys.sorted().compactMap { day in
            let change = taken[day, default: 0] - before[day, default: 0]
            return change == 0 ? nil : (day, change)
        }
    }
}
