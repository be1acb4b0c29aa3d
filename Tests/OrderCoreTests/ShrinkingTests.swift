import OrderSimulator
import Testing

@Suite("Shrinking a history that fails")
struct ShrinkingTests {
    @Test("what is left is just what it fails of, in its order")
    func smallest() {
        let left = Shrinking.smallest(of: Array(0..<100)) { $0.contains(17) && $0.contains(3) && $0.contains(91) }
        #expect(left == [3, 17, 91])
    }

    @Test("what fails of one thing alone is shrunk to it, what fails of nothing to nothing")
    func extremes() {
        let one = Shrinking.smallest(of: Array(0..<100)) { $0.contains(99) }
        #expect(one == [99])
        let none = Shrinking.smallest(of: Array(0..<100)) { _ in true }
        #expect(none.isEmpty)
    }

    @Test("what is left is as simple as it can be: it fails of its size, whatever it is made of")
    func simpler() {
        let left = Shrinking.smallest(of: [5, 8, 7, 9]) {
            [0, $0 - 1]
        } fails: {
            $0.reduce(0, +) >= 12
        }
        #expect(left.reduce(0, +) == 12)
        #expect(left.count == 2)
    }

    @Test("it gives up after so many tries, with what it has")
    func bounded() {
        var asked = 0
        let left = Shrinking.smallest(of: Array(0..<1_000), tries: 5) { part in
            asked += 1
            return part.contains(999)
        }
        #expect(asked == 5)
        #expect(left.contains(999))
        #expect((2..<1_000).contains(left.count))
    }

    @Test("a regression is the part of its history that it keeps, with the crashes it names")
    func regression() {
        let regression = Regression(
            seed: 1, law: .batching, keeps: [0, 2, 3], cuts: [0], lost: [2], unacknowledged: [3])
        #expect(regression.history.steps.map(\.place) == [0, 2, 3])
        #expect(regression.history.steps.map(\.end) == [.done, .lost, .unacknowledged])
        #expect(
            "\(regression)"
                == "Regression(seed: 1, law: .batching, keeps: [0, 2, 3], cuts: [0], lost: [2], unacknowledged: [3])")
    }
}
