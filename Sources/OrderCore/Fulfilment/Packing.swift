/// Fills parcels (拆单): first-fit decreasing. Units of a line may be spread; a unit that is over a maximum by itself
/// travels alone.
///
/// With one maximum it needs at most 11/9 of the fewest parcels possible, and 6/9 of a parcel (Dósa 2007). With several,
/// where a unit counts by the maximum that it fills most of, it is a heuristic: no such bound is known for it.
enum Packing {
    /// Units that are alike.
    struct Item: Hashable {
        var line: Int64
        var units: Int64
        /// Of one unit, in the order of the maxima.
        var measures: [Int64]
    }

    /// What travels together.
    struct Parcel: Hashable {
        /// The fulfilment that it is, where there is one already.
        var fulfilment: String?
        /// Units by line.
        var units: [Int64: Int64] = [:]
        /// Sums, in the order of the maxima.
        var load: [Int64]
    }

    /// So many parcels are made of one part of an order at most.
    static let mostParcels = 200

    /// Puts all units into parcels; `nil`: it would take more than `mostParcels`.
    ///
    /// - Parameter open: parcels that have room, maybe.
    static func pack(_ items: [Item], maxima: [Int64], into open: [Parcel] = []) -> [Parcel]? {
        var parcels = open
        for item in items.sorted(by: { isLarger($0, $1, maxima) }) {
            var left = item.units
            if fitting(item, beside: maxima.map { _ in 0 }, maxima) > 0 {
                for place in parcels.indices where left > 0 {
                    put(min(left, fitting(item, beside: parcels[place].load, maxima)), of: item, &parcels[place], &left)
                }
            }
            while left > 0 {
                guard parcels.count < mostParcels else { return nil }
                var parcel = Parcel(load: maxima.map { _ in 0 })
                put(min(left, max(1, fitting(item, beside: parcel.load, maxima))), of: item, &parcel, &left)
                parcels.append(parcel)
            }
        }
        return parcels
    }

    private static func put(_ units: Int64, of item: Item, _ parcel: inout Parcel, _ left: inout Int64) {
        guard units > 0 else { return }
        parcel.units[item.line, default: 0] += units
        // What fits is below the maximum; a single unit is the measure itself.
        for (place, measure) in item.measures.enumerated() { parcel.load[place] += measure * units }
        left -= units
    }

    /// Units of an item that go into a parcel.
    private static func fitting(_ item: Item, beside load: [Int64], _ maxima: [Int64]) -> Int64 {
        var units = Int64.max
        for (place, measure) in item.measures.enumerated() {
            // One that is over its maximum travels alone, even where the other measures nothing.
            guard load[place] <= maxima[place] else { return 0 }
            if measure > 0 { units = min(units, (maxima[place] - load[place]) / measure) }
        }
        return units
    }

    /// By the part of a maximum that a unit fills, in its fullest measure; else by the line.
    private static func isLarger(_ one: Item, _ other: Item, _ maxima: [Int64]) -> Bool {
        let (left, right) = (fullest(one, maxima), fullest(other, maxima))
        let (first, second) = (
            Int128(left.measure) * Int128(right.maximum), Int128(right.measure) * Int128(left.maximum)
        )
        return first == second ? one.line < other.line : first > second
    }

    private static func fullest(_ item: Item, _ maxima: [Int64]) -> (measure: Int64, maximum: Int64) {
        zip(item.measures, maxima).map { (measure: $0, maximum: max(1, $1)) }.max {
            Int128($0.measure) * Int128($1.maximum) < Int128($1.measure) * Int128($0.maximum)
        } ?? (0, 1)
    }
}
