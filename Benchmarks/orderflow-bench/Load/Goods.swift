internal import TradingDay

/// Which SKUs orders are about.
enum Goods {
    /// Few that sell well and many that hardly do.
    case skewed
    /// All alike.
    case uniform
    /// One that stands in every order, beside others.
    case oneHot

    static let count = 20_000
    static let price: Int64 = 4_990
    private static let zipf = Zipf(count)

    static func sku(_ rank: Int) -> String { "SKU-\(100_000 + rank)" }

    /// So many different ones.
    func draw(_ count: Int, _ seed: inout Seed) -> [String] {
        var ranks: [Int] = []
        if case .oneHot = self { ranks.append(0) }
        while ranks.count < count {
            let rank = self == .skewed ? Self.zipf.draw(&seed) : Int(seed.number(0...Int64(Self.count - 1)))
            if !ranks.contains(rank) { ranks.append(rank) }
        }
        return ranks.map(Self.sku)
    }
}

/// The weight of the n-th is 1/n.
private struct Zipf {
    private let sums: [Double]

    init(_ count: Int) {
        var sum = 0.0
        sums = (1...count).map { rank in
            sum += 1 / Double(rank)
            return sum
        }
    }

    /// A rank from 0 on.
    func draw(_ seed: inout Seed) -> Int {
        let point = Double.random(in: 0..<(sums.last ?? 1), using: &seed)
        var (low, high) = (0, sums.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if sums[middle] > point { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
