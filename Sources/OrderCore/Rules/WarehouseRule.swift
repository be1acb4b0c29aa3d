/// What operations say of a warehouse, beside what its owner tells.
public struct WarehouseRule: Hashable, Sendable {
    /// What staff call it.
    public var title: String?
    /// Orders whose parts it can work on in a day; none: as many as come.
    public var capacity: Int64?
    /// Minutes since midnight: what comes from then on is work of the next day.
    public var cutOff: Int64?
    /// It is this supplier's (一件代发): what he supplies comes from here alone, and nothing else does.
    public var supplier: String?

    /// Says nothing.
    public init() {}
}

/// What operations say of a carrier.
public struct CarrierRule: Hashable, Sendable {
    /// What staff call it.
    public var title: String?
    /// Countries, provinces, cities or districts that it goes to, as receivers write them; empty: everywhere.
    public var areas: Set<String> = []
    /// Those that it does not go to.
    public var excluded: Set<String> = []

    /// Goes everywhere.
    public init() {}

    /// Whether it has a route to a receiver.
    public func goes(to receiver: Receiver?) -> Bool {
        let names = [receiver?.district, receiver?.city, receiver?.province, receiver?.country].compactMap { $0 }
        return (areas.isEmpty || names.contains(where: areas.contains)) && !names.contains(where: excluded.contains)
    }
}

extension RuleSet {
    /// The day on which a warehouse works on what it is given now, in days since 1970 in the rules' zone.
    func workday(of warehouse: String, at now: Timestamp) -> Int64 {
        let day = Weekday.day(at: now, zoneSeconds: zoneSeconds)
        return isPastCutOff(warehouse, at: now) ? day + 1 : day
    }

    /// What a warehouse is given now is work of the next day.
    func isPastCutOff(_ warehouse: String, at now: Timestamp) -> Bool {
        guard let cutOff = warehouses[warehouse]?.cutOff else { return false }
        return Weekday.minute(at: now, zoneSeconds: zoneSeconds) >= cutOff
    }

    /// The days for which the work of warehouses is looked at, of those that can't take on all that comes.
    public func workdays(at now: Timestamp) -> [WarehouseDay] {
        warehouses.filter { $0.value.capacity != nil }.keys.flatMap { code in
            let first = workday(of: code, at: now)
            return (first..<first + WarehouseDay.daysAhead).map { WarehouseDay(warehouse: code, day: $0) }
        }
    }
}
