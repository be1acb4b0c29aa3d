import OrderCore
import OrderSimulator
import Testing

@Suite("Allocation (P6)")
struct AllocationTests {
    static let table: [(amount: Int64, weights: [Int64], parts: [Int64])] = [
        (299, [4_300, 1_400, 2_300], [161, 52, 86]),
        (300, [4_300, 1_400, 2_300], [161, 53, 86]),
        (1_000, [1, 1, 1], [334, 333, 333]),
        (-300, [4_000, 2_000, 2_000], [-150, -75, -75]),
        (93, [10, 20, 10, 30, 50, 20, 10, 40], [5, 10, 5, 15, 24, 10, 5, 19]),
        (10, [0, 0], [5, 5]),
        (40, [10, 0], [40, 0]),
        (400, [200, 600], [100, 300]),
        (15, [150, 50, 100], [8, 2, 5]),
        (0, [1, 2], [0, 0]),
        (7, [], []),
        (1_000_000_000_000_000, [1_000_000_000_000_000, 1], [1_000_000_000_000_000 - 1, 1]),
    ]

    @Test("the published table", arguments: table)
    func tabled(row: (amount: Int64, weights: [Int64], parts: [Int64])) {
        #expect(Allocation.split(row.amount, by: row.weights) == row.parts)
    }

    @Test("all weights zero: by the fallback")
    func fallback() {
        #expect(Allocation.split(10, by: [0, 0], fallback: [4, 1]) == [8, 2])
        #expect(Allocation.split(10, by: [0, 0], fallback: [0, 0]) == [5, 5])
    }

    @Test(
        "parts sum exactly, and none exceeds its weight or strays by one from its share",
        arguments: 0..<200 as Range<UInt64>)
    func sums(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<50 {
            let size: Int64 = [10, 1_000, Limits.amountMinor].randomElement(using: &random) ?? 10
            let weights: [Int64] = (0..<Int.random(in: 1...12, using: &random)).map { (_: Int) -> Int64 in
                Int64.random(in: 0...size, using: &random)
            }
            let total: Int64 = weights.reduce(0, +)
            guard total > 0 else { continue }
            let amount = Int64.random(in: 0...total, using: &random)
            let parts = Allocation.split(amount, by: weights)
            #expect(parts.reduce(0, +) == amount, "seed \(seed)")
            for (part, weight) in zip(parts, weights) {
                #expect((0...weight).contains(part), "seed \(seed)")
                let exact: UInt128 = UInt128(amount) * UInt128(weight) / UInt128(total)
                let floor = Int64(exact)
                #expect(part == floor || part == floor + 1, "seed \(seed)")
            }
        }
    }

    @Test(
        "units of a line: any steps sum to the line, and the first units carry the larger part",
        arguments: 0..<200 as Range<UInt64>)
    func units(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let quantity = Int64.random(in: 1...30, using: &random)
        let amount = Int64.random(in: 0...1_000, using: &random)
        let units = (0..<quantity).map {
            Allocation.firstUnits($0 + 1, of: quantity, amount: amount)
                - Allocation.firstUnits($0, of: quantity, amount: amount)
        }
        #expect(units.reduce(0, +) == amount, "seed \(seed)")
        #expect(units == units.sorted(by: >), "seed \(seed)")
        #expect((units.first ?? 0) - (units.last ?? 0) <= 1, "seed \(seed)")
        #expect(units == Allocation.split(amount, by: units.map { _ in 1 }), "seed \(seed)")
    }

    @Test("a line's share is refunded unit by unit, to the cent")
    func refunds() {
        var bench = Bench()
        bench.place("web/1", [.of("A", 3, at: 1_000)]) { $0.claimed.discount = 1_000 }
        bench.pay(2_000)
        for unit in 1...3 { bench.report(.short, [1: 1], document: "S\(unit)") }
        #expect(bench.requests(.refund).map(\.amount) == [667, 667, 666])
        #expect(bench.status() == .cancelled)
        bench.verify()
    }

    @Test("sums that can't be have no payable")
    func payable() {
        #expect(Amounts(goods: 100, discount: 101).payable == nil)
        #expect(Amounts(goods: 100, discount: 101, shipping: 1).payable == 0)
        #expect(Amounts(goods: -1).payable == nil)
        #expect(Amounts(goods: Limits.amountMinor, tax: 1).payable == nil)
        #expect(Amounts(goods: .max, shipping: .max).payable == nil)
    }
}
