/// Finds the smallest part of a failing list that still fails, by delta debugging: large chunks are left out first, then
/// smaller ones, then single elements; then each that is left is made as simple as it can be.
package enum Shrinking {
    /// - Parameters:
    ///   - simpler: simpler forms of an element, the simplest first.
    ///   - tries: how often `fails` is asked at most.
    package static func smallest<Element>(
        of failing: [Element], tries: Int = 1_000, simpler: (Element) -> [Element] = { _ in [] },
        fails: ([Element]) -> Bool
    ) -> [Element] {
        var smallest = failing
        var left = tries
        func stillFails(_ part: [Element]) -> Bool {
            left -= 1
            return left >= 0 && fails(part)
        }
        var hasShrunk = true
        while hasShrunk, left > 0 {
            hasShrunk = false
            var size = max(1, smallest.count / 2)
            while true {
                var start = 0
                while start < smallest.count {
                    var part = smallest
                    part.removeSubrange(start..<min(start + size, part.count))
                    if stillFails(part) {
                        smallest = part
                        hasShrunk = true
                    } else {
                        start += size
                    }
                }
                if size == 1 { break }
                size /= 2
            }
            for index in smallest.indices {
                for form in simpler(smallest[index]) {
                    var part = smallest
                    part[index] = form
                    guard stillFails(part) else { continue }
                    smallest = part
                    hasShrunk = true
                    break
                }
            }
        }
        return smallest
    }
}

extension Law {
    /// The smallest part of a failing history that still breaks the law.
    func shrunk(_ history: History) -> History {
        let steps = Shrinking.smallest(of: history.steps) { step in
            switch step.end {
            case nil: []
            case .done: [step.ending(nil)]
            case .lost, .unacknowledged: [step.ending(nil), step.ending(.done)]
            }
        } fails: { steps in
            !problems(of: history.keeping(steps)).isEmpty
        }
        return history.keeping(steps)
    }
}
