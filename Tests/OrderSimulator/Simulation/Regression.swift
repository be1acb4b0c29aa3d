/// A history that once broke a law, shrunk: what of a seed's history is left, and where its batches end.
///
/// What a seed says depends on what the business makes of it, so that a mended bug may change the rest of its history: what
/// a regression has found is also a test of its own, in the domain's words.
package struct Regression: Sendable, CustomStringConvertible {
    let seed: UInt64
    let law: Law
    let keeps: [Int]
    let cuts: [Int]
    let lost: [Int]
    let unacknowledged: [Int]

    /// - Parameters:
    ///   - keeps: the places of the messages that are left.
    ///   - cuts: those of them that end a batch.
    ///   - lost: those at which the worker dies before the commit.
    ///   - unacknowledged: those at which it dies between commit and acknowledgement.
    package init(
        seed: UInt64, law: Law, keeps: [Int], cuts: [Int] = [], lost: [Int] = [], unacknowledged: [Int] = []
    ) {
        (self.seed, self.law) = (seed, law)
        (self.keeps, self.cuts, self.lost, self.unacknowledged) = (keeps, cuts, lost, unacknowledged)
    }

    init(_ law: Law, _ history: History) {
        func places(_ end: BatchEnd) -> [Int] { history.steps.filter { $0.end == end }.map(\.place) }
        self.init(
            seed: history.seed, law: law, keeps: history.steps.map(\.place), cuts: places(.done), lost: places(.lost),
            unacknowledged: places(.unacknowledged))
    }

    /// What is left of the history.
    package var history: History {
        let whole = law.history(seed: seed)
        let kept = Set(keeps)
        return whole.keeping(
            whole.steps.filter { kept.contains($0.place) }.map { step in
                let end: BatchEnd? =
                    if cuts.contains(step.place) { .done } else if lost.contains(step.place) {
                        .lost
                    } else if unacknowledged.contains(step.place) { .unacknowledged } else { nil }
                return step.ending(end)
            })
    }

    /// What breaks the law; empty: it is mended.
    package var problems: [String] { law.problems(of: history) }

    /// As it is pasted into the list of regressions.
    package var description: String {
        let ends = [("cuts", cuts), ("lost", lost), ("unacknowledged", unacknowledged)]
            .filter { !$1.isEmpty }.map { ", \($0): \($1)" }.joined()
        return "Regression(seed: \(seed), law: .\(law.rawValue), keeps: \(keeps)\(ends))"
    }
}
