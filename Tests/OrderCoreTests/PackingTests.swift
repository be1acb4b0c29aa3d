import OrderSimulator
import Testing

@testable import OrderCore

@Suite("Filling parcels")
struct PackingTests {
    private static func units(_ parcels: [Packing.Parcel]) -> [Int64: Int64] {
        parcels.reduce(into: [:]) { $0.merge($1.units, uniquingKeysWith: +) }
    }

    /// What is in a parcel, measured again.
    private static func load(_ parcel: Packing.Parcel, _ items: [Packing.Item], _ place: Int) -> Int64 {
        parcel.units.reduce(0) { sum, part in
            sum + part.value * (items.first { $0.line == part.key }?.measures[place] ?? 0)
        }
    }

    @Test(
        "all units once; no parcel is over a maximum, but one that holds a single unit",
        arguments: 0..<30 as Range<UInt64>)
    func isWhole(block: UInt64) {
        for seed in block * 100..<(block + 1) * 100 {
            var random = SeededGenerator(seed: seed)
            let maxima = (0..<Int.random(in: 0...3, using: &random)).map { _ in
                Int64.random(in: 0...30, using: &random)
            }
            let items = (1...Int64.random(in: 1...6, using: &random)).map { line in
                let measures = maxima.map { _ in Int64.random(in: 0...20, using: &random) }
                return Packing.Item(line: line, units: .random(in: 1...7, using: &random), measures: measures)
            }
            guard let parcels = Packing.pack(items, maxima: maxima) else {
                Issue.record("seed \(seed): 42 units are not too many")
                continue
            }
            let wanted = items.reduce(into: [:]) { $0[$1.line] = $1.units }
            #expect(Self.units(parcels) == wanted, "seed \(seed)")
            for parcel in parcels {
                let count = parcel.units.values.reduce(0, +)
                #expect(count > 0, "seed \(seed)")
                for (place, maximum) in maxima.enumerated() {
                    let load = Self.load(parcel, items, place)
                    #expect(load == parcel.load[place], "seed \(seed)")
                    #expect(load <= maximum || count == 1, "seed \(seed)")
                }
            }
        }
    }

    @Test(
        "with one maximum no more parcels than the bound of first-fit decreasing says",
        arguments: 0..<10 as Range<UInt64>)
    func bound(block: UInt64) {
        for seed in block * 100..<(block + 1) * 100 {
            var random = SeededGenerator(seed: seed)
            let maximum = Int64.random(in: 5...20, using: &random)
            let sizes = (0..<Int.random(in: 1...9, using: &random)).map { _ in
                Int64.random(in: 1...maximum, using: &random)
            }
            let items = sizes.enumerated().map { Packing.Item(line: Int64($0), units: 1, measures: [$1]) }
            let parcels = Packing.pack(items, maxima: [maximum])?.count ?? .max
            let fewest = Self.fewest(sizes.sorted(by: >)[...], maximum, [])
            #expect(parcels >= fewest, "seed \(seed)")
            #expect(9 * parcels <= 11 * fewest + 6, "seed \(seed)")
        }
    }

    /// The fewest parcels possible: each unit in each parcel that has room, and in one of its own.
    private static func fewest(_ sizes: ArraySlice<Int64>, _ maximum: Int64, _ loads: [Int64]) -> Int {
        guard let size = sizes.first else { return loads.count }
        var best = Int.max
        for place in loads.indices where loads[place] + size <= maximum && !loads[..<place].contains(loads[place]) {
            var more = loads
            more[place] += size
            best = min(best, fewest(sizes.dropFirst(), maximum, more))
        }
        return min(best, fewest(sizes.dropFirst(), maximum, loads + [size]))
    }

    @Test("units of a line are spread over parcels, and fill what is open already")
    func spread() {
        let item = Packing.Item(line: 1, units: 7, measures: [3])
        #expect(Packing.pack([item], maxima: [10])?.map(\.units) == [[1: 3], [1: 3], [1: 1]])
        let open = Packing.Parcel(fulfilment: "F1", load: [4])
        let parcels = Packing.pack([item], maxima: [10], into: [open])
        #expect(parcels?.map(\.units) == [[1: 2], [1: 3], [1: 2]])
        #expect(parcels?.map(\.fulfilment) == ["F1", nil, nil])
    }

    @Test("a unit that is too large travels alone, and nothing joins it")
    func oversize() {
        let items = [
            Packing.Item(line: 1, units: 2, measures: [11, 0]), Packing.Item(line: 2, units: 3, measures: [0, 1]),
        ]
        #expect(Packing.pack(items, maxima: [10, 10])?.map(\.units) == [[1: 1], [1: 1], [2: 3]])
    }

    @Test("more parcels than anyone means are not made")
    func most() {
        let item = Packing.Item(line: 1, units: 1_000_000, measures: [1])
        #expect(Packing.pack([item], maxima: [1]) == nil)
        #expect(Packing.pack([item], maxima: [5_000])?.count == 200)
    }
}
