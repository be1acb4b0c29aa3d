import OrderSimulator

extension SeededGenerator {
    /// True so often of a hundred.
    mutating func chance(percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
}
