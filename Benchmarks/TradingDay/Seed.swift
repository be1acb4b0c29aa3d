/// Numbers that look random and are the same for the same seed on every machine (SplitMix64).
public struct Seed: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Starts from a seed.
    public init(_ seed: UInt64) {
        state = seed
    }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }

    /// A number of the range.
    public mutating func number(_ range: ClosedRange<Int64>) -> Int64 {
        Int64.random(in: range, using: &self)
    }

    /// True so often of a hundred.
    mutating func chance(percent: Int64) -> Bool {
        number(1...100) <= percent
    }

    /// One of the weighted choices.
    mutating func pick<Choice>(_ choices: [(Choice, weight: Int64)]) -> Choice {
        precondition(!choices.isEmpty, "there is something to pick from")
        var rest = number(1...choices.reduce(0) { $0 + $1.weight })
        for (choice, weight) in choices {
            rest -= weight
            if rest <= 0 { return choice }
        }
        return choices[choices.count - 1].0
    }
}
